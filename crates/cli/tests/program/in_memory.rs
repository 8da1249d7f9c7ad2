//! `/_memory`, alone and with other databases attached.

use serde_json::json;

use crate::folder::Folder;
use crate::server::Server;

// Proves: XDB-08
#[test]
fn only_files_are_attached() {
    let folder = Folder::new();
    let path = "/_memory/-/query.json?_shape=arrayfirst&sql=select+name+from+pragma_database_list";
    let attached = folder.json(&["one.db", "--memory", "--crossdb"], path);
    assert_eq!(attached, json!(["main", "one"]));
    let alone = folder.json(&["--crossdb"], path);
    assert_eq!(alone, json!(["main"]));
}

// Proves: MEM-02
#[test]
fn nothing_stays_in_memory() {
    let folder = Folder::new();
    let server = Server::start(&folder, &["--memory", "-p", "0"]);
    for sql in ["create+table+t+(a)", "create+temp+table+t+(a)"] {
        let refused = server.get(&format!("/_memory/-/query.json?sql={sql}"));
        assert_ne!(refused.status(), 200, "{sql}");
    }
    let path = "/_memory/-/query.json?_shape=arrayfirst&sql=select+count(*)+from+sqlite_master";
    assert_eq!(server.get(path).text(), "[0]");
    // Another process with the same database sees another one.
    assert_eq!(folder.json(&["--memory"], path), json!([0]));
    assert!(
        folder
            .files_in("")
            .iter()
            .all(|name| !name.contains("memory"))
    );
}

// Proves: MEM-03
#[test]
fn the_old_name_leads_to_the_new_one() {
    let folder = Folder::new();
    let moved = |arguments: &[&str], path: &str| {
        let ran = folder.run(&[arguments, &["--get", path, "--headers"]].concat());
        let text = ran.text();
        assert!(text.starts_with("HTTP/1.1 301\n"), "{text}");
        let mut lines = text.lines();
        let place = lines.find_map(|line| line.strip_prefix("location: "));
        place.unwrap().to_owned()
    };
    assert_eq!(moved(&[], "/:memory:"), "/_memory");
    let query = "/:memory:/-/query.json?sql=select+1&_shape=array";
    assert_eq!(moved(&[], query), query.replace(":memory:", "_memory"));
    let prefixed = ["--setting", "base_url", "/p/"];
    assert_eq!(moved(&prefixed, "/p/:memory:"), "/p/_memory");
}
