//! The server's own database, as visitors do not meet it.

use serde_json::Value;

use crate::folder::Folder;

// Proves: INT-01
#[test]
fn nobody_reaches_it_by_its_name() {
    let folder = Folder::new();
    let arguments = ["one.db", "--memory", "--crossdb", "--internal", "own.db"];
    let listed = folder.json(&arguments, "/-/databases.json");
    let listed = listed["databases"].as_array().unwrap().iter();
    let names: Vec<&Value> = listed.map(|database| &database["name"]).collect();
    assert_eq!(names, ["_memory", "one"]);
    for path in [
        "/__INTERNAL__",
        "/__INTERNAL__.json",
        "/__INTERNAL__.db",
        "/__INTERNAL__/queries.json",
        "/__INTERNAL__/-/query.json?sql=select+1",
        "/__internal__.json",
        "/_internal.json",
        "/own.json",
    ] {
        let root = ["--actor", "{\"id\": \"root\"}", "--headers", "--get", path];
        let text = folder.run(&[&arguments[..], &root].concat()).text();
        assert!(text.starts_with("HTTP/1.1 404\n"), "{path}: {text}");
    }
}
