//! What was answered is there, whatever happens to the server; what was not is there as a whole or
//! not at all.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use rusqlite::Connection;

use crate::folder::Folder;
use crate::server::Server;

/// A call stores two rows; one without the other would be half a call.
const SCHEMA: &str =
    "create table t (id integer primary key, call text, half integer, filler text);";

const CLIENTS: usize = 4;

pub(crate) fn journal(mode: &str) -> String {
    format!("pragma journal_mode = {mode}; {SCHEMA}")
}

/// The status of a call, where its answer came whole.
fn insert(stream: &mut TcpStream, call: &str, filler: usize) -> Option<(u16, String)> {
    insert_with(stream, "", call, filler)
}

/// The same with more headers.
pub(crate) fn insert_with(
    stream: &mut TcpStream,
    headers: &str,
    call: &str,
    filler: usize,
) -> Option<(u16, String)> {
    let filler = "f".repeat(filler);
    let row = |half: u8| format!(r#"{{"call": "{call}", "half": {half}, "filler": "{filler}"}}"#);
    let body = format!(r#"{{"rows": [{}, {}]}}"#, row(0), row(1));
    let request = format!(
        "POST /data/t/-/insert HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {}\r\n\r\n\
         {body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    loop {
        let length = stream.read(&mut part).ok().filter(|length| *length > 0)?;
        answer.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&answer);
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.ends_with('}')
        {
            let status = head.split(' ').nth(1)?.parse().ok()?;
            return Some((status, body.to_owned()));
        }
    }
}

fn start(folder: &Folder) -> Server {
    Server::start(
        folder,
        &["data.db", "-p", "0", "-s", "permissions.insert-row", "true"],
    )
}

pub(crate) fn address(server: &Server) -> String {
    server.place.strip_prefix("http://").unwrap().to_owned()
}

/// Every call is whole, and the file is sound. Answers the calls that are there.
pub(crate) fn check(file: &Path) -> Vec<String> {
    let connection = Connection::open(file).unwrap();
    let sound: String = connection
        .query_row("pragma integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
    let sql = "select call, count(*), count(distinct half) from t group by call";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, i64>(2)?,
        ))
    });
    let rows: Vec<_> = rows.unwrap().map(Result::unwrap).collect();
    rows.into_iter()
        .map(|(call, rows, halves)| {
            assert_eq!((rows, halves), (2, 2), "half of {call}");
            call
        })
        .collect()
}

/// Kills the server again and again, after a number of answers that differs each time.
fn kill_it_again_and_again(mode: &str) {
    let folder = Folder::new();
    drop(folder.database("data.db", &journal(mode)));
    let mut answered: Vec<String> = Vec::new();
    for round in 0..50_usize {
        let server = start(&folder);
        let address = address(&server);
        let enough = 1 + round * 7 % 40;
        let (tell, told) = mpsc::channel();
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (tell, address) = (tell.clone(), address.clone());
                thread::spawn(move || {
                    let mut stream = TcpStream::connect(address).unwrap();
                    for number in 0.. {
                        let call = format!("{round}-{client}-{number}");
                        // The answer breaks off when the server is killed.
                        let Some((status, body)) = insert(&mut stream, &call, 10) else {
                            return;
                        };
                        assert_eq!(status, 201, "{body}");
                        if tell.send(call).is_err() {
                            return;
                        }
                    }
                })
            })
            .collect();
        drop(tell);
        answered.extend(told.iter().take(enough));
        // Its end is SIGKILL.
        drop(server);
        answered.extend(told.iter());
        for client in clients {
            client.join().unwrap();
        }
        let there = check(&folder.path("data.db"));
        let missing = answered.iter().filter(|call| !there.contains(call));
        assert_eq!(missing.count(), 0, "{mode}, round {round}");
        let unanswered = there.len() - answered.len();
        assert!(unanswered <= CLIENTS * (round + 1), "{unanswered}");
    }
}

// Proves: WRITE-08
#[test]
fn killing_it_loses_no_answered_write_with_a_rollback_journal() {
    kill_it_again_and_again("delete");
}

#[test]
fn killing_it_loses_no_answered_write_with_a_write_ahead_log() {
    kill_it_again_and_again("wal");
}

/// The binary on a disk of one megabyte that only it sees.
#[cfg(target_os = "linux")]
fn on_a_small_disk(folder: &Folder) -> std::process::Command {
    let is_root = rustix::process::geteuid().is_root();
    let mut command = folder.command(&[]);
    let program = command.get_program().to_owned();
    let script = "mount -t tmpfs -o size=1m tmpfs small && cp data.db* small/ \
         && head -c 300000 /dev/zero > small/ballast \
         && exec \"$0\" small/data.db -p 0 -s permissions.insert-row true";
    let mut small = std::process::Command::new("unshare");
    small
        .arg(if is_root { "-m" } else { "-rm" })
        .args(["sh", "-c", script])
        .arg(program)
        .env_clear()
        .envs(
            command
                .get_envs()
                .filter_map(|(key, value)| Some((key, value?))),
        )
        .env("PATH", std::env::var_os("PATH").unwrap())
        .current_dir(
            command
                .current_dir(folder.path(""))
                .get_current_dir()
                .unwrap(),
        );
    small
}

#[cfg(target_os = "linux")]
fn fill_the_disk(mode: &str) {
    let folder = Folder::new();
    drop(folder.database("data.db", &journal(mode)));
    folder.directory("small");
    let server = Server::spawn(on_a_small_disk(&folder));
    let there = format!(
        "/proc/{}/root{}",
        server.id(),
        folder.path("small").display()
    );
    let there = Path::new(&there);
    let mut stream = TcpStream::connect(address(&server)).unwrap();
    let mut answered = Vec::new();
    let mut refused = 0;
    for number in 0..400 {
        let call = number.to_string();
        let (status, body) = insert(&mut stream, &call, 5_000).unwrap();
        if status == 201 {
            answered.push(call);
            continue;
        }
        assert_eq!(status, 503, "{body}");
        let words = "The disk that holds this database is full.";
        assert!(body.contains(words), "{body}");
        assert!(!body.contains("small"), "{body}");
        refused += 1;
        if refused == 3 {
            break;
        }
    }
    assert_eq!(refused, 3, "{mode}");
    assert!(answered.len() > 5);
    assert_eq!(server.get("/data/t.json?_size=1").status(), 200);
    std::fs::remove_file(there.join("ballast")).unwrap();
    let (status, body) = insert(&mut stream, "after", 5_000).unwrap();
    assert_eq!(status, 201, "{body}");
    answered.push("after".to_owned());
    // What the server holds open is copied as it is, and read after its end.
    let end = folder.path("end");
    std::fs::create_dir(&end).unwrap();
    for file in std::fs::read_dir(there).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), end.join(file.file_name())).unwrap();
    }
    let mut found = check(&end.join("data.db"));
    found.sort();
    answered.sort();
    assert_eq!(found, answered, "{mode}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_loses_nothing_with_a_rollback_journal() {
    fill_the_disk("delete");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_loses_nothing_with_a_write_ahead_log() {
    fill_the_disk("wal");
}

#[test]
fn a_lock_of_another_process_is_waited_for_and_told() {
    let folder = Folder::new();
    drop(folder.database("data.db", &journal("wal")));
    let server = start(&folder);
    let mut stream = TcpStream::connect(address(&server)).unwrap();
    assert_eq!(insert(&mut stream, "before", 1).unwrap().0, 201);
    let other = Connection::open(folder.path("data.db")).unwrap();
    other
        .execute_batch("begin immediate; delete from t;")
        .unwrap();
    let reads = AtomicUsize::new(0);
    let done = AtomicBool::new(false);
    let refused = thread::scope(|scope| {
        scope.spawn(|| {
            // Readers do not notice.
            while !done.load(Ordering::Relaxed) {
                assert_eq!(server.get("/data/t.json?_size=1").status(), 200);
                reads.fetch_add(1, Ordering::Relaxed);
                thread::yield_now();
            }
        });
        let refused = insert(&mut stream, "refused", 1);
        done.store(true, Ordering::Relaxed);
        refused.unwrap()
    });
    assert_eq!(refused.0, 503);
    assert!(
        refused.1.contains("locked by another process"),
        "{}",
        refused.1
    );
    assert!(reads.load(Ordering::Relaxed) > 0);
    // One that waits is done when the lock goes.
    thread::scope(|scope| {
        let waiting = scope.spawn(|| insert(&mut stream, "waited", 1).unwrap());
        other.execute_batch("rollback").unwrap();
        assert_eq!(waiting.join().unwrap().0, 201);
    });
    drop(server);
    assert_eq!(check(&folder.path("data.db")), ["before", "waited"]);
}
