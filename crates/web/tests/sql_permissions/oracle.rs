//! Thousands of made-up statements: what a visitor reads is what is left of the database when the
//! hidden rows are deleted from it, and all that reads of them is refused.

use datasette_testkit::{Answer, TestSite};
use serde_json::Value;

use crate::generate::{Made, Statements};
use crate::{ROWS, SCHEMA, WITHOUT_HIDDEN_ROWS, configuration, encoded, query};

/// Statements of each seed.
const STATEMENTS: usize = 1_300;

struct Worlds {
    /// All rows; the visitor may not view some tables.
    real: TestSite,
    /// Only what the visitor may view; nothing is forbidden.
    oracle: TestSite,
}

impl Worlds {
    async fn new() -> Self {
        let real = TestSite::build()
            .database("data", &format!("{SCHEMA}{ROWS}"))
            .config(configuration())
            .start()
            .await;
        let oracle = TestSite::with(&format!("{SCHEMA}{WITHOUT_HIDDEN_ROWS}")).await;
        Self { real, oracle }
    }

    /// Asks both; gives the real status.
    async fn compare(&self, path: &str, made: &Made) -> u16 {
        let real = self.real.get(path).await;
        let sql = &made.sql;
        let oracle = self.oracle.get(path).await;
        assert!(!real.text().contains("canary"), "{sql}\n{}", real.text());
        // What names a hidden table may still not read it: SQLite leaves out what nobody needs.
        // Then the answer does not depend on it either.
        if real.status == 403 {
            assert!(made.hides, "{sql}");
            return 403;
        }
        assert_eq!(real.status, oracle.status, "{sql}\n{}", real.text());
        assert_eq!(rows(&real), rows(&oracle), "{sql}");
        real.status
    }
}

/// The rows, sorted, since nobody asked for an order; errors word by word.
fn rows(answer: &Answer) -> Vec<String> {
    if answer
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("text/plain"))
    {
        let mut lines: Vec<String> = answer.text().lines().map(str::to_owned).collect();
        lines.sort();
        return lines;
    }
    let json = answer.json();
    let mut rows: Vec<String> = match &json["rows"] {
        Value::Array(rows) => rows.iter().map(Value::to_string).collect(),
        _ => vec![json["error"].to_string()],
    };
    rows.sort();
    rows
}

async fn play(seed: u64) {
    let worlds = Worlds::new().await;
    let mut statements = Statements::new(seed);
    let (mut refused, mut answered, mut mistaken) = (0, 0, 0);
    for _ in 0..STATEMENTS {
        let (made, path) = match statements.chance().below(4) {
            0 => {
                let made = statements.condition();
                let path = format!("/data/town.json?_where={}", encoded(&made.sql));
                (made, path)
            }
            1 => {
                let made = statements.statement();
                let path = query(".csv", &made.sql) + "&_stream=on";
                (made, path)
            }
            _ => {
                let made = statements.statement();
                let path = query(".json", &made.sql);
                (made, path)
            }
        };
        match worlds.compare(&path, &made).await {
            403 => refused += 1,
            200 => answered += 1,
            _ => mistaken += 1,
        }
    }
    // The statements are worth something.
    assert!(refused > STATEMENTS / 6, "{refused} refused");
    assert!(answered > STATEMENTS / 3, "{answered} answered");
    assert!(mistaken < STATEMENTS / 6, "{mistaken} mistaken");
}

#[tokio::test]
async fn no_cell_leaks_from_the_first_thousand_statements() {
    play(1).await;
}

#[tokio::test]
async fn no_cell_leaks_from_the_second_thousand_statements() {
    play(2).await;
}

#[tokio::test]
async fn no_cell_leaks_from_the_third_thousand_statements() {
    play(3).await;
}

#[tokio::test]
async fn no_cell_leaks_from_the_fourth_thousand_statements() {
    play(4).await;
}
