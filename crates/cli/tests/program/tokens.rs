//! `create-token`: tokens that are made without a server, and what servers make of them.

use std::io::Write;

use datasette_permissions::Signer;
use serde_json::{Value, json};

use crate::folder::{Folder, Ran};
use crate::server::{Server, read};

const SECRET: &str = "shared";

fn make(folder: &Folder, arguments: &[&str]) -> Ran {
    folder.run(&[&["create-token", "--secret", SECRET], arguments].concat())
}

/// What the token on the first line of a run says.
fn said(ran: &Ran) -> Value {
    let text = ran.text();
    let line = text.lines().next().unwrap();
    let signed = line.strip_prefix("dstok_").unwrap();
    Signer::new(SECRET).unsign(signed, "token").unwrap()
}

// Proves: TOK-38, TOK-39, CLI-190, CLI-193, CLI-198
#[test]
fn a_token_is_a_line() {
    let folder = Folder::new();
    let plain = make(&folder, &["ann"]);
    assert_eq!((plain.code, plain.err.as_str()), (Some(0), ""));
    assert_eq!(plain.text().lines().count(), 1);
    assert!(plain.text().ends_with('\n'));
    let payload = said(&plain);
    assert_eq!(payload["a"], "ann");
    assert!(payload["t"].as_u64().unwrap() > 1_700_000_000);
    let keys =
        |payload: &Value| -> Vec<String> { payload.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(keys(&payload), ["a", "t"]);
    assert_eq!(keys(&said(&make(&folder, &["ann", "-e", "0"]))), ["a", "t"]);
    let full = make(
        &folder,
        &["-a", "view-instance", "ann", "--expires-after=60"],
    );
    assert_eq!(keys(&said(&full)), ["a", "t", "d", "_r"]);
    assert_eq!(said(&full)["d"], 60);
    assert_eq!(said(&make(&folder, &["5", "-e", "-5"]))["d"], -5);
    assert_eq!(said(&make(&folder, &["5"]))["a"], "5");
}

// Proves: TOK-40, TOK-41, CLI-194, CLI-195, CLI-196
#[test]
fn actions_are_abbreviated_and_those_unheard_of_are_told() {
    let folder = Folder::new();
    let ran = make(
        &folder,
        &[
            "Cléo",
            "--debug",
            "-e",
            "3600",
            "-a",
            "view-instance",
            "-a",
            "vi",
            "-a",
            "nonsense",
            "-d",
            "mydb",
            "create-table",
            "-r",
            "mydb",
            "tbl",
            "insert-row",
            "-r",
            "mydb",
            "tbl",
            "x",
        ],
    );
    assert_eq!(ran.code, Some(0));
    assert_eq!(
        ran.err,
        "  Unknown permission: vi \n  Unknown permission: nonsense \n  Unknown permission: x \n"
    );
    let limits = json!({
        "a": ["vi", "vi", "nonsense"],
        "d": {"mydb": ["ct"]},
        "r": {"mydb": {"tbl": ["ir", "x"]}},
    });
    assert_eq!(said(&ran)["_r"], limits);
    let text = ran.text();
    let (_, decoded) = text
        .split_once("\n\nDecoded:\n\n{\n  \"a\": \"Cl\\u00e9o\",\n  \"t\": ")
        .unwrap();
    let (_, decoded) = decoded.split_once(",\n").unwrap();
    assert_eq!(
        decoded,
        "  \"d\": 3600,\n  \"_r\": {\n    \"a\": [\n      \"vi\",\n      \"vi\",\n      \
         \"nonsense\"\n    ],\n    \"d\": {\n      \"mydb\": [\n        \"ct\"\n      ]\n    },\n    \
         \"r\": {\n      \"mydb\": {\n        \"tbl\": [\n          \"ir\",\n          \"x\"\n        \
         ]\n      }\n    }\n  }\n}\n"
    );
}

// Proves: TOK-38, CLI-191, CLI-192, CLI-193, CLI-197
#[test]
fn what_cannot_be_meant_is_refused() {
    let folder = Folder::new();
    folder.directory("plugins");
    let usage = "Usage: datasette create-token [OPTIONS] ID\n\
                 Try 'datasette create-token --help' for help.\n\nError: ";
    for (arguments, error) in [
        (&[][..], "Missing argument 'ID'."),
        (&["--secret", "s"], "Missing argument 'ID'."),
        (&["ann"], "Missing option '--secret'."),
        (&["ann", "ben"], "Missing option '--secret'."),
        (
            &["ann", "ben", "--secret", "s"],
            "Got unexpected extra argument (ben)",
        ),
        (
            &["-e", "soon"],
            "Invalid value for '-e' / '--expires-after': 'soon' is not a valid integer.",
        ),
        (
            &["ann", "--database", "one"],
            "Option '--database' requires 2 arguments.",
        ),
        (
            &["ann", "--resource", "one", "two"],
            "Option '--resource' requires 3 arguments.",
        ),
        (&["ann", "--nope"], "No such option '--nope'."),
        (
            &["ann", "--plugins-dir", "nowhere"],
            "Invalid value for '--plugins-dir': Directory 'nowhere' does not exist.",
        ),
    ] {
        let ran = folder.run(&[&["create-token"], arguments].concat());
        assert_eq!((ran.code, ran.text().as_str()), (Some(2), ""));
        assert_eq!(ran.err, format!("{usage}{error}\n"));
    }
    let with_plugins = make(&folder, &["ann", "--plugins-dir", "plugins"]);
    assert_eq!(with_plugins.code, Some(0));
    assert_eq!(said(&with_plugins)["a"], "ann");
}

// Proves: TOK-38, AUTH-01, SEC-01, SEC-05, CLI-200, TOK-20
#[test]
fn servers_with_the_same_secret_know_the_token() {
    let folder = Folder::new();
    let mut command = folder.command(&["create-token", "ann", "-a", "execute-sql"]);
    command.env("DATASETTE_SECRET", SECRET);
    let from_variable = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let restricted = from_variable.trim_end().to_owned();
    let free = make(&folder, &["ann"]).text().trim_end().to_owned();
    let status = |server: &Server, path: &str, token: &str| {
        let mut stream = server.connect();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        read(stream).status()
    };
    let arguments = ["one.db", "-p", "0", "-s", "allow.id", "ann"];
    let mut command = folder.command(&[&arguments[..], &["--secret", "another"]].concat());
    // An option stands above a variable, and what is empty stands for nothing.
    command.env("DATASETTE_SECRET", SECRET);
    let other = Server::spawn(command);
    assert_eq!(status(&other, "/one/t.json", &free), 401);
    drop(other);
    let mut command = folder.command(&arguments);
    command.env("DATASETTE_SECRET", SECRET);
    let same = Server::spawn(command);
    assert_eq!(same.get("/one/t.json").status(), 403);
    assert_eq!(status(&same, "/one/t.json", &free), 200);
    assert_eq!(status(&same, "/one/t.json", &restricted), 403);
    assert_eq!(status(&same, "/-/actor.json", &restricted), 200);
    drop(same);
    let signed_with_nothing = format!(
        "dstok_{}",
        Signer::new("").sign(&json!({"a": "ann", "t": 1}), "token")
    );
    for nothing in [&[][..], &["--secret", ""]] {
        let random = Server::start(&folder, &[&arguments[..], nothing].concat());
        assert_eq!(status(&random, "/one/t.json", &free), 401);
        assert_eq!(status(&random, "/one/t.json", &signed_with_nothing), 401);
    }
}
