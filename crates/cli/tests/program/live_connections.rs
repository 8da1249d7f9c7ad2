//! Connections of the server in the hands of Python plugins, and databases that plugins bring.
//!
//! What is expected here is what the same plugin sees in the original.

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::folder::Folder;
use crate::python::{command, serve};
use crate::server::Server;

const PLUGIN: &str = include_str!("live_connections/plugin.py");
const RUDE: &str = include_str!("live_connections/rude.py");
const UTILS: &str = include_str!("live_connections/utils_script.py");

fn folder() -> Folder {
    let folder = Folder::new();
    let make = |name: &str, sql: &str| {
        let connection = Connection::open(folder.path(name)).unwrap();
        connection.execute_batch(sql).unwrap();
    };
    make(
        "data.db",
        "create table plain (id integer primary key, name text, secret text, data blob);
         insert into plain values (1, 'a', 's', x'0102030405'), (2, 'b', 't', null),
             (3, 'c', 'u', null);
         create table wrapped (a);",
    );
    make(
        "other.db",
        "create table t (a, b); insert into t values (1, 2)",
    );
    folder
}

fn tried(topic: &str) -> Value {
    let folder = folder();
    let server = serve(&folder, &[("plugin.py", PLUGIN)], &["data.db"]);
    let answer = server.get(&format!("/-/try/{topic}"));
    assert_eq!(answer.status(), 200, "{}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

fn assert_all(found: &Value, expected: &[(&str, Value)]) {
    for (name, expected) in expected {
        assert_eq!(&found[name], expected, "{name}");
    }
}

// Proves: API-132..API-134, API-137, API-138, API-165, API-166, OOP-01, OOP-07
#[test]
fn callbacks_read_with_a_connection_as_sqlite3_has_it() {
    let found = tried("reading");
    assert_all(
        &found,
        &[
            (
                "kinds",
                json!(
                    "[True, True, (1, 'two', None, b'\\x04'), 1, b'\\x04', \
                     ['One', 'two', 'three', 'four'], False, '']"
                ),
            ),
            ("later", json!("[1, 3, 10, 12502434, None]")),
            (
                "bytes",
                json!(
                    "[('ok', '\u{fffd}A'), (b'ok', b'\\xffA'), \"OperationalError: Could not decode \
                     to UTF-8 column 'b' with text '\u{fffd}A'\"]"
                ),
            ),
            (
                "functions",
                json!(
                    "['A!', 6, ['c', 'b', 'a'], 'OperationalError: user-defined function raised \
                     exception (SQLITE_ERROR)', 'OperationalError: no such collation sequence: \
                     backwards (SQLITE_ERROR_MISSING_COLLSEQ)']"
                ),
            ),
            (
                "copies",
                json!("[3, 3, b'SQLite format 3', [5, b'\\x01\\x02', 1, b'\\x04\\x05']]"),
            ),
            (
                "watched",
                json!(
                    "['DatabaseError: access to plain.secret is prohibited (SQLITE_AUTH)', 'a', \
                     [(21, None, None, None, None), (20, 'plain', 'name', 'main', None), (20, \
                     'plain', 'id', 'main', None)], 's', ['select 1 + 1'], 'OperationalError: \
                     interrupted (SQLITE_INTERRUPT)']"
                ),
            ),
            (
                "interrupted",
                json!("'OperationalError: interrupted (SQLITE_INTERRUPT)'"),
            ),
            ("temporary", json!("1")),
            ("cursor kept", json!([1, 2, 3])),
            ("adapted", json!("'2026-01-02'")),
            ("raises", json!("IndexError: list index out of range")),
            (
                "interrupts",
                json!("QueryInterrupted: QueryInterrupted: interrupted"),
            ),
            ("truncates", json!([[1000, true], [3000, false]])),
            ("positional", json!("'ab'")),
            ("named", json!("'cd'")),
            (
                "error",
                json!("OperationalError: no such column: nope (SQLITE_ERROR)"),
            ),
        ],
    );
    let wrong = found["wrong"].as_str().unwrap();
    for words in [
        "OperationalError: no such column: nope (SQLITE_ERROR)",
        "ProgrammingError: Incorrect number of bindings supplied. The current statement uses 1, and \
         there are 0 supplied.",
        "ProgrammingError: You did not supply a value for binding parameter :a.",
        "OverflowError: Python int too large to convert to SQLite INTEGER",
        "OperationalError: attempt to write a readonly database (SQLITE_READONLY)",
        "IndexError: No item with that key",
    ] {
        assert!(wrong.contains(words), "{words}: {wrong}");
    }
}

// Proves: API-139..API-142, API-144..API-149, API-167, API-168, OOP-02
#[test]
fn callbacks_write_in_the_transaction_and_the_order_of_all_writes() {
    let found = tried("writing");
    assert_all(
        &found,
        &[
            ("utils", json!("(150, True)")),
            ("fails", json!("ValueError: on purpose")),
            (
                "commits early",
                json!("ValueError: after a commit, False, True"),
            ),
            ("tells", json!("'told'")),
            ("tells and fails", json!("ValueError: no event")),
            ("alone", json!("[None, False, 'IMMEDIATE']")),
            (
                "deferred",
                json!(
                    "IntegrityError: FOREIGN KEY constraint failed (SQLITE_CONSTRAINT_FOREIGNKEY)"
                ),
            ),
            (
                "unique",
                json!(
                    "IntegrityError: UNIQUE constraint failed: plain.id \
                     (SQLITE_CONSTRAINT_PRIMARYKEY)"
                ),
            ),
            ("many", json!([1100, "Cursor", -1])),
            (
                "answers",
                json!([
                    [2, false, [], [], false],
                    [-1, true, [[1, "a"], [2, "b"]], [], true],
                    [3, false, [[1], [2], [3]], [], true],
                    [-1, false, [], [], false]
                ]),
            ),
            (
                "time",
                json!("QueryInterrupted: QueryInterrupted: interrupted"),
            ),
            ("limit", json!("ValueError: returning_limit must be >= 0")),
            ("order", json!(["UUID", ["first", "second"]])),
            (
                "vacuum",
                json!("OperationalError: cannot VACUUM from within a transaction (SQLITE_ERROR)"),
            ),
            ("vacuum outside", json!(-1)),
            ("names", json!("'early,told,alone,r1,r2'")),
            ("events", json!(["told"])),
        ],
    );
}

// Proves: HOOK-200..HOOK-207, OOP-06
#[test]
fn generators_stand_around_writes() {
    let found = tried("wrapping");
    let before = ["outer before True True True", "inner before True True True"];
    let missing = "OperationalError: no such table: nowhere (SQLITE_ERROR)";
    let failed = [
        before[0],
        before[1],
        "inner failed no such table: nowhere",
        "outer failed no such table: nowhere",
    ];
    let log = |how: &str| {
        let entries = found[how][2].as_array().unwrap().iter();
        entries
            .map(|entry| entry.as_str().unwrap())
            .collect::<Vec<_>>()
    };
    let outcomes = |how: &str| [&found[how][0], &found[how][1]];
    let well = [before[0], before[1], "inner after 1", "outer after 1"];
    assert_eq!(outcomes("plain"), ["1", missing]);
    assert_eq!(log("plain"), [&well[..], &failed].concat());
    assert_eq!(found["plain"][3], json!(["plain", "inner", "outer"]));
    let prevented = [before[0], before[1], "outer failed prevented"];
    assert_eq!(outcomes("prevent"), ["Forbidden: prevented"; 2]);
    assert_eq!(log("prevent"), [prevented, prevented].concat());
    assert_eq!(outcomes("swallow"), ["1", missing]);
    assert_eq!(log("swallow"), [&well[..], &failed].concat());
    assert_eq!(outcomes("replace"), ["1", "ValueError: replaced"]);
    assert_eq!(
        outcomes("fail after"),
        ["ValueError: failed after", missing]
    );
    assert_eq!(
        log("fail after")[..4],
        [
            before[0],
            before[1],
            "inner after 1",
            "outer failed failed after"
        ]
    );
    assert_eq!(
        found["authorizer"][0],
        "DatabaseError: not authorized (SQLITE_AUTH)"
    );
    assert_eq!(outcomes("silent"), ["1", missing]);
    assert_eq!(log("silent"), [before, before].concat());
    let rows = found["silent"][3].as_array().unwrap();
    let count = |name: &str| rows.iter().filter(|row| **row == *name).count();
    // What was prevented, failed afterwards or not authorized left nothing.
    let kept = [
        "plain",
        "prevent",
        "swallow",
        "replace",
        "fail after",
        "authorizer",
        "silent",
    ];
    assert_eq!(kept.map(count), [1, 0, 1, 1, 0, 0, 1]);
    assert_eq!((count("inner"), count("outer")), (3, 3));
    // A script has no transaction around it; a connection of its own has no wrapper.
    let others = json!([
        "outer before False False True",
        "inner before False False True",
        "inner after True",
        "outer after True"
    ]);
    assert_eq!(found["others"], others);
}

// Proves: API-45, API-47..API-50, API-128, API-129, API-131, OOP-03
#[test]
fn plugins_bring_databases_and_take_them_away() {
    let found = tried("attaching");
    assert_all(
        &found,
        &[
            (
                "names",
                json!(["data", "shared", "own", "shared_2", "_temp_disk", "inside"]),
            ),
            ("rows", json!("1")),
            ("doubled", json!(["shared_2", "shared_2"])),
            (
                "status",
                json!({"/shared/a.json": 200, "/own-route/t.json": 200, "/own/t.json": 404,
                    "/shared_2.json": 200, "/inside.json": 200, "/_temp_disk/disk.json": 200}),
            ),
            ("same", json!([true, true, true, "inside", true])),
            ("route", json!([404, 200])),
            (
                "removed",
                json!([
                    404,
                    "DatasetteClosedError: Database 'own' has been closed",
                    "DatasetteClosedError: Database 'own' has been closed",
                    "KeyError: 'own'",
                    "KeyError: 'own'",
                    ["data", "shared", "shared_2", "_temp_disk", "inside"]
                ]),
            ),
            ("loose", json!(["1", 64, "(1,)"])),
            ("tables", json!(["shared.a"])),
        ],
    );
    let own = found["own"].as_array().unwrap();
    assert_eq!(
        own[..3],
        [json!(["a", "b"]), json!(true), json!("own-route")]
    );
    let shown = own[3].as_str().unwrap();
    assert!(
        shown.starts_with("<Database: own (mutable, size="),
        "{shown}"
    );
    let facts = found["facts"].as_array().unwrap();
    assert_eq!(
        facts[..5],
        [json!(0), Value::Null, Value::Null, json!(true), Value::Null]
    );
}

#[test]
fn a_callback_may_wait_for_others() {
    assert_eq!(tried("nested"), json!({"reads": "0"}));
}

// Proves: OOP-01
#[test]
fn sqlite_utils_does_what_it_does_on_a_connection_of_its_own() {
    let folder = folder();
    let server = serve(&folder, &[("utils_script.py", UTILS)], &["data.db"]);
    let answer = server.get("/-/utils");
    let found: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(found["steps"], 23, "{}", answer.text());
    assert_eq!(found["differ"], json!([]));
    assert_eq!(found["differ outside"], json!([]));
    let row = json!([{"id": 2, "title": "BOOK 2", "price": "0.5", "remark": "none"}]);
    assert_eq!(found["pages"], json!([row, row]));
}

fn names(server: &Server) -> Value {
    let answer = server.get("/-/rude/names");
    serde_json::from_slice(&answer.body).unwrap()
}

#[test]
fn a_callback_that_keeps_its_connection_loses_it() {
    let folder = folder();
    let mut command = command(&folder, &[("rude.py", RUDE)], &["data.db"]);
    command.env("DATASETTE_PLUGIN_TIMEOUT", "1");
    let mut server = Server::spawn(command);
    let told = |server: &mut Server| {
        let mut line = server.news();
        while !line.contains("loses a connection") {
            assert!(!line.is_empty());
            line = server.news();
        }
        line
    };
    assert_eq!(server.get("/-/rude/hang").text(), "written");
    let line = told(&mut server);
    assert!(line.contains("said nothing for 2 seconds"), "{line}");
    // One that waits for itself is undone, and what it waited for is done.
    let answer = server.get("/-/rude/itself").text();
    assert!(answer.contains("what it did there is undone"), "{answer}");
    told(&mut server);
    assert_eq!(names(&server), json!(["a", "b", "c", "after", "inner"]));
}

#[test]
fn what_a_process_did_that_dies_is_undone() {
    let folder = folder();
    let server = serve(&folder, &[("rude.py", RUDE)], &["data.db"]);
    assert_eq!(server.get("/-/rude/die").status(), 500);
    assert_eq!(server.get("/data/plain.json?_size=1").status(), 200);
    assert_eq!(names(&server), json!(["a", "b", "c"]));
}
