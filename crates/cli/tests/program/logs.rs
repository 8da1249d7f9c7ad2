//! What the program tells about its work, for people and for collectors of logs.

use serde_json::Value;

use crate::folder::Folder;
use crate::server::{self, Server};
use std::io::Write;

/// What a request has the program say on its standard error stream.
fn said(folder: &Folder, path: &str) -> String {
    folder.run(&["one.db", "--get", path]).err
}

// Proves: CLI-113, API-135
#[test]
fn sql_that_fails_is_told_in_one_line() {
    let folder = Folder::new();
    let database = folder.path("one.db").canonicalize().unwrap();
    let database = database.display();
    let cases = [
        (
            "/one/-/query.json?sql=select+blah",
            "sql = 'select blah', params = {}: no such column: blah",
        ),
        (
            "/one/-/query?sql=select+blah,+:mine&mine=hunter2",
            "sql = 'select blah, :mine', params = {'mine': ...}: no such column: blah",
        ),
        (
            "/one/-/query.json?sql=select%0A'it',+\"blah",
            "sql = 'select\\n\\'it\\', \"blah', params = {}: unrecognized token: \"\"blah\"",
        ),
    ];
    for (path, expected) in cases {
        let err = said(&folder, path);
        assert_eq!(
            err,
            format!("ERROR: conn={database}, {expected}\n"),
            "{path}"
        );
    }
    let err = said(&folder, "/one/t.json?_where=blah");
    assert!(
        err.starts_with("ERROR: conn=") && err.ends_with(": no such column: blah\n"),
        "{err}"
    );
    assert_eq!(err.lines().count(), 1, "{err}");
}

#[test]
fn what_is_only_tried_is_not_told() {
    let folder = Folder::new();
    drop(folder.database(
        "two.db",
        "create table j (id integer primary key, x text, y text);
         insert into j (x, y) values ('[1', '2020-01-01'), ('[', 'x'), ('[\"a\"]', 'y');",
    ));
    for path in [
        "/two/j",
        "/two/j.json?_extra=suggested_facets",
        "/two/j?_facet=x",
        "/two",
        "/",
    ] {
        assert_eq!(folder.run(&["two.db", "--get", path]).err, "", "{path}");
    }
}

#[cfg(unix)]
#[test]
fn every_line_is_an_object_where_that_is_wanted() {
    let folder = Folder::new();
    let mut command = folder.command(&["one.db", "-p", "0"]);
    command.env("DATASETTE_LOG_FORMAT", "json");
    command.env("DATASETTE_STOP_TIMEOUT", "soon");
    let mut server = Server::spawn(command);
    let mut stream = server.connect();
    let request = "GET /one/-/query.json?sql=select+blah+:mine&mine=hunter2 HTTP/1.1\r\nHost: localhost\r\n\
                   Cookie: ds_actor=hunter3\r\nAuthorization: Bearer hunter4\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let answer = server::read(stream);
    let answered: Value = serde_json::from_str(&server.line()).unwrap();
    assert_eq!(answered["path"], "/one/-/query.json");
    assert_eq!(answered["status"], answer.status());
    assert_eq!(answered["method"], "GET");
    assert_eq!(answered["target"], "datasette::access");
    assert!(
        answered["client"]
            .as_str()
            .unwrap()
            .starts_with("127.0.0.1:")
    );
    assert!(answered["duration_ms"].as_f64().is_some());
    server.signal("INT");
    let (status, out, err) = server.end();
    assert_eq!(status.code(), Some(1));
    let lines: Vec<Value> = err
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told: Vec<String> = lines
        .iter()
        .map(|line| {
            format!("{} {} {}", line["level"], line["target"], line["message"]).replace('"', "")
        })
        .collect();
    assert_eq!(told.last().unwrap(), "INFO datasette Aborted!", "{err}");
    let failed = lines
        .iter()
        .find(|line| line["target"] == "datasette::sql")
        .unwrap();
    assert_eq!(failed["sql"], "select blah :mine");
    assert_eq!(failed["params"], "{'mine': ...}");
    for line in &lines {
        let time = line["timestamp"].as_str().unwrap();
        assert!(time.len() == 32 && time.ends_with("+00:00"), "{time}");
    }
    assert!(!format!("{out}{err}").contains("hunter"), "{out}{err}");
}

#[test]
fn failures_are_objects_too_and_other_forms_are_not_guessed() {
    let folder = Folder::new();
    let mut command = folder.command(&["missing.db"]);
    command.env("DATASETTE_LOG_FORMAT", "json");
    let err = crate::folder::ran(command.output().unwrap()).err;
    let line: Value = serde_json::from_str(&err).unwrap();
    assert_eq!(line["level"], "ERROR");
    assert_eq!(
        line["message"],
        "Error: Invalid value for '[FILES]...': Path 'missing.db' does not exist."
    );
    let mut command = folder.command(&["one.db", "--get", "/one/t.json"]);
    command.env("DATASETTE_LOG_FORMAT", "xml");
    let ran = crate::folder::ran(command.output().unwrap());
    assert_eq!(ran.code, Some(0));
    assert_eq!(
        ran.err,
        "Warning: DATASETTE_LOG_FORMAT is \"xml\", but must be text or json\n"
    );
}
