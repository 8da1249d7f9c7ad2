//! Behind a proxy.

use std::io::Write;

use crate::folder::Folder;
use crate::server::{self, Server};

/// The URL of the next page and the line of the log for a request that a proxy passed on.
fn asked(folder: &Folder, allowed: Option<&str>) -> (String, String) {
    let mut command = folder.command(&["one.db", "-p", "0"]);
    if let Some(allowed) = allowed {
        command.env("FORWARDED_ALLOW_IPS", allowed);
    }
    let mut server = Server::spawn(command);
    let mut stream = server.connect();
    let request = "GET /one/t.json?_size=1 HTTP/1.1\r\nHost: data.example\r\nConnection: close\r\n\
                   X-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.1\r\n\
                   X-Forwarded-Host: evil.example\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let page: serde_json::Value = serde_json::from_slice(&server::read(stream).body).unwrap();
    let url = page["next_url"].as_str().unwrap().to_owned();
    let origin = url.split_once("/one/").unwrap().0.to_owned();
    let line = server.line();
    let client = line.split(" - ").next().unwrap();
    let host = client.rsplit_once(':').unwrap().0;
    (origin, host.trim_start_matches("INFO:     ").to_owned())
}

// Proves: CLI-210, DEP-16, DEP-17
#[test]
fn its_headers_are_believed_from_trusted_addresses() {
    let folder = Folder::new();
    let secure = ("https://data.example".to_owned(), "192.0.2.1".to_owned());
    let plain = ("http://data.example".to_owned(), "127.0.0.1".to_owned());
    assert_eq!(asked(&folder, None), secure);
    assert_eq!(asked(&folder, Some("10.0.0.0/8")), plain);
    assert_eq!(asked(&folder, Some("127.0.0.0/8")), secure);
    assert_eq!(asked(&folder, Some("*")), secure);
    assert_eq!(asked(&folder, Some("")), plain);
}
