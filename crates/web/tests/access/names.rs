//! A rule on a table governs it under every spelling that reaches it: whatever the rules and
//! however the address is written, an answer is about a table that the model lets its visitor view.

use std::collections::BTreeSet;

use datasette_core::{identifier, tilde};
use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::Question;
use serde_json::{Map, Value as Json, json};

use crate::chance::Chance;
use crate::model::Policy;
use crate::visitors::Visitor;

/// Tables with names that could slip through; none of them is another one in another ASCII case.
const TABLES: &[&str] = &[
    "posts",
    "été",
    "ÉTÉ",
    "with space",
    " leading",
    "trailing ",
    "trailing newline\n",
    "it's",
    "say \"hi\"",
    "br[ack]ets",
    "`tick`",
    "dot.json",
    "per%cent",
    "til~de",
    "slash/es",
    "semi;--",
    "nul~00",
    "tab\tstop",
    "bell\u{7}",
    "\u{130}stanbul",
    "emoji😀",
    "-",
    "123",
    "select",
    "secret",
    "secret ",
    "secret\n",
    "secre",
];

/// The word that only the rows and the schema of one table have.
fn mark(place: usize) -> String {
    format!("mark{place}x")
}

fn sql() -> String {
    let tables = TABLES.iter().enumerate().map(|(place, name)| {
        let (name, mark) = (identifier::quote(name), mark(place));
        format!(
            "create table {name} (id integer primary key, {mark} text);
             insert into {name} values (1, '{mark}');"
        )
    });
    tables.collect()
}

/// The tables that an answer is about.
fn about(answer: &Answer) -> BTreeSet<usize> {
    let body = String::from_utf8_lossy(&answer.body);
    (0..TABLES.len())
        .filter(|place| body.contains(&mark(*place)))
        .collect()
}

fn other_case(chance: &mut Chance, name: &str) -> String {
    let changed = name.chars().map(|letter| match chance.below(3) {
        0 => letter.to_ascii_uppercase(),
        1 => letter.to_ascii_lowercase(),
        _ => letter,
    });
    changed.collect()
}

/// A name of a rule: as it is, in another case, or nearly.
fn in_a_rule(chance: &mut Chance) -> String {
    let name = *chance.one_of(TABLES);
    match chance.below(6) {
        0..=1 => name.to_owned(),
        2..=3 => other_case(chance, name),
        4 => name.to_uppercase(),
        _ => name.trim().to_owned(),
    }
}

fn rules(chance: &mut Chance) -> Json {
    let block = |chance: &mut Chance| {
        let blocks = [
            json!(false),
            json!(true),
            json!({"id": "ann"}),
            json!({"unauthenticated": true}),
        ];
        chance.one_of(&blocks).clone()
    };
    let mut tables = Map::new();
    for _ in 0..chance.below(14) + 2 {
        let name = in_a_rule(chance);
        let block = block(chance);
        let rule = match chance.once_in(2) {
            true => json!({"allow": block}),
            false => json!({"permissions": {"view-table": block}}),
        };
        tables.insert(name, rule);
    }
    let mut database = json!({"tables": tables});
    if chance.once_in(3) {
        database["permissions"] = json!({"view-table": block(chance)});
    }
    json!({"databases": {"data": database}})
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn tildes(text: &str) -> String {
    text.bytes().map(|byte| format!("~{byte:02x}")).collect()
}

/// A segment of a path that may mean the table.
fn spelled(chance: &mut Chance, name: &str) -> String {
    let plain = tilde::encode(name).into_owned();
    match chance.below(18) {
        0..=2 => plain,
        3..=4 => tilde::encode(&other_case(chance, name)).into_owned(),
        5 => tilde::encode(&name.to_uppercase()).into_owned(),
        6 => tilde::encode(&name.to_lowercase()).into_owned(),
        7 => percent(name),
        8 => tildes(name),
        9 => plain.replace('~', "%7E"),
        10 => format!("{plain}~0A"),
        11 => format!("{plain}~20"),
        12 => format!("{plain}~00"),
        13 => tilde::encode(&identifier::quote(name)).into_owned(),
        14 => format!("[{plain}]"),
        15 => format!("main~2E{plain}"),
        16 => plain.to_lowercase(),
        _ => tilde::encode(name.trim()).into_owned(),
    }
}

/// Addresses of what a table holds or is made of; `{}` is the table.
const PATHS: &[&str] = &[
    "/data/{}",
    "/data/{}.json",
    "/data/{}.json?_shape=array&_extra=count",
    "/data/{}.csv",
    "/data/{}.csv?_stream=on",
    "/data/{}/1",
    "/data/{}/1.json",
    "/data/{}/-/schema",
    "/data/{}/-/schema.json",
    "/data/{}/-/schema.md",
    "/data/{}/-/fragment",
    "/data/{}.json?_where=1",
    "/data/-/query.json?sql=select+*+from+%22{}%22",
    "/data/-/query.csv?sql=select+*+from+%5B{}%5D",
    "/data/-/query.json?sql=select+*+from+{}",
];

async fn followed(site: &TestSite, visitor: &Visitor, path: &str) -> Answer {
    let mut path = path.to_owned();
    for _ in 0..4 {
        let answer = site.ask(visitor.asks(site, Question::get(&path))).await;
        match answer.header("location") {
            Some(target) => target.clone_into(&mut path),
            None => return answer,
        }
    }
    panic!("{path} leads in a circle");
}

/// Asks under one set of rules; gives how many answers were about a table, and how many refused.
async fn under_rules(chance: &mut Chance) -> (usize, usize) {
    let policy = Policy {
        config: rules(chance),
        ..Policy::default()
    };
    let site = TestSite::build()
        .database("data", &sql())
        .config(policy.config.clone())
        .start()
        .await;
    let visitors = [
        Visitor::anonymous(),
        Visitor::with_cookie("ann", json!({"id": "ann"})),
        Visitor::with_token(
            "a token",
            "ann",
            json!({"a": ["es", "vd"], "r": {"data": {
                in_a_rule(chance): ["vt"], in_a_rule(chance): ["vt"], in_a_rule(chance): ["vt"],
            }}}),
        ),
    ];
    let (mut told, mut refused) = (0, 0);
    for _ in 0..60 {
        let visitor = chance.one_of(&visitors);
        let who = visitor.actor();
        let allows = |place: usize| {
            policy.allows(
                who.as_ref(),
                "view-table",
                Some("data"),
                Some(TABLES[place]),
            )
        };
        let place = chance.below(TABLES.len());
        let segment = spelled(chance, TABLES[place]);
        let path = chance.one_of(PATHS).replace("{}", &segment);
        let answer = followed(&site, visitor, &path).await;
        let what = format!("{} for {path} under {}", visitor.name, policy.config);
        for table in about(&answer) {
            assert!(allows(table), "{what}: {:?}", TABLES[table]);
            assert_eq!(answer.status, 200, "{what}");
            told += 1;
        }
        refused += usize::from(answer.status == 403);
        // Spelled as it is, the table is found by whoever may view it, and by nobody else.
        if segment == tilde::encode(TABLES[place]) && !path.contains("?sql=") {
            let right = if allows(place) { 200 } else { 403 };
            assert_eq!(answer.status, right, "{what}");
        }
    }
    // And so in lists.
    for visitor in &visitors {
        let who = visitor.actor();
        let answer = site
            .ask(visitor.asks(&site, Question::get("/data.json")))
            .await;
        if answer.status != 200 {
            continue;
        }
        let right: BTreeSet<usize> = (0..TABLES.len())
            .filter(|place| {
                policy.allows(
                    who.as_ref(),
                    "view-table",
                    Some("data"),
                    Some(TABLES[*place]),
                )
            })
            .collect();
        assert_eq!(
            about(&answer),
            right,
            "{} under {}",
            visitor.name,
            policy.config
        );
    }
    (told, refused)
}

// Proves: PERM-25, TOK-22, ROUTE-27, PERM-93
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_spelling_dodges_a_rule() {
    let mut chance = Chance::new(0x5eed);
    let (mut told, mut refused) = (0, 0);
    for _ in 0..36 {
        let (more, less) = under_rules(&mut chance).await;
        told += more;
        refused += less;
    }
    assert!(
        told > 180 && refused > 360,
        "{told} told, {refused} refused"
    );
}
