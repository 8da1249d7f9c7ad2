//! Options that change what is served.

use crate::folder::Folder;

// Proves: CLI-34, CLI-80, CLI-83, CLI-87, SET-03
#[test]
fn settings_go_over_configuration() {
    let folder = Folder::new();
    folder.write(
        "c.yaml",
        "settings:\n  default_page_size: 7\n  max_csv_mb: 3\n",
    );
    let arguments = [
        "one.db",
        "-c",
        "c.yaml",
        "-s",
        "default_page_size",
        "1",
        "-s",
        "a.b",
        "[1]",
    ];
    let settings = folder.json(&arguments, "/-/settings.json");
    assert_eq!(
        (&settings["default_page_size"], &settings["max_csv_mb"]),
        (&1.into(), &3.into())
    );
    let page = folder.json(&arguments, "/one/t.json");
    assert_eq!(page["rows"].as_array().unwrap().len(), 1);
    let config = folder.json(&arguments, "/-/config.json");
    assert_eq!(config["a"]["b"], serde_json::json!([1]));
}

// Proves: CLI-28, META-18
#[test]
fn metadata_describes() {
    let folder = Folder::new();
    folder.write(
        "m.yaml",
        "title: Ours\ndatabases:\n  one:\n    source: a shelf\n",
    );
    let page = folder.json(&["one.db", "-m", "m.yaml"], "/one.json");
    assert_eq!(page["metadata"]["source"], "a shelf");
}

// Proves: CLI-25, DEP-25
#[test]
fn other_sites_may_read_with_cors() {
    let folder = Folder::new();
    let asked = ["one.db", "--get", "/one/t.json", "--headers"];
    let header = "\naccess-control-allow-origin: *\n";
    assert!(!folder.run(&asked).text().contains(header));
    let with = folder.run(&[&asked[..], &["--cors"]].concat()).text();
    assert!(with.contains(header), "{with}");
}

// Proves: CLI-37
#[test]
fn nothing_is_allowed_that_nobody_allows() {
    let folder = Folder::new();
    let asked = [
        "one.db",
        "--default-deny",
        "--get",
        "/one/t.json",
        "--headers",
    ];
    let denied = folder.run(&asked);
    assert!(
        denied.text().starts_with("HTTP/1.1 403\n"),
        "{}",
        denied.text()
    );
    let allowed = folder.run(
        &[
            &asked[..],
            &["-s", "allow.id", "*", "--actor", r#"{"id": "x"}"#],
        ]
        .concat(),
    );
    assert_eq!(allowed.code, Some(0), "{}", allowed.text());
}

// Proves: CLI-29, cli-config/TPL-01
#[test]
fn templates_of_a_folder_replace_the_built_in_ones() {
    let folder = Folder::new();
    folder.directory("looks");
    folder.write("looks/index.html", "our own page");
    let page = folder.run(&["one.db", "--template-dir", "looks", "--get", "/"]);
    assert_eq!(page.text(), "our own page\n");
}

// Proves: CLI-51, CLI-203, INT-02, INT-03, DIF-01
#[test]
fn the_internal_database_is_kept_only_where_that_was_asked_for() {
    let folder = Folder::new();
    folder.json(&["one.db"], "/one/t.json");
    assert_eq!(folder.files_in("temporary"), Vec::<String>::new());
    let has_tables = |name: &str| {
        let kept = rusqlite::Connection::open(folder.path(name)).unwrap();
        let sql = "select count(*) from sqlite_schema where name = 'metadata_instance'";
        kept.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap() == 1
    };
    folder.json(&["one.db", "--internal", "kept.db"], "/one/t.json");
    assert!(has_tables("kept.db"));
    let mut command = folder.command(&["one.db", "--get", "/one/t.json"]);
    assert!(
        command
            .env("DATASETTE_INTERNAL", "named.db")
            .status()
            .unwrap()
            .success()
    );
    assert!(has_tables("named.db"));
    let mut command = folder.command(&["one.db", "--get", "/one/t.json"]);
    assert!(
        command
            .env("DATASETTE_INTERNAL", "")
            .status()
            .unwrap()
            .success()
    );
}

// Proves: CLI-31, CLI-57, TPL-80, TPL-87
#[test]
fn folders_are_served_where_they_are_mounted() {
    let folder = Folder::new();
    folder.directory("assets/deep");
    folder.write("assets/deep/a.css", "body {}");
    let arguments = [
        "one.db",
        "--static",
        "files:assets",
        "--static",
        "x/y:assets/deep",
    ];
    let asked = |path: &str| {
        let ran = folder.run(&[&arguments[..], &["--default-deny", "--get", path]].concat());
        (ran.code, ran.text().trim_end().to_owned())
    };
    assert_eq!(asked("/files/deep/a.css"), (Some(0), "body {}".to_owned()));
    assert_eq!(asked("/x/y/a.css"), (Some(0), "body {}".to_owned()));
    assert_eq!(
        asked("/files/b.css"),
        (Some(1), "404: File not found".to_owned())
    );
}

// Proves: CLI-160
#[test]
fn the_folder_of_a_site_serves_its_static_files_unless_told_others() {
    let folder = Folder::new();
    folder.directory("site/static");
    folder.directory("other");
    folder.write("site/static/a.css", "body {}");
    let own = folder.run(&["site", "--get", "/static/a.css"]);
    assert_eq!((own.code, own.text().trim_end()), (Some(0), "body {}"));
    assert!(!own.err.contains("not served"), "{}", own.err);
    let others = folder.run(&["site", "--static", "x:other", "--get", "/static/a.css"]);
    assert_eq!(others.code, Some(1));
}
