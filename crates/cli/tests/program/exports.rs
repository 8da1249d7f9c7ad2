//! Exports and downloads, as a client sees them on the wire.

use std::io::{BufRead, BufReader, Read, Write};

use crate::folder::Folder;
use crate::server::{self, Server};

/// A view that makes many rows when it is read, without holding one; the last of `rows` fails when
/// `fails`.
pub(crate) fn made_up(folder: &Folder, rows: u32, fails: bool) {
    let last = if fails {
        format!("case when i = {rows} then json('{{') else text end")
    } else {
        "text".to_owned()
    };
    drop(folder.database(
        "made.db",
        &format!(
            "create view rows as
             with recursive n (i) as (select 1 union all select i + 1 from n where i < {rows})
             select i, {last} as text from (select i, printf('%.*c', 90, 'x') as text from n)"
        ),
    ));
}

/// The body of a chunked answer, part by part, and whether it came to its proper end.
fn chunks(stream: impl Read, mut each: impl FnMut(&[u8])) -> bool {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        assert!(stream.read_line(&mut line).unwrap() > 0, "no body");
    }
    loop {
        line.clear();
        if stream.read_line(&mut line).unwrap() == 0 {
            return false;
        }
        let size = usize::from_str_radix(line.trim_end(), 16).unwrap();
        if size == 0 {
            return true;
        }
        let mut chunk = vec![0; size + 2];
        if stream.read_exact(&mut chunk).is_err() {
            return false;
        }
        each(&chunk[..size]);
    }
}

/// The most memory the server has ever held, in bytes.
#[cfg(target_os = "linux")]
fn peak(server: &Server) -> u64 {
    peak_of(server.id())
}

/// The most memory a process has ever held, in bytes.
#[cfg(target_os = "linux")]
pub(crate) fn peak_of(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

// Proves: CSV-12
#[cfg(target_os = "linux")]
#[test]
fn memory_stays_flat_while_a_million_rows_are_sent() {
    const ROWS: u32 = 1_000_000;
    /// Far above what buffers and the pages of SQLite need, far below the size of the body.
    const MOST: u64 = 16 * 1024 * 1024;
    let folder = Folder::new();
    made_up(&folder, ROWS, false);
    let server = Server::start(
        &folder,
        &[
            ["made.db", "-p", "0"].as_slice(),
            &["-s", "max_csv_mb", "0"],
            &["-s", "max_returned_rows", "1000000"],
            &["-s", "sql_time_limit_ms", "60000"],
        ]
        .concat(),
    );
    // What a first answer of this kind takes is not what is asked here.
    assert_eq!(server.get("/made/rows.csv?_size=1").status(), 200);
    let before = peak(&server);
    for path in [
        "/made/rows.csv?_stream=on",
        "/made/-/query.csv?sql=select+*+from+rows",
    ] {
        let mut stream = server.connect();
        server::ask(&mut stream, path);
        let (mut lines, mut bytes) = (0, 0_u64);
        let complete = chunks(stream, |chunk| {
            bytes += chunk.len() as u64;
            lines += chunk.iter().filter(|byte| **byte == b'\n').count();
        });
        assert!(complete);
        assert_eq!(lines, ROWS as usize + 1);
        assert!(bytes > 5 * MOST, "{bytes}");
        let grown = peak(&server) - before;
        assert!(grown < MOST, "{grown} bytes more for a body of {bytes}");
    }
}

// Proves: CSV-18
#[test]
fn an_export_that_fails_says_so_and_breaks_the_connection() {
    let folder = Folder::new();
    made_up(&folder, 3000, true);
    let server = Server::start(&folder, &["made.db", "-p", "0"]);
    let mut stream = server.connect();
    server::ask(&mut stream, "/made/rows.csv?_stream=on");
    let mut body = Vec::new();
    let complete = chunks(stream, |chunk| body.extend_from_slice(chunk));
    assert!(!complete, "a broken export looks complete");
    let body = String::from_utf8(body).unwrap();
    let (rows, rest) = body.rsplit_once("\r\n").unwrap();
    assert_eq!(rest, "malformed JSON");
    assert!(rows.ends_with(&format!("2999,{}", "x".repeat(90))));
    // What fails before anything was sent is an error like any other.
    let early = server.get("/made/rows.csv?_stream=on&i__gt=2900");
    assert_eq!(
        (early.status(), early.text().as_str()),
        (400, "malformed JSON")
    );
}

// Proves: DB-21, IMM-11
#[test]
fn a_downloaded_database_is_not_sent_again_while_it_is_the_same() {
    let folder = Folder::new();
    let server = Server::start(&folder, &["-i", "one.db", "-p", "0"]);
    let first = server.get("/one.db");
    assert_eq!(first.status(), 200);
    assert_eq!(first.body, std::fs::read(folder.path("one.db")).unwrap());
    let header = |name: &str| {
        let lines = first.head.lines();
        let mut found = lines.filter_map(|line| line.split_once(": "));
        let (_, value) = found
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .unwrap();
        value.to_owned()
    };
    assert_eq!(header("content-type"), "application/octet-stream");
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"one.db\""
    );
    let tag = header("etag");
    let digest = tag.trim_matches('"');
    let listed = folder.json(&["-i", "one.db"], "/-/databases.json");
    assert_eq!(listed["databases"][0]["hash"], digest);
    assert!(tag.len() == 66 && digest.chars().all(|digit| digit.is_ascii_hexdigit()));
    let ask = |tag: &str| {
        let mut stream = server.connect();
        let request = format!(
            "GET /one.db HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: {tag}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        server::read(stream)
    };
    let again = ask(&tag);
    assert_eq!((again.status(), again.body.len()), (304, 0));
    assert_eq!(ask("\"other\"").status(), 200);
}

#[test]
fn exports_that_nobody_reads_hold_up_no_page() {
    let folder = Folder::new();
    made_up(&folder, 100_000_000, false);
    let server = Server::start(&folder, &["made.db", "-p", "0", "-s", "max_csv_mb", "0"]);
    let unread: Vec<_> = (0..8)
        .map(|_| {
            let mut stream = server.connect();
            server::ask(&mut stream, "/made/rows.csv?_stream=on");
            // The export has begun when the first byte is here; no more are taken.
            stream.read_exact(&mut [0]).unwrap();
            stream
        })
        .collect();
    assert_eq!(server.get("/made/rows.json?_size=1").status(), 200);
    assert_eq!(server.get("/made.json").status(), 200);
    drop(unread);
    // Places are free again when readers leave.
    let mut stream = server.connect();
    server::ask(&mut stream, "/made/rows.csv?_stream=on");
    stream.read_exact(&mut [0]).unwrap();
}
