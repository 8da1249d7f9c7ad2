//! Options about how the site is reached, shown and described.

use std::io::Read;

use crate::folder::Folder;
use crate::server::Server;

// Proves: CLI-42
#[test]
fn a_note_stands_beside_the_version() {
    let folder = Folder::new();
    let noted = folder.json(&["--version-note", "of today"], "/-/versions.json");
    assert_eq!(
        noted["datasette"],
        serde_json::json!({"version": "1.0a41", "note": "of today"})
    );
    let plain = folder.json(&["--version-note", ""], "/-/versions.json");
    assert_eq!(plain["datasette"], serde_json::json!({"version": "1.0a41"}));
}

/// What a server for `arguments` opens in a browser, and what it said on its standard output.
#[cfg(unix)]
fn opened(folder: &Folder, arguments: &[&str]) -> (String, String, String) {
    use std::os::unix::fs::PermissionsExt;
    folder.directory("bin");
    let pipe = folder.path("opened");
    let _ = std::fs::remove_file(&pipe);
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    folder.write("bin/xdg-open", "#!/bin/sh\nprintf '%s' \"$1\" > opened\n");
    let script = folder.path("bin/xdg-open");
    std::fs::set_permissions(script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap();
    let mut command = folder.command(&[arguments, &["-o", "-p", "0"]].concat());
    command.env("PATH", format!("{}:{path}", folder.path("bin").display()));
    let server = Server::spawn(command);
    let mut url = String::new();
    // Opening the pipe waits for the script.
    let mut opened = std::fs::File::open(pipe).unwrap();
    opened.read_to_string(&mut url).unwrap();
    let place = server.place.clone();
    server.signal("TERM");
    let (_, out, _) = server.end();
    (url, place, out)
}

// Proves: CLI-45, CLI-131, CLI-132, DEF-03
#[cfg(target_os = "linux")]
#[test]
fn the_browser_shows_the_most_convenient_page() {
    let folder = Folder::new();
    drop(folder.database("two.db", "create table a (x); create table b (x)"));
    let cases: [(&[&str], &str); 5] = [
        (&["one.db"], "/one/t"),
        (&["two.db"], "/two"),
        (&["one.db", "two.db"], "/"),
        (&["-s", "base_url", "/x/"], "/x/_memory"),
        (&["one.db", "-h", "0.0.0.0"], "/one/t"),
    ];
    for (arguments, path) in cases {
        let (url, place, out) = opened(&folder, arguments);
        let place = place.replace("0.0.0.0", "127.0.0.1");
        assert_eq!(url, format!("{place}{path}"), "{arguments:?}");
        assert_eq!(out, "");
    }
    let (url, place, out) = opened(&folder, &["one.db", "--root"]);
    assert!(
        url.starts_with(&format!("{place}/-/auth-token?token=")),
        "{url}"
    );
    assert_eq!(out, format!("{url}\n"));
}

// Proves: CLI-21
#[test]
fn every_address_or_just_one() {
    let folder = Folder::new();
    let all = Server::start(&folder, &["one.db", "-h", "0.0.0.0", "-p", "0"]);
    let port = all.place.strip_prefix("http://0.0.0.0:").unwrap();
    assert!(std::net::TcpStream::connect(format!("127.0.0.2:{port}")).is_ok());
    let one = Server::start(&folder, &["one.db", "--host=127.0.0.1", "-p0"]);
    let port = one.place.strip_prefix("http://127.0.0.1:").unwrap();
    assert!(std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_ok());
    assert!(std::net::TcpStream::connect(format!("127.0.0.2:{port}")).is_err());
}

// Proves: CLI-46, CLI-163
#[test]
fn files_are_created_where_that_was_asked_for() {
    let folder = Folder::new();
    let listed = folder.json(&["new.db", "--create"], "/-/databases.json");
    assert_eq!(listed["databases"][0]["name"], "new");
    assert!(folder.path("new.db").exists());
    folder.directory("site");
    let listed = folder.json(&["site", "--create"], "/-/databases.json");
    assert_eq!(listed["databases"][0]["name"], "_memory");
    assert_eq!(folder.files_in("site"), Vec::<String>::new());
    folder.refused(&["missing-folder/", "-i", "other.db", "--create"], 2);
    assert!(!folder.path("other.db").exists());
}

// Proves: CLI-48, CLI-66, CLI-67
#[test]
fn a_locked_file_is_read_where_that_was_asked_for() {
    let folder = Folder::new();
    let holder = rusqlite::Connection::open(folder.path("one.db")).unwrap();
    holder.execute_batch("begin exclusive").unwrap();
    let refused = folder.refused(&["one.db", "--get", "/one/t.json"], 1);
    assert!(
        refused.contains("failed check: database is locked"),
        "{refused}"
    );
    let page = folder.json(
        &["one.db", "--nolock"],
        "/one/t.json?_shape=arrayfirst&_nocount=1",
    );
    assert_eq!(page, serde_json::json!([1, 2]));
}

// Proves: CLI-44
#[test]
fn pdb_changes_nothing_else() {
    let folder = Folder::new();
    let arguments = ["one.db", "--get", "/one/t.json"];
    let plain = folder.run(&arguments);
    let with = folder.run(&[&arguments[..], &["--pdb"]].concat());
    assert_eq!(
        (plain.code, plain.out, plain.err),
        (with.code, with.out, with.err)
    );
}
