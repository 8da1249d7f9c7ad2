//! Permissions hold inside SQL: who may run it reads with it what they may view, and no more.

#![allow(clippy::unwrap_used)]

mod generate;
mod oracle;
mod paths;

use datasette_testkit::TestSite;
use serde_json::{Value, json};

/// Tables that everybody sees, tables that only Ann sees, and what is made of both. What is hidden
/// speaks of canaries.
pub(crate) const SCHEMA: &str = "
    create table town (id integer primary key, name text, people integer, mayor integer references person(id));
    create table river (id integer primary key, name text, town integer references town(id));
    create table person (id integer primary key, name text, salary integer, town integer references town(id));
    create table note (id integer primary key autoincrement, name text, about integer);
    create view big_town as select id, name, people from town where people > 20;
    create view town_mayor as select town.id, town.name, person.name as mayor from town join person on person.id = town.mayor;
    create view rich as select id, name from town_mayor where mayor like 'c%';
    create virtual table town_search using fts5 (name, content='town', content_rowid='id');
    create virtual table person_search using fts5 (name, content='person', content_rowid='id');
    create virtual table person_word using fts5vocab ('person_search', 'row');
";

/// The rows.
pub(crate) const ROWS: &str = "
    insert into town values (1, 'Ash', 10, 1), (2, 'Birch', 20, 2), (3, 'Cedar', 30, 3), (4, 'Elm', 40, null);
    insert into river values (1, 'Ash', 1), (2, 'Brook', 2), (3, 'Clear', null);
    insert into person values (1, 'canary one', 9001, 1), (2, 'canary two', 9002, 2), (3, 'canary three', 9003, 3);
    insert into note (name, about) values ('canary note', 1), ('another canary', 2);
    insert into town_search (town_search) values ('rebuild');
    insert into person_search (person_search) values ('rebuild');
    analyze;
";

/// The same without what is hidden.
pub(crate) const WITHOUT_HIDDEN_ROWS: &str = "
    insert into town values (1, 'Ash', 10, 1), (2, 'Birch', 20, 2), (3, 'Cedar', 30, 3), (4, 'Elm', 40, null);
    insert into river values (1, 'Ash', 1), (2, 'Brook', 2), (3, 'Clear', null);
    insert into town_search (town_search) values ('rebuild');
    analyze;
";

/// Ann sees everything; everybody may run SQL.
pub(crate) fn configuration() -> Value {
    let ann = json!({"allow": {"id": "ann"}});
    json!({"databases": {"data": {
        "tables": {"person": ann, "NOTE": ann},
        "queries": {
            "vouched": "select name, salary from person order by id",
            "open": "select name from town order by id",
        },
    }}})
}

/// The site with everything in it.
pub(crate) async fn site() -> TestSite {
    TestSite::build()
        .database("data", &format!("{SCHEMA}{ROWS}"))
        .config(configuration())
        .start()
        .await
}

/// The path that runs SQL in a format.
pub(crate) fn query(format: &str, sql: &str) -> String {
    format!("/data/-/query{format}?sql={}", encoded(sql))
}

/// Text as an argument.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            other => format!("%{other:02x}"),
        })
        .collect()
}
