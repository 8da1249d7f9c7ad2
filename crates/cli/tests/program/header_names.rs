//! Names of headers mean the same in any case.

use std::io::Write;

use crate::folder::Folder;
use crate::server::{Answer, Server, read};

fn ask(server: &Server, head: &str) -> Answer {
    let mut stream = server.connect();
    let request = format!("{head}\r\ncONNECTION: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    read(stream)
}

// Proves: CSRF-23
#[test]
fn headers_are_found_in_any_case() {
    let folder = Folder::new();
    folder.write(
        "datasette.yaml",
        "databases: {one: {queries: {m: {sql: \"select :_header_user_agent as a, :_cookie_taste as b\"}}}}",
    );
    let arguments = ["one.db", "-c", "datasette.yaml", "-p", "0"];
    let server = Server::start(&folder, &arguments);
    let answer = ask(
        &server,
        "GET /one/m.json?_shape=array HTTP/1.1\r\nhOST: localhost\r\nuSER-aGENT: tester\r\nCOOKIE: taste=sweet",
    );
    assert_eq!(answer.text(), "[{\"a\": \"tester\", \"b\": \"sweet\"}]");
    let refused = ask(
        &server,
        "GET / HTTP/1.1\r\nHOST: localhost\r\nAUTHORIZATION: Bearer dstok_nonsense",
    );
    assert_eq!(refused.status(), 401);
    let post = |site: &str| {
        let head = format!(
            "POST /-/logout HTTP/1.1\r\nHOST: localhost\r\nCONTENT-LENGTH: 0\r\nSEC-FETCH-SITE: {site}"
        );
        ask(&server, &head).status()
    };
    assert_eq!((post("cross-site"), post("same-origin")), (403, 302));
}
