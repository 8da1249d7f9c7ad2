//! What Python plugins put around every request.

use std::io::{BufRead, BufReader, Read, Write};

use crate::folder::Folder;
use crate::python::serve;
use crate::server::{Answer, Server, read};

/// Stands around everything, answers some itself, and tells what it saw.
const AROUND: &str = r#"
import asyncio
import json
import os
from datasette import Response, hookimpl

TOLD = []

def around(name):
    def wrapper(app):
        async def wrapped(scope, receive, send):
            if scope["type"] == "lifespan":
                async def received():
                    message = await receive()
                    print(name, message["type"], flush=True)
                    return message
                async def told(message):
                    print(name, message["type"], flush=True)
                    await send(message)
                return await app(scope, received, told)
            if scope["path"] == "/die":
                os._exit(1)
            if scope["path"] == "/boom":
                raise ValueError("boom")
            if scope["path"] == "/nothing":
                return
            if scope["path"] == "/closed":
                return await Response.text(f"closed by {name}").asgi_send(send)
            if scope["path"] == "/moved":
                scope = dict(scope, path="/-/actor.json", raw_path=b"/-/actor.json")
            if b"later" in scope["query_string"]:
                async def later():
                    await asyncio.sleep(0)
                    print(name, "later", flush=True)
                asyncio.create_task(later())
            if b"known" in scope["query_string"]:
                scope = dict(scope, actor={"id": name})
            path = scope.get("around", []) + [name]
            async def passed(message):
                if message["type"] == "http.response.start":
                    headers = [*message["headers"], (b"x-passed", name.encode())]
                    message = dict(message, headers=headers)
                await send(message)
            await app(dict(scope, around=path), receive, passed)
        return wrapped
    return wrapper

@hookimpl
def startup():
    print("startup", flush=True)

@hookimpl
def shutdown():
    print("shutdown", flush=True)

@hookimpl
def asgi_wrapper(datasette):
    return around(NAME)

async def seen(request, datasette):
    scope = request.scope
    return Response.json({
        "around": scope["around"],
        "actor": request.actor,
        "path": request.path,
        "type": scope["type"],
        "client": scope["client"][0],
        "has_port": scope["client"][1] > 0,
    })

async def length(request):
    return Response.text(str(len(await request.post_body(max_bytes=0))))

async def gone(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"one\n", "more_body": True})
    try:
        await asyncio.Event().wait()
    finally:
        print("ended", flush=True)

async def many(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(64):
        await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
    await send({"type": "http.response.body"})

@hookimpl
def register_routes():
    if NAME == "a":
        return [
            (r"^/seen$", seen),
            (r"^/length$", length),
            (r"^/gone$", gone),
            (r"^/many$", many),
        ]
    return []
"#;

fn named(name: &str) -> String {
    format!("NAME = {name:?}\n{AROUND}")
}

fn passed(answer: &Answer) -> Vec<&str> {
    let lines = answer.head.lines();
    lines
        .filter_map(|line| line.strip_prefix("x-passed: "))
        .collect()
}

fn json(answer: &Answer) -> serde_json::Value {
    serde_json::from_slice(&answer.body).unwrap()
}

fn posted(server: &Server, path: &str, head: &str, body: &[u8]) -> Answer {
    let mut stream = server.connect();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{head}\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    read(stream)
}

/// The next line that has these words.
fn wait_for(server: &mut Server, words: &str) -> String {
    loop {
        let line = server.news();
        assert!(!line.is_empty(), "it never said {words:?}");
        if line.contains(words) {
            return line;
        }
    }
}

// Proves: HOOK-15, HOOK-17..HOOK-20, OOP-14, OOP-15
#[test]
fn requests_pass_what_plugins_put_around() {
    let folder = Folder::new();
    folder.database("data.db", "create table t (a); insert into t values (1)");
    let a = named("a");
    let server = serve(&folder, &[("a.py", &a)], &["data.db"]);
    let page = server.get("/data/t.json?_shape=array");
    assert_eq!(
        (page.status(), page.text().as_str()),
        (200, "[{\"rowid\": 1, \"a\": 1}]")
    );
    assert_eq!(passed(&page), ["a"]);
    assert_eq!(passed(&server.get("/-/static/app.css")), ["a"]);
    assert_eq!(server.get("/closed").text(), "closed by a");
    // Before the check for other sites: it sees what is refused there.
    let other = "Origin: https://other.example\r\nSec-Fetch-Site: cross-site\r\n";
    let refused = posted(&server, "/data/-/create", other, b"{}");
    assert_eq!((refused.status(), passed(&refused)), (403, vec!["a"]));

    // What it changes is what the inside sees.
    let seen = json(&server.get("/seen?known=1"));
    assert_eq!(seen["around"], serde_json::json!(["a"]));
    assert_eq!(seen["actor"]["id"], "a");
    assert_eq!(
        (&seen["type"], &seen["path"]),
        (&"http".into(), &"/seen".into())
    );
    assert_eq!(
        (&seen["client"], &seen["has_port"]),
        (&"127.0.0.1".into(), &true.into())
    );
    assert_eq!(
        json(&server.get("/-/actor.json?known=1"))["actor"]["id"],
        "a"
    );
    assert_eq!(json(&server.get("/moved?known=1"))["actor"]["id"], "a");

    // Bodies in both directions, longer than anything that is held.
    let body = vec![b'x'; 3_000_000];
    assert_eq!(posted(&server, "/length", "", &body).text(), "3000000");
    let many = server.get("/many").body;
    assert_eq!(
        many.iter().filter(|byte| **byte == b'x').count(),
        64 * 65536
    );
}

// Proves: HOOK-16, PLUG-67
#[test]
fn the_first_called_is_innermost() {
    let folder = Folder::new();
    let a = named("a");
    let last = format!(
        "{}\n",
        named("last").replace(
            "@hookimpl\ndef asgi_wrapper",
            "@hookimpl(trylast=True)\ndef asgi_wrapper"
        )
    );
    let server = serve(&folder, &[("a.py", &a), ("z.py", &last)], &[]);
    assert_eq!(passed(&server.get("/")), ["a", "last"]);
    assert_eq!(
        json(&server.get("/seen"))["around"],
        serde_json::json!(["last", "a"])
    );
    assert_eq!(server.get("/closed").text(), "closed by last");
}

#[test]
fn the_policy_of_a_page_that_passes_unchanged_stays() {
    let folder = Folder::new();
    let a = named("a");
    let server = serve(&folder, &[("a.py", &a)], &[]);
    let page = server.get("/");
    assert!(
        page.head
            .contains("\r\ncontent-security-policy: script-src"),
        "{}",
        page.head
    );
}

#[test]
fn a_wrapper_that_fails_is_not_passed_over() {
    let folder = Folder::new();
    let a = named("a");
    let mut server = serve(&folder, &[("a.py", &a)], &[]);
    for path in ["/boom", "/nothing"] {
        let failed = server.get(path);
        assert_eq!(
            (failed.status(), failed.text().as_str()),
            (500, "Internal Server Error")
        );
    }
    wait_for(&mut server, "ValueError: boom");
    wait_for(&mut server, "returned without starting response");
    // A process that ends takes the request with it; the next one waits for the next process.
    let died = server.get("/die");
    assert_eq!(died.status(), 503, "{}", died.text());
    let page = server.get("/");
    assert_eq!((page.status(), passed(&page)), (200, vec!["a"]));
}

#[test]
fn clients_that_go_are_noticed_and_tasks_live_on() {
    let folder = Folder::new();
    let a = named("a");
    let mut server = serve(&folder, &[("a.py", &a)], &[]);
    let mut stream = server.connect();
    stream
        .write_all(b"GET /gone HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let mut reader = BufReader::new(&stream);
    let mut line = String::new();
    while line != "one\n" {
        line.clear();
        assert!(reader.read_line(&mut line).unwrap() > 0);
    }
    drop(stream);
    wait_for(&mut server, "ended");
    server.get("/?later=1");
    wait_for(&mut server, "a later");
}

// Proves: HOOK-06, HOOK-12
#[cfg(unix)]
#[test]
fn wrappers_are_told_of_start_and_end() {
    let folder = Folder::new();
    let a = named("a");
    let mut command = crate::python::command(&folder, &[("a.py", &a)], &[]);
    let mut child = command
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut all = String::new();
    let mut reader = BufReader::new(child.stderr.take().unwrap());
    while !all.contains("Datasette running on") {
        assert!(reader.read_line(&mut all).unwrap() > 0, "{all}");
    }
    let sent = std::process::Command::new("kill")
        .args(["-s", "INT", &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    reader.read_to_string(&mut all).unwrap();
    child.wait().unwrap();
    let told: Vec<&str> = all
        .lines()
        .filter_map(|line| line.split_once("[a.py] "))
        .map(|(_, told)| told)
        .collect();
    assert_eq!(
        told,
        [
            "startup",
            "a lifespan.startup",
            "a lifespan.startup.complete",
            "a lifespan.shutdown",
            "shutdown",
            "a lifespan.shutdown.complete",
        ]
    );
}
