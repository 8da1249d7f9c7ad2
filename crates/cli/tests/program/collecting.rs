//! Spans and metrics reach a collector.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use crate::folder::Folder;
use crate::server::Server;

/// What a collector was sent: the path and the body.
struct Sent {
    path: String,
    body: Vec<u8>,
}

impl Sent {
    fn has(&self, text: &str) -> bool {
        let mut windows = self.body.windows(text.len());
        windows.any(|window| window == text.as_bytes())
    }
}

/// A collector that takes everything, and where it is.
fn collector() -> (String, Receiver<Sent>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = format!("http://{}", listener.local_addr().unwrap());
    let (sender, sent) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let sender = sender.clone();
            std::thread::spawn(move || {
                let mut stream = BufReader::new(stream.unwrap());
                while let Some(one) = take(&mut stream) {
                    let _ = sender.send(one);
                    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
                    stream.get_mut().write_all(answer).unwrap();
                }
            });
        }
    });
    (place, sent)
}

fn take(stream: &mut BufReader<TcpStream>) -> Option<Sent> {
    let mut first = String::new();
    if stream.read_line(&mut first).ok()? == 0 {
        return None;
    }
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    Some(Sent { path, body })
}

// Proves: OTEL-07, OTEL-14
#[cfg(unix)]
#[test]
fn everything_is_sent_before_the_end() {
    let (place, sent) = collector();
    let folder = Folder::new();
    let mut command = folder.command(&["one.db", "-p", "0"]);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &place);
    let server = Server::spawn(command);
    assert_eq!(server.get("/one/t.json?_where=1").status(), 200);
    server.signal("TERM");
    server.end();
    let sent: Vec<Sent> = sent.try_iter().collect();
    let of = |path: &str, text: &str| sent.iter().any(|one| one.path == path && one.has(text));
    for text in [
        "datasette.startup",
        "db.query.execute",
        "(?P<database>",
        "select ",
        "__INTERNAL__",
        "service.name",
    ] {
        assert!(of("/v1/traces", text), "{text}");
    }
    for text in [
        "db.client.operation.duration",
        "datasette.write.queue_wait",
        "datasette.sql.threads.limit",
        "datasette.sql.threads.queue_depth",
        "datasette.sql.queries.pending",
        "datasette.write.queue_depth",
        "datasette.connections.open",
    ] {
        assert!(of("/v1/metrics", text), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn a_collector_that_is_not_there_changes_nothing() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = format!("http://{}", unused.local_addr().unwrap());
    drop(unused);
    for (name, value) in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", place.as_str()),
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_SDK_DISABLED", "true"),
    ] {
        let folder = Folder::new();
        let mut command = folder.command(&["one.db", "-p", "0"]);
        command.env(name, value);
        let server = Server::spawn(command);
        assert_eq!(server.get("/one/t.json").status(), 200);
        server.signal("TERM");
        let (_, _, news) = server.end();
        assert!(!news.contains("panicked"), "{news}");
    }
}

/// The traces that a collector gets for a request that is part of somebody's trace.
#[cfg(unix)]
fn traced(propagators: Option<&str>) -> bool {
    let (place, sent) = collector();
    let folder = Folder::new();
    let mut command = folder.command(&["one.db", "-p", "0"]);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &place);
    command.env("OTEL_METRICS_EXPORTER", "none");
    if let Some(propagators) = propagators {
        command.env("OTEL_PROPAGATORS", propagators);
    }
    let server = Server::spawn(command);
    let mut stream = server.connect();
    let request = "GET /one/t.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                   traceparent: 00-4142434445464748494a4b4c4d4e4f50-5152535455565758-01\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    assert_eq!(crate::server::read(stream).status(), 200);
    server.signal("TERM");
    server.end();
    let sent: Vec<Sent> = sent.try_iter().collect();
    assert!(sent.iter().any(|one| one.has("(?P<database>")));
    // The number of the trace goes as its bytes.
    sent.iter().any(|one| one.has("ABCDEFGHIJKLMNOP"))
}

// Proves: CLI-209
#[cfg(unix)]
#[test]
fn traces_of_others_go_on_unless_that_is_not_wanted() {
    assert!(traced(None));
    assert!(traced(Some("tracecontext,baggage")));
    assert!(!traced(Some("none")));
}
