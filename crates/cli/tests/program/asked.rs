//! `--get`: one request without a socket.

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

// Proves: CLI-112
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
    let broken = asked("{");
    assert_eq!(broken.code, Some(1));
    assert!(
        broken.err.starts_with("Error: --actor is not valid JSON: "),
        "{}",
        broken.err
    );
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

// Proves: CLI-103
#[test]
fn the_host_is_localhost() {
    let folder = Folder::new();
    let page = folder.json(&["one.db"], "/one/t.json?_size=1");
    let next = page["next_url"].as_str().unwrap();
    assert!(next.starts_with("http://localhost/one/t.json?"), "{next}");
}
