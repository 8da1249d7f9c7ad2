//! `datasette inspect`: hashes and exact counts as JSON.

use serde_json::{Value, json};

use crate::folder::Folder;

// Proves: CLI-170, CLI-172, CLI-173, CLI-174
#[test]
fn every_table_is_counted_and_the_file_is_hashed() {
    let folder = Folder::new();
    folder.directory("deep");
    drop(folder.database(
        "deep/one.db",
        "create table many (x); create table \"é 😀\" (x); create view v as select 1;
         create virtual table words using fts5(body);
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 12000)
         insert into many select i from n;",
    ));
    let ran = folder.run(&["inspect", "one.db", "deep/one.db"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let text = ran.text();
    let beginning = "{\n  \"one\": {\n    \"hash\": \"";
    assert!(text.starts_with(beginning), "{text}");
    assert!(text.ends_with("\n  }\n}"), "{text}");
    assert!(
        text.contains("\"\\u00e9 \\ud83d\\ude00\": {\n        \"count\": 0\n      }"),
        "{text}"
    );
    let found: Value = serde_json::from_str(&text).unwrap();
    let names: Vec<&String> = found.as_object().unwrap().keys().collect();
    assert_eq!(names, ["one", "one_2"]);
    let (one, deep) = (&found["one"], &found["one_2"]);
    assert_eq!(
        (&one["file"], &deep["file"]),
        (&json!("one.db"), &json!("deep/one.db"))
    );
    let size = std::fs::metadata(folder.path("one.db")).unwrap().len();
    assert_eq!(one["size"], size);
    let listed = folder.json(&["-i", "one.db"], "/-/databases.json");
    assert_eq!(one["hash"], listed["databases"][0]["hash"]);
    assert_eq!(one["tables"], json!({"t": {"count": 2}}));
    assert_eq!(deep["tables"]["many"]["count"], 12000);
    let tables: Vec<&String> = deep["tables"].as_object().unwrap().keys().collect();
    let expected = [
        "many",
        "é 😀",
        "words",
        "words_data",
        "words_idx",
        "words_content",
        "words_docsize",
        "words_config",
    ];
    assert_eq!(tables, expected);
}

// Proves: CLI-171, CLI-176, IMM-07, IMM-08
#[test]
fn what_is_written_can_be_served_with() {
    let folder = Folder::new();
    drop(folder.database(
        "large.db",
        "create table many (x);
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 12000)
         insert into many select i from n;",
    ));
    let ran = folder.run(&["inspect", "large.db", "--inspect-file", "found.json"]);
    assert_eq!(
        (ran.code, ran.text().as_str(), ran.err.as_str()),
        (Some(0), "", "")
    );
    let text = std::fs::read_to_string(folder.path("found.json")).unwrap();
    assert_eq!(text, folder.run(&["inspect", "large.db"]).text());
    let path = "/large/many.json?_extra=count,count_truncated&_size=1";
    let unknown = folder.json(&["-i", "large.db"], path);
    assert_eq!(
        (&unknown["count"], &unknown["count_truncated"]),
        (&json!(10001), &json!(true))
    );
    let known = folder.json(&["-i", "large.db", "--inspect-file", "found.json"], path);
    assert_eq!(
        (&known["count"], &known["count_truncated"]),
        (&json!(12000), &json!(false))
    );

    let nothing = folder.run(&["inspect"]).text();
    let expected = "{\n  \"_memory\": {\n    \"hash\": null,\n    \"size\": 0,\n    \"file\": null,\n    \"tables\": {}\n  }\n}";
    assert_eq!(nothing, expected);
}

// Proves: CLI-173
#[test]
fn a_table_that_cannot_be_counted_counts_as_empty() {
    let folder = Folder::new();
    drop(folder.database(
        "odd.db",
        "create table source (id integer primary key, body);
         create virtual table words using fts5(body, content='gone', content_rowid='id');",
    ));
    let found: Value = serde_json::from_slice(&folder.run(&["inspect", "odd.db"]).out).unwrap();
    assert_eq!(found["odd"]["tables"]["words"]["count"], 0);
}

// Proves: CLI-175, CLI-177
#[test]
fn what_cannot_be_inspected_is_told() {
    let folder = Folder::new();
    let usage = "Usage: datasette inspect [OPTIONS] [FILES]...\n\
                 Try 'datasette inspect --help' for help.\n\nError: ";
    assert_eq!(
        folder.refused(&["inspect", "one.db", "missing.db"], 2),
        format!("{usage}Invalid value for '[FILES]...': Path 'missing.db' does not exist.")
    );
    assert_eq!(
        folder.refused(&["inspect", "."], 1),
        "Error: Connection to . failed check: this is a directory, not a database file"
    );
    folder.write(
        "text.db",
        "This is no database, however long it may be. ".repeat(50),
    );
    assert_eq!(
        folder.refused(&["inspect", "text.db"], 1),
        "Error: Connection to text.db failed check: file is not a database"
    );
    assert_eq!(
        folder.refused(
            &["inspect", "one.db", "--inspect-file", "nowhere/x.json"],
            1
        ),
        "Error: Could not write nowhere/x.json: No such file or directory"
    );
    spatial(&folder);
    let refused = folder.refused(&["inspect", "spatial.db"], 1);
    let expected =
        "Error: Connection to spatial.db failed check: no such module: VirtualSpatialIndex";
    assert!(refused.starts_with(expected), "{refused}");
    assert_eq!(
        folder.refused(&["inspect", "one.db", "--load-extension", "./nosuch"], 1),
        "Error: ./nosuch.so: cannot open shared object file: No such file or directory"
    );
}

/// A database with a table that only SpatiaLite knows.
pub(crate) fn spatial(folder: &Folder) {
    drop(folder.database(
        "spatial.db",
        "create table t (x);
         pragma writable_schema = 1;
         insert into sqlite_schema values ('table', 'SpatialIndex', 'SpatialIndex', 0,
             'CREATE VIRTUAL TABLE SpatialIndex USING VirtualSpatialIndex()');",
    ));
}
