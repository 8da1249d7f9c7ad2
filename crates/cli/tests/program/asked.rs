//! `--get`: one request without a socket.

#[cfg(unix)]
use crate::exports;
use crate::folder::Folder;

// Proves: CLI-100, CLI-104
#[test]
fn the_body_and_a_newline() {
    let folder = Folder::new();
    let ran = folder.run(&["one.db", "--get", "/one/t.json?_shape=array"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(
        ran.text(),
        "[{\"id\": 1, \"name\": \"a\"}, {\"id\": 2, \"name\": \"b\"}]\n"
    );
    assert_eq!(ran.err, "");
    let same = folder.run(&["one.db", "--get", "one/t.json?_shape=array"]);
    assert_eq!(same.out, ran.out);
    let prefixed = ["one.db", "-s", "base_url", "/p/", "--get"];
    for path in ["/one/t.json?_shape=array", "/p/one/t.json?_shape=array"] {
        let same = folder.run(&[&prefixed[..], &[path]].concat());
        assert_eq!((same.code, same.out), (Some(0), ran.out.clone()), "{path}");
    }
}

// Proves: CLI-101, CLI-102, CLI-111
#[test]
fn only_200_is_success() {
    let folder = Folder::new();
    let missing = folder.run(&["one.db", "--get", "/one/nosuch.json"]);
    assert_eq!(missing.code, Some(1));
    assert!(
        missing.text().contains("\"ok\": false"),
        "{}",
        missing.text()
    );
    let moved = folder.run(&["one.db", "--get", "/one/", "--headers"]);
    assert_eq!(moved.code, Some(1));
    let text = moved.text();
    assert!(text.starts_with("HTTP/1.1 302\n"), "{text}");
    assert!(text.contains("\nlocation: /one\n"), "{text}");
}

// Proves: CLI-39, CLI-105
#[test]
fn headers_come_first_and_an_empty_body_leaves_no_trace() {
    let folder = Folder::new();
    let ran = folder.run(&["one.db", "--get", "/one/t.json", "--headers"]);
    let text = ran.text();
    let (head, body) = text.split_once("\n\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200\n"), "{head}");
    assert!(
        head.contains("\ncontent-type: application/json; charset=utf-8"),
        "{head}"
    );
    assert!(
        body.starts_with("{\"ok\": true") && body.ends_with("}\n"),
        "{body}"
    );
    let moved = folder
        .run(&["one.db", "--get", "/one/", "--headers"])
        .text();
    assert!(!moved.contains("\n\n"), "{moved}");
}

// Proves: CLI-112, DEF-02
#[test]
fn bytes_stay_bytes() {
    let folder = Folder::new();
    let ran = folder.run(&["one.db", "--get", "/-/static/favicon.png"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.starts_with(b"\x89PNG\r\n\x1a\n"));
    let download = folder.run(&["-i", "one.db", "--get", "/one.db"]);
    let mut expected = std::fs::read(folder.path("one.db")).unwrap();
    expected.push(b'\n');
    assert_eq!(download.out, expected);
}

// Proves: CLI-41, CLI-107, CLI-108
#[test]
fn an_actor_asks() {
    let folder = Folder::new();
    let root_only = ["one.db", "-s", "allow.id", "root", "--get", "/one/t.json"];
    let asked = |actor: &str| folder.run(&[&root_only[..], &["--actor", actor]].concat());
    assert_eq!(folder.run(&root_only).code, Some(1));
    assert_eq!(asked(r#"{"id": "root"}"#).code, Some(0));
    assert_eq!(asked(r#"{"id": "other"}"#).code, Some(1));
    for nobody in ["null", "{}", "0", ""] {
        let ran = folder.run(&["--get", "/-/actor.json", "--actor", nobody]);
        assert_eq!(ran.code, Some(0));
        assert_eq!(ran.text(), "{\"ok\": true, \"actor\": null}\n", "{nobody}");
    }
    let words = "--actor is not valid JSON: ";
    let property = "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)";
    for (actor, error) in [
        ("{", format!("{words}{property}")),
        ("{'id': 1}", format!("{words}{property}")),
        (
            "{\"id\": \"root\"} x",
            format!("{words}Extra data: line 1 column 16 (char 15)"),
        ),
        ("\"root\"", "--actor must be a JSON object".to_owned()),
    ] {
        let ran = asked(actor);
        assert_eq!((ran.code, ran.text().as_str()), (Some(1), ""));
        assert_eq!(ran.err, format!("Error: {error}\n"), "{actor}");
    }
}

// Proves: CLI-40, CLI-106
#[test]
fn a_token_is_sent() {
    let folder = Folder::new();
    let with = |token| {
        folder.run(&[
            "one.db",
            "--get",
            "/one/t.json",
            "--headers",
            "--token",
            token,
        ])
    };
    assert_eq!(with("nobody-knows-this").code, Some(0));
    let refused = with("dstok_nonsense");
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.text().starts_with("HTTP/1.1 401\n"),
        "{}",
        refused.text()
    );
}

// Proves: AUTH-34
#[test]
fn a_token_comes_before_an_actor() {
    let folder = Folder::new();
    let made = ["create-token", "ann", "--secret", "s"];
    let token = folder.run(&made).text().trim_end().to_owned();
    let ben = r#"{"id": "ben", "roles": ["a", 1.5, null]}"#;
    let who = |arguments: &[&str]| {
        let asked = ["one.db", "--secret", "s", "--get", "/-/actor.json"];
        let ran = folder.run(&[&asked[..], arguments].concat());
        let answer: serde_json::Value = serde_json::from_str(&ran.text()).unwrap();
        (ran.code, answer)
    };
    let ann = serde_json::json!({"ok": true, "actor": {"id": "ann", "token": "dstok"}});
    let ben_himself: serde_json::Value = serde_json::from_str(ben).unwrap();
    let ben_himself = serde_json::json!({"ok": true, "actor": ben_himself});
    assert_eq!(who(&["--token", &token]), (Some(0), ann.clone()));
    assert_eq!(who(&["--actor", ben]), (Some(0), ben_himself.clone()));
    let both = ["--actor", ben, "--token", &token];
    assert_eq!(who(&both), (Some(0), ann));
    let other = ["--actor", ben, "--token", "nobody-knows-this"];
    assert_eq!(who(&other), (Some(0), ben_himself));
    // A token that is refused is not made up for, and its answer is printed all the same.
    let (code, refused) = who(&["--actor", ben, "--token", &format!("{token}x")]);
    assert_eq!(
        (code, &refused["status"]),
        (Some(1), &serde_json::json!(401))
    );
    assert_eq!(refused["error"], "Invalid token signature");
}

/// A large body is written while it is read, in memory that does not grow with it.
// Proves: CLI-38
#[cfg(target_os = "linux")]
#[test]
fn what_is_large_is_never_held() {
    use std::io::Read as _;
    use std::process::Stdio;
    /// Far above what buffers and the pages of SQLite need, far below the size of the body.
    const MOST: u64 = 16 * 1024 * 1024;
    let folder = Folder::new();
    exports::made_up(&folder, 1_000_000, false);
    for path in [
        "/made/rows.csv?_stream=on",
        "/made/-/query.csv?sql=select+*+from+rows",
    ] {
        let mut child = folder
            .command(&[
                "made.db",
                "-s",
                "max_csv_mb",
                "0",
                "-s",
                "max_returned_rows",
                "1000000",
                "-s",
                "sql_time_limit_ms",
                "60000",
                "--get",
                path,
            ])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = child.stdout.take().unwrap();
        let mut part = vec![0; 64 * 1024];
        out.read_exact(&mut part).unwrap();
        let before = exports::peak_of(child.id());
        let (mut bytes, mut last) = (part.len() as u64, before);
        // It cannot end while less than everything was read, so it is there to be asked.
        while bytes < 80 * 1024 * 1024 {
            out.read_exact(&mut part).unwrap();
            bytes += part.len() as u64;
        }
        last = last.max(exports::peak_of(child.id()));
        let mut rest = Vec::new();
        bytes += out.read_to_end(&mut rest).unwrap() as u64;
        assert!(child.wait().unwrap().success());
        assert!(rest.ends_with(b"x\r\n\n"), "{}", rest.len());
        assert!(bytes > 5 * MOST, "{bytes}");
        let grown = last - before;
        assert!(grown < MOST, "{grown} bytes more for a body of {bytes}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_worth_no_words() {
    use std::io::Read as _;
    use std::process::Stdio;
    let folder = Folder::new();
    exports::made_up(&folder, 100_000, false);
    let mut child = folder
        .command(&["made.db", "--get", "/made/rows.csv?_stream=on"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0]).unwrap();
    drop(out);
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!((ended.status.code(), said.as_str()), (Some(1), ""));
}

// Proves: CLI-103
#[test]
fn the_host_is_localhost() {
    let folder = Folder::new();
    let page = folder.json(&["one.db"], "/one/t.json?_size=1");
    let next = page["next_url"].as_str().unwrap();
    assert!(next.starts_with("http://localhost/one/t.json?"), "{next}");
}
