//! `--root`: the link that signs in, and what it is good for.

use std::io::Write;

use crate::folder::Folder;
use crate::server::{Answer, Server, read};

/// Asks as whoever has this cookie.
fn ask(server: &Server, method: &str, path: &str, cookie: &str) -> Answer {
    let mut stream = server.connect();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    read(stream)
}

/// The path of the link on the line that it printed.
fn link(server: &mut Server) -> String {
    let line = server.line();
    let path = line.strip_prefix(&server.place).expect("the origin");
    let token = path.trim_end().rsplit_once("?token=").expect("a token").1;
    assert_eq!(token.len(), 64, "{line}");
    assert!(token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
    path.trim_end().to_owned()
}

fn header<'a>(answer: &'a Answer, name: &str) -> Vec<&'a str> {
    let lines = answer.head.lines().filter_map(|line| line.split_once(": "));
    lines
        .filter(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
        .collect()
}

// Proves: CLI-36, SEC-06, SEC-07, SEC-08, SEC-09, AUTH-27, AUTH-28, AUTH-29, AUTH-30, AUTH-31, AUTH-32, AUTH-35,
// AUTH-36, AUTH-17, AUTH-18, AUTH-25, AUTH-26
#[test]
fn the_link_signs_its_first_visitor_in() {
    let folder = Folder::new();
    let arguments = ["one.db", "-p", "0", "--root", "--default-deny"];
    let mut server = Server::start(&folder, &arguments);
    let link = link(&mut server);
    assert!(link.starts_with("/-/auth-token?token="), "{link}");
    assert_eq!(server.get("/one/t.json").status(), 403);

    let wrong = server.get("/-/auth-token?token=abc");
    assert_eq!(wrong.status(), 403);
    assert!(wrong.text().contains("Invalid token"), "{}", wrong.text());
    assert_eq!(ask(&server, "POST", &link, "").status(), 405);

    let right = server.get(&link);
    assert_eq!(right.status(), 302);
    assert_eq!(header(&right, "location"), ["/"]);
    let set = header(&right, "set-cookie");
    let cookie = set[0]
        .strip_suffix("; Path=/; SameSite=lax")
        .expect("the attributes");
    assert!(cookie.starts_with("ds_actor="), "{cookie}");

    let again = server.get(&link);
    assert_eq!(again.status(), 403);
    assert!(again.text().contains("Root token has already been used"));
    let known = ask(&server, "GET", "/-/auth-token", cookie);
    assert_eq!(
        (known.status(), header(&known, "location")),
        (302, vec!["/"])
    );

    assert_eq!(ask(&server, "GET", "/one/t.json", cookie).status(), 200);
    let page = ask(&server, "GET", "/", cookie);
    assert!(
        page.text()
            .contains("<div class=\"actor\"><strong>root</strong></div>")
    );
    assert!(page.text().contains("action=\"/-/logout\" method=\"post\""));

    let question = ask(&server, "GET", "/-/logout", cookie);
    assert!(
        question
            .text()
            .contains("You are logged in as <strong>root</strong>")
    );
    let stranger = server.get("/-/logout");
    assert_eq!(
        (stranger.status(), header(&stranger, "location")),
        (302, vec!["/"])
    );
    let out = ask(&server, "POST", "/-/logout", cookie);
    assert_eq!((out.status(), header(&out, "location")), (302, vec!["/"]));
    let set = header(&out, "set-cookie");
    assert!(set[0].starts_with("ds_actor=\"\"; expires="), "{set:?}");
    assert!(
        set[0].ends_with(" GMT; Max-Age=0; Path=/; SameSite=lax"),
        "{set:?}"
    );
}

// Proves: AUTH-27, AUTH-37, AUTH-38
#[test]
fn the_link_and_the_farewell_know_the_prefix() {
    let folder = Folder::new();
    let arguments = ["one.db", "-p", "0", "--root", "-s", "base_url", "/a/"];
    let mut server = Server::start(&folder, &arguments);
    let link = link(&mut server);
    assert!(link.starts_with("/a/-/auth-token?token="), "{link}");
    let right = server.get(&link);
    assert_eq!(header(&right, "location"), ["/a/"]);
    assert!(header(&right, "set-cookie")[0].contains("; Path=/;"));
    let out = ask(&server, "POST", "/a/-/logout", "");
    assert_eq!(header(&out, "location"), ["/a/"]);
    let cookie = header(&out, "set-cookie")[1]
        .split_once(';')
        .expect("a message")
        .0;
    let next = ask(&server, "GET", "/a/", cookie);
    let shown = "<p class=\"message-warning\" role=\"status\">You are now logged out</p>";
    assert!(next.text().contains(shown), "{}", next.text());
    assert!(header(&next, "set-cookie")[0].starts_with("ds_messages=\"\""));
}

// Proves: AUTH-33, SEC-10, CLI-109
#[test]
fn nobody_is_root_without_the_option() {
    let folder = Folder::new();
    let server = Server::start(&folder, &["one.db", "-p", "0"]);
    let refused = server.get("/-/auth-token?token=");
    assert_eq!(refused.status(), 403);
    assert!(refused.text().contains("Invalid token"));
    let arguments = [
        "--root",
        "--get",
        "/-/actions.json",
        "--actor",
        "{\"id\":\"root\"}",
    ];
    let ended = folder.command(&arguments).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let body = String::from_utf8(ended.stdout).unwrap();
    assert!(body.contains("\"status\": 403"), "{body}");
}
