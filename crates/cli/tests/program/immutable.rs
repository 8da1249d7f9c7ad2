//! Files that nobody writes to.

use serde_json::Value;

use crate::folder::Folder;
use crate::server::Server;

fn first(answer: &Value) -> &Value {
    &answer["databases"][0]
}

// Proves: IMM-05
#[test]
fn the_colour_comes_from_the_hash_or_else_from_the_name() {
    let folder = Folder::new();
    let fixed = folder.json(&["-i", "one.db"], "/.json");
    let hash = first(&fixed)["hash"].as_str().unwrap();
    assert_eq!(first(&fixed)["color"], hash[..6]);
    let open = folder.json(&["one.db"], "/.json");
    assert_eq!(first(&open)["hash"], Value::Null);
    // The MD5 of `one` begins like this.
    assert_eq!(first(&open)["color"], "f97c5d");
}

// Proves: IMM-06
#[test]
fn tables_are_counted_once() {
    let folder = Folder::new();
    let counted = |server: &Server| {
        let answer = server.get("/one.json").text();
        let page: Value = serde_json::from_str(&answer).unwrap();
        page["tables"][0]["count"].clone()
    };
    let fixed = Server::start(&folder, &["-i", "one.db", "-p", "0"]);
    let live = Server::start(&folder, &["one.db", "-p", "0"]);
    assert_eq!((counted(&fixed), counted(&live)), (2.into(), 2.into()));
    drop(folder.database("one.db", "insert into t values (3, 'c')"));
    assert_eq!((counted(&fixed), counted(&live)), (2.into(), 3.into()));
}

// Proves: IMM-10
#[test]
fn what_was_inspected_may_still_change() {
    let folder = Folder::new();
    let inspected = ["inspect", "one.db", "--inspect-file", "counts.json"];
    assert_eq!(folder.run(&inspected).code, Some(0));
    let is_mutable = |arguments: &[&str]| {
        let all = [arguments, &["--inspect-file", "counts.json"]].concat();
        let listed = folder.json(&all, "/-/databases.json");
        first(&listed)["is_mutable"].clone()
    };
    assert_eq!(is_mutable(&["one.db"]), true);
    assert_eq!(is_mutable(&["-i", "one.db"]), false);
}

// Proves: IMM-08
#[test]
fn what_was_inspected_is_believed() {
    let folder = Folder::new();
    let inspected = r#"{"one": {"hash": "abcdef01", "size": 77, "tables": {"t": {"count": 5}}}}"#;
    folder.write("counts.json", inspected);
    let arguments = ["-i", "one.db", "--inspect-file", "counts.json"];
    let listed = folder.json(&arguments, "/-/databases.json");
    let database = first(&listed);
    assert_eq!(
        (&database["hash"], &database["size"]),
        (&"abcdef01".into(), &77.into())
    );
    let page = folder.json(&arguments, "/one.json");
    assert_eq!(
        (&page["size"], &page["tables"][0]["count"]),
        (&77.into(), &5.into())
    );
    // IMM-09: of a file that may change, nothing is.
    let live = folder.json(&["one.db", "--inspect-file", "counts.json"], "/one.json");
    assert_eq!(live["tables"][0]["count"], 2);
    assert_ne!(live["size"], 77);
}
