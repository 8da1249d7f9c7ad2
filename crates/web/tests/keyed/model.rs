//! Any calls in any order against a model that knows one table and one list of answers.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use datasette_core::Actor;
use datasette_testkit::TestSite;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value as Json, json};

use crate::{Ears, Hands, call, is_again, rows};

const DAY: u64 = 24 * 60 * 60;

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// Who, under which key, and what.
    Call(usize, usize, What),
    /// Seconds go by.
    Wait(u64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// A name for a row; names are unique.
    Insert(u8),
    /// Rows of that name.
    Delete(u8),
    Nonsense,
}

impl What {
    fn request(&self) -> (&'static str, String) {
        match self {
            Self::Insert(name) => {
                let body = json!({"row": {"name": name.to_string()}, "return": true});
                ("/data/t/-/insert", body.to_string())
            }
            Self::Delete(name) => {
                let sql = format!("delete from t where name = '{name}'");
                let body = json!({"sql": sql}).to_string();
                ("/data/-/execute-write", body)
            }
            Self::Nonsense => ("/data/t/-/insert", "{".to_owned()),
        }
    }
}

/// An answer that is remembered.
struct Answered {
    at: u64,
    what: What,
    status: u16,
    body: Json,
}

#[derive(Default)]
struct Model {
    now: u64,
    /// Names in the order of their rows.
    names: Vec<u8>,
    inserts: usize,
    answered: HashMap<(usize, usize), Answered>,
}

/// What the model expects of a call.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    Again(u16, Json),
    Status(u16),
}

impl Model {
    fn expect(&self, who: usize, key: usize, what: &What) -> Expected {
        let known = self.answered.get(&(who, key));
        if let Some(known) = known.filter(|known| self.now - known.at <= DAY) {
            return match known.what == *what {
                true => Expected::Again(known.status, known.body.clone()),
                false => Expected::Status(422),
            };
        }
        Expected::Status(match what {
            What::Insert(name) if self.names.contains(name) => 400,
            What::Insert(_) => 201,
            What::Delete(_) => 200,
            What::Nonsense => 400,
        })
    }

    fn carry_out(&mut self, who: usize, key: usize, what: &What, status: u16, body: Json) {
        if status >= 400 {
            return;
        }
        match what {
            What::Insert(name) => {
                self.names.push(*name);
                self.inserts += 1;
            }
            What::Delete(name) => self.names.retain(|known| known != name),
            What::Nonsense => {}
        }
        let answered = Answered {
            at: self.now,
            what: what.clone(),
            status,
            body,
        };
        self.answered.insert((who, key), answered);
    }
}

async fn play(steps: Vec<Step>) {
    let (hands, ears) = (Hands::default(), Ears::default());
    let site = TestSite::build()
        .database(
            "data",
            "create table t (id integer primary key, name text unique)",
        )
        .clock(Arc::new(hands.clone()))
        .plugin(Arc::new(ears.clone()))
        .config(json!({"permissions": {
            "insert-row": true, "delete-row": true, "execute-write-sql": true,
        }}));
    let site = site.root().start().await;
    let who = [
        None,
        Some(Actor::with_id("ann")),
        Some(Actor::with_id("root")),
    ];
    let mut model = Model::default();
    for step in steps {
        let (by, key, what) = match step {
            Step::Call(by, key, what) => (by, key, what),
            Step::Wait(seconds) => {
                hands.forward(Duration::from_secs(seconds));
                model.now += seconds;
                continue;
            }
        };
        let expected = model.expect(by, key, &what);
        let (path, body) = what.request();
        let question = call(&site, who[by].as_ref(), &format!("k{key}"), path, &body);
        let question = question.header("content-type", "application/json");
        let answer = site.ask(question).await;
        match expected {
            Expected::Again(status, body) => {
                assert!(is_again(&answer), "{what:?}");
                assert_eq!((answer.status, answer.json()), (status, body));
            }
            Expected::Status(status) => {
                assert!(!is_again(&answer), "{what:?}");
                assert_eq!(answer.status, status, "{}", answer.text());
                model.carry_out(by, key, &what, status, answer.json());
            }
        }
        let names: Vec<Json> = model
            .names
            .iter()
            .map(|name| json!([name.to_string()]))
            .collect();
        let found = rows(&site, "select name from t order by id").await;
        assert_eq!(found, Json::Array(names));
        let inserts = ears.heard();
        assert_eq!(inserts, model.inserts);
    }
}

fn step() -> impl Strategy<Value = Step> {
    let what = prop_oneof![
        4 => (0..3_u8).prop_map(What::Insert),
        2 => (0..3_u8).prop_map(What::Delete),
        1 => Just(What::Nonsense),
    ];
    let wait = prop_oneof![Just(DAY / 2), Just(DAY), Just(DAY + 1), Just(1)];
    prop_oneof![
        6 => (0..3_usize, 0..3_usize, what).prop_map(|(who, key, what)| Step::Call(who, key, what)),
        1 => wait.prop_map(Step::Wait),
    ]
}

// Proves: WRITE-155, WRITE-156, WRITE-158, WRITE-159, WRITE-160
#[test]
fn calls_do_what_a_list_of_answers_says() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(Config {
        cases: 12,
        failure_persistence: None,
        ..Config::default()
    });
    let steps = proptest::collection::vec(step(), 1..30);
    let played = runner.run(&steps, |steps| {
        runtime.block_on(play(steps));
        Ok(())
    });
    played.unwrap();
}
