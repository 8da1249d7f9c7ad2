//! Requests that are answered before their body is read: whoever still sends gets the answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use crate::folder::Folder;
use crate::server::Server;

/// What is sent where the body is not wanted, in bytes: more than is read at a time.
const LARGE: usize = 3_000_000;

fn served(folder: &Folder) -> Server {
    folder.write(
        "c.yaml",
        "databases: {one: {tables: {t: {permissions: {insert-row: true}}}}}\n",
    );
    Server::start(folder, &["one.db", "-c", "c.yaml", "-p", "0"])
}

fn head(path: &str, lines: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{lines}\r\n"
    )
}

/// The status of the next answer on a connection that stays.
fn answered(stream: &mut BufReader<TcpStream>) -> u16 {
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    let status = line.split(' ').nth(1).unwrap().parse().unwrap();
    let mut length = 0;
    while line != "\r\n" {
        line.clear();
        stream.read_line(&mut line).unwrap();
        if let Some(number) = line.to_lowercase().strip_prefix("content-length:") {
            length = number.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    status
}

fn is_alive(stream: &mut BufReader<TcpStream>) {
    let request = "GET /one/t.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
    stream.get_mut().write_all(request.as_bytes()).unwrap();
    assert_eq!(answered(stream), 200);
}

// Proves: WRITE-04
#[test]
fn a_large_body_that_is_refused_does_not_cost_the_connection() {
    let folder = Folder::new();
    let server = served(&folder);
    // Refused before its body is looked at, and when it was too large.
    for (path, status) in [("/one/-/create", 403), ("/one/t/-/insert", 413)] {
        let mut stream = BufReader::new(server.connect());
        let head = head(path, &format!("Content-Length: {LARGE}\r\n"));
        stream.get_mut().write_all(head.as_bytes()).unwrap();
        stream.get_mut().write_all(&vec![b' '; LARGE]).unwrap();
        assert_eq!(answered(&mut stream), status, "{path}");
        is_alive(&mut stream);
    }
}

#[test]
fn the_answer_does_not_wait_for_the_rest() {
    let folder = Folder::new();
    let server = served(&folder);
    let mut stream = BufReader::new(server.connect());
    let head = head("/one/-/create", &format!("Content-Length: {LARGE}\r\n"));
    stream.get_mut().write_all(head.as_bytes()).unwrap();
    stream.get_mut().write_all(&vec![b' '; 1000]).unwrap();
    assert_eq!(answered(&mut stream), 403);
    stream
        .get_mut()
        .write_all(&vec![b' '; LARGE - 1000])
        .unwrap();
    is_alive(&mut stream);
}

#[test]
fn who_asks_before_sending_need_not_send() {
    let folder = Folder::new();
    let server = served(&folder);
    let mut stream = server.connect();
    let lines = format!("Content-Length: {LARGE}\r\nExpect: 100-continue\r\n");
    let head = head("/one/-/create", &lines);
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert!(!answer.contains("100 Continue"), "{answer}");
}

#[test]
fn a_body_without_end_is_not_taken_for_ever() {
    let folder = Folder::new();
    let server = served(&folder);
    let mut stream = server.connect();
    let head = head("/one/-/create", "Transfer-Encoding: chunked\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut chunk = b"100000\r\n".to_vec();
    chunk.resize(chunk.len() + 0x10_0000, b' ');
    chunk.extend_from_slice(b"\r\n");
    let taken = (0..200)
        .take_while(|_| stream.write_all(&chunk).is_ok())
        .count();
    assert!(taken < 200, "{taken} MiB");
}
