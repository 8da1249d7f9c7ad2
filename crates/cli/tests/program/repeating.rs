//! A client that sends its calls again, with the key of each, gets every row once, whatever happens
//! to the server.

use std::collections::HashSet;
use std::net::TcpStream;
use std::sync::mpsc::{self, Sender};
use std::thread;

use crate::durability::{address, check, insert_with, journal};
use crate::folder::Folder;
use crate::server::Server;

const CLIENTS: usize = 4;

fn start(folder: &Folder) -> Server {
    let words = "data.db -p 0 -s permissions.insert-row true --internal internal.db";
    let words: Vec<&str> = words.split(' ').collect();
    Server::start(folder, &words)
}

/// A client and the call that it is at.
#[derive(Clone, Copy)]
struct Client {
    number: usize,
    call: usize,
    /// How many keys the call has had.
    keys: usize,
    /// How often an outcome was not known.
    unknown: usize,
}

impl Client {
    /// Makes calls until the server is gone or that many are answered.
    fn work(mut self, server: &str, most: usize, tell: &Sender<()>) -> Self {
        let Ok(mut stream) = TcpStream::connect(server) else {
            return self;
        };
        while self.call < most {
            let call = format!("{}-{}", self.number, self.call);
            let key = format!("Idempotency-Key: \"{call}-{}\"\r\n", self.keys);
            let Some((status, body)) = insert_with(&mut stream, &key, &call, 10) else {
                return self;
            };
            let is_done = match status {
                201 => true,
                409 => {
                    assert!(body.contains("is not known"), "{body}");
                    self.unknown += 1;
                    self.keys += 1;
                    match is_there(server, &call) {
                        Some(is_there) => is_there,
                        None => {
                            return Self {
                                keys: self.keys - 1,
                                ..self
                            };
                        }
                    }
                }
                _ => panic!("{status} {body}"),
            };
            if is_done {
                self.call += 1;
                self.keys = 0;
                // Nobody may be listening any more.
                let _ = tell.send(());
            }
        }
        self
    }
}

/// Whether the rows of a call are there; `None` when the server is gone.
fn is_there(server: &str, call: &str) -> Option<bool> {
    use std::io::{Read, Write};
    let mut stream = TcpStream::connect(server).ok()?;
    let path = format!("/data/t.json?_shape=array&call={call}");
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    let rows: Vec<serde_json::Value> = serde_json::from_str(body).ok()?;
    Some(!rows.is_empty())
}

fn repeat_through_kills(mode: &str) {
    let folder = Folder::new();
    drop(folder.database("data.db", &journal(mode)));
    let client = |number| Client {
        number,
        call: 0,
        keys: 0,
        unknown: 0,
    };
    let mut clients: Vec<Client> = (0..CLIENTS).map(client).collect();
    let rounds = 30;
    for round in 0..=rounds {
        let server = start(&folder);
        let place = address(&server);
        // The last server lives until every client has had its answer.
        let (enough, most) = match round == rounds {
            true => (
                usize::MAX,
                clients.iter().map(|client| client.call).max().unwrap() + 1,
            ),
            false => (1 + round * 7 % 20, usize::MAX),
        };
        let (tell, told) = mpsc::channel();
        let working: Vec<_> = clients
            .into_iter()
            .map(|client| {
                let (place, tell) = (place.clone(), tell.clone());
                thread::spawn(move || client.work(&place, most, &tell))
            })
            .collect();
        drop(tell);
        let _ = told.iter().take(enough).count();
        // Its end is SIGKILL, in the last round when all are done.
        drop(server);
        clients = working
            .into_iter()
            .map(|client| client.join().unwrap())
            .collect();
        // Rows of a call that stand there twice are found here.
        check(&folder.path("data.db"));
    }
    let there: HashSet<String> = check(&folder.path("data.db")).into_iter().collect();
    let expected = clients
        .iter()
        .flat_map(|client| (0..client.call).map(|call| format!("{}-{call}", client.number)));
    assert_eq!(there, expected.collect(), "{mode}");
    assert!(there.len() > 4 * CLIENTS);
}

// Proves: WRITE-155, WRITE-157
#[test]
fn a_row_is_never_there_twice_with_a_rollback_journal() {
    repeat_through_kills("delete");
}

#[test]
fn a_row_is_never_there_twice_with_a_write_ahead_log() {
    repeat_through_kills("wal");
}
