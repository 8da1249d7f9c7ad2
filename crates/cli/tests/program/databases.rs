//! Which databases are served, and under which names.

use serde_json::Value;

use crate::folder::Folder;

fn listed(folder: &Folder, arguments: &[&str]) -> Vec<Value> {
    let answer = folder.json(arguments, "/-/databases.json");
    answer["databases"].as_array().unwrap().clone()
}

fn names(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let listed = listed(folder, arguments);
    listed
        .iter()
        .map(|database| database["name"].as_str().unwrap().to_owned())
        .collect()
}

// Proves: CLI-02, CLI-32, CLI-69, CLI-70, MEM-01
#[test]
fn names_and_order() {
    let folder = Folder::new();
    folder.directory("nested");
    std::fs::copy(folder.path("one.db"), folder.path("nested/one.db")).unwrap();
    folder.write("we ird.name.sqlite", "");
    assert_eq!(names(&folder, &[]), ["_memory"]);
    assert_eq!(names(&folder, &["one.db", "--memory"]), ["_memory", "one"]);
    let arguments = ["nested/one.db", "one.db", "-i", "we ird.name.sqlite"];
    assert_eq!(names(&folder, &arguments), ["one", "one_2", "we ird.name"]);
    let memory = &listed(&folder, &[])[0];
    assert_eq!(memory["is_memory"], true);
    assert_eq!(memory["is_mutable"], false);
    assert_eq!(memory["path"], Value::Null);
}

// Proves: CLI-61
#[test]
fn missing_files_are_created_whole() {
    let folder = Folder::new();
    let before = std::fs::read(folder.path("one.db")).unwrap();
    let names = names(&folder, &["--create", "new.db", "one.db"]);
    assert_eq!(names, ["new", "one"]);
    let new = std::fs::read(folder.path("new.db")).unwrap();
    assert_eq!(new.len(), 4096);
    assert!(new.starts_with(b"SQLite format 3\0"));
    assert_eq!(std::fs::read(folder.path("one.db")).unwrap(), before);
    let message = folder.refused(&["--create", "nowhere/new.db"], 1);
    assert_eq!(
        message,
        "Error: Connection to nowhere/new.db failed check: there is no folder 'nowhere'"
    );
}

// Proves: CLI-62
#[test]
fn an_empty_file_is_an_empty_database() {
    let folder = Folder::new();
    folder.write("empty.db", "");
    let listed = listed(&folder, &["empty.db"]);
    assert_eq!(listed[0]["size"], 0);
    let page = folder.json(&["empty.db"], "/empty.json");
    assert_eq!(page["tables"], serde_json::json!([]));
}

// Proves: IMM-02, IMM-03, CLI-72
#[test]
fn immutable_files_have_a_hash() {
    let folder = Folder::new();
    let listed = listed(&folder, &["one.db", "-i", "one.db"]);
    assert_eq!(listed.len(), 2);
    for (database, name) in listed.iter().zip(["one", "one_2"]) {
        assert_eq!(database["name"], name);
        assert_eq!(database["is_mutable"], false);
        assert_eq!(database["hash"].as_str().unwrap().len(), 64);
    }
}

// Proves: CLI-74
#[cfg(unix)]
#[test]
fn a_link_keeps_its_own_name() {
    let folder = Folder::new();
    std::os::unix::fs::symlink("one.db", folder.path("sym.db")).unwrap();
    let listed = listed(&folder, &["sym.db"]);
    assert_eq!(listed[0]["name"], "sym");
    assert_eq!(listed[0]["path"], "sym.db");
}

// Proves: CLI-47, XDB-01, XDB-02, XDB-05..XDB-08
#[test]
fn queries_across_databases() {
    let folder = Folder::new();
    drop(folder.database(
        "many space.db",
        "create table u (x); insert into u values (5)",
    ));
    let question = "/_memory/-/query.json?_shape=arrays&sql=select+name,x+from+one.t+join+[many+space].u+where+id=1";
    let files = ["one.db", "-i", "many space.db"];
    let answer = folder.json(&[&files[..], &["--crossdb"]].concat(), question);
    assert_eq!(answer["rows"], serde_json::json!([["a", 5]]));
    let names = "/_memory/-/query.json?_shape=arrayfirst&sql=select+name+from+pragma_database_list";
    let names = folder.json(&[&files[..], &["--crossdb"]].concat(), names);
    assert_eq!(names, serde_json::json!(["main", "one", "many space"]));
    let without = folder.run(&[&files[..], &["--memory", "--get", question]].concat());
    assert_eq!(without.code, Some(1));
    let page = folder.run(&[&files[..], &["--crossdb", "--get", "/_memory"]].concat());
    assert!(page.text().contains("many space"), "{}", page.text());
}

// Proves: XDB-03, XDB-04
#[test]
fn at_most_ten_databases_are_attached() {
    let folder = Folder::new();
    let files: Vec<String> = (0..11).map(|number| format!("d{number}.db")).collect();
    for file in &files {
        drop(folder.database(file, "create table t (x)"));
    }
    let mut arguments: Vec<&str> = files.iter().map(String::as_str).collect();
    arguments.extend(["--crossdb", "--get"]);
    let with = |path| folder.run(&[&arguments[..], &[path]].concat());
    let last = with("/_memory/-/query.json?sql=select+*+from+d9.t");
    assert_eq!(last.code, Some(0), "{}", last.text());
    assert_eq!(
        last.err,
        "Warning: --crossdb only works with the first 10 attached databases\n"
    );
    assert_eq!(
        with("/_memory/-/query.json?sql=select+*+from+d10.t").code,
        Some(1)
    );
}

// Proves: CLI-150, CLI-152, CLI-153, CLI-154, CLI-158, DEP-02
#[test]
fn a_directory_is_a_site() {
    let folder = Folder::new();
    folder.directory("site/templates");
    drop(folder.database("site/inner.db", "create table u (x)"));
    folder.write("site/datasette.yaml", "settings:\n  default_page_size: 7\n");
    folder.write("site/templates/index.html", "our own page");
    assert_eq!(names(&folder, &["site", "one.db"]), ["one", "inner"]);
    let settings = folder.json(&["site"], "/-/settings.json");
    assert_eq!(settings["default_page_size"], 7);
    let replaced = folder.json(&["site", "-s", "max_csv_mb", "1"], "/-/settings.json");
    assert_eq!(replaced["default_page_size"], 100);
    assert_eq!(folder.run(&["site", "--get", "/"]).text(), "our own page\n");
    let twice = folder.refused(&["site", "site/inner.db"], 1);
    assert!(
        twice.starts_with("Error: Duplicate database file: "),
        "{twice}"
    );
}

// Proves: CLI-27, CLI-58, CLI-157, IMM-07..IMM-10, COUNT-03, DB-07
#[test]
fn what_was_counted_before_is_not_counted_again() {
    let folder = Folder::new();
    let known = r#"{"one": {"hash": "abc123", "size": 1, "file": "one.db",
        "tables": {"t": {"count": 12000}}}}"#;
    folder.write("known.json", known);
    let inspected = ["-i", "one.db", "--inspect-file", "known.json"];
    let count = |arguments: &[&str], filter: &str| {
        let page = folder.json(arguments, &format!("/one/t.json?_extra=count{filter}"));
        (
            page["count"].as_u64().unwrap(),
            page["count_truncated"].as_bool().unwrap(),
        )
    };
    // The number is taken as it is, also beyond the limit of counting.
    assert_eq!(count(&inspected, ""), (12_000, false));
    assert_eq!(
        count(&inspected, "&_size=1&_sort_desc=name"),
        (12_000, false)
    );
    assert_eq!(count(&inspected, "&id=1"), (1, false));
    // It costs nothing to know, so it is told also to those who would go without.
    assert_eq!(count(&inspected, "&_nocount=1"), (12_000, false));
    let table = folder.json(&inspected, "/one.json")["tables"][0].take();
    assert_eq!(
        (&table["count"], &table["count_truncated"]),
        (&12_000.into(), &false.into())
    );
    let index = folder.json(&inspected, "/.json")["databases"][0].take();
    assert_eq!(index["table_rows_sum"], 12_000);
    assert_eq!(
        (&index["hash"], &index["color"]),
        (&"abc123".into(), &"abc123".into())
    );
    let size = |arguments: &[&str]| {
        let listed = folder.json(arguments, "/-/databases.json");
        listed["databases"][0]["size"].as_u64().unwrap()
    };
    assert_eq!(size(&inspected), 1);
    // A file that may change is looked at.
    let live = ["one.db", "--inspect-file", "known.json"];
    assert_eq!(size(&live), 8192);
    assert_eq!(count(&live, ""), (2, false));
    assert_eq!(
        folder.json(&live, "/.json")["databases"][0]["hash"],
        Value::Null
    );
    assert_eq!(
        folder.json(&live, "/-/databases.json")["databases"][0]["is_mutable"],
        true
    );
    let missing = folder.refused(&["one.db", "--inspect-file", "nowhere.json"], 1);
    assert!(
        missing.starts_with("Error: Could not read nowhere.json"),
        "{missing}"
    );
    folder.write("broken.json", "{");
    let broken = folder.refused(&["one.db", "--inspect-file", "broken.json"], 1);
    assert!(
        broken.starts_with("Error: broken.json:1:1: inspect data is not valid JSON"),
        "{broken}"
    );
}
