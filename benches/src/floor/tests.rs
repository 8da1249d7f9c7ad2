use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::server;
use crate::client::{self, Load};
use crate::data::million;

/// A floor over a small file; the folder has to outlive it.
fn floor(rows: u64) -> (TempDir, SocketAddr) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("small.db");
    let connection = Connection::open(&file).unwrap();
    million::fill(&connection, rows).unwrap();
    connection
        .execute_batch("create table \"a.b\" (x text); insert into \"a.b\" values ('é, \"q\"')")
        .unwrap();
    connection.close().unwrap();
    (folder, serve(vec![file]))
}

fn serve(files: Vec<PathBuf>) -> SocketAddr {
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let router = server::router(&files, 2).unwrap();
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap()).unwrap();
            server::listen(listener, router).await.unwrap();
        });
    });
    receiver.recv().unwrap()
}

fn json(address: SocketAddr, path: &str) -> Value {
    serde_json::from_slice(&client::fetch(address, path).unwrap()).unwrap()
}

#[test]
fn a_page_has_a_hundred_rows_and_a_way_on() {
    let (_folder, address) = floor(150);
    let page = json(address, "/small/observations.json");
    let rows = page["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 100);
    assert_eq!(rows[99]["id"], 100);
    assert_eq!(rows[4]["code"], million::code(5));
    assert_eq!(page["next"], "100");
    let next = format!("http://{address}/small/observations.json?_next=100");
    assert_eq!(page["next_url"], next);
}

#[test]
fn a_short_table_has_no_next_page() {
    let (_folder, address) = floor(100);
    let page = json(address, "/small/observations.json");
    assert_eq!(page["rows"].as_array().unwrap().len(), 100);
    assert_eq!(page["next"], Value::Null);
}

#[test]
fn one_row_is_found_by_its_key() {
    let (_folder, address) = floor(20);
    let page = json(address, "/small/observations/7.json");
    assert_eq!(page["rows"][0]["code"], million::code(7));
    assert_eq!(page["primary_keys"][0], "id");
    assert_eq!(page["primary_key_values"][0], "7");
    assert!(client::fetch(address, "/small/observations/21.json").is_err());
}

#[test]
fn csv_streams_the_whole_table() {
    let (_folder, address) = floor(3000);
    let text = client::fetch(address, "/small/observations.csv").unwrap();
    let text = String::from_utf8(text).unwrap();
    assert_eq!(text.matches("\r\n").count(), 3001);
    assert!(text.starts_with("id,station_id,observed_on,kind,"));
    assert!(text.lines().last().unwrap().ends_with(&million::code(3000)));
    let odd = client::fetch(address, "/small/a.b.csv").unwrap();
    assert_eq!(String::from_utf8(odd).unwrap(), "x\r\n\"é, \"\"q\"\"\"\r\n");
}

#[test]
fn unknown_tables_are_refused() {
    let (_folder, address) = floor(1);
    for path in [
        "/small/nothing.json",
        "/other/observations.json",
        "/small/nothing.csv",
    ] {
        let error = client::fetch(address, path).unwrap_err();
        assert!(error.to_string().contains("status 404"), "{error}");
    }
}

#[test]
fn a_closed_loop_counts_the_answers() {
    let (_folder, address) = floor(50);
    let load = Load {
        address,
        headers: "",
        body: None,
        status: 200,
        paths: vec![
            "/small/observations/1.json".into(),
            "/small/observations/2.json".into(),
        ],
        connections: 3,
        duration: Duration::from_millis(200),
    };
    let result = load.run().unwrap();
    assert!(result.answers() > 3, "{result:?}");
    assert!(result.elapsed >= 0.2 && result.rate() > 15.0);
    assert!(result.latency(50.0).unwrap() <= result.latency(99.0).unwrap());
}

#[test]
fn a_closed_loop_stops_at_the_first_wrong_answer() {
    let (_folder, address) = floor(1);
    let load = Load {
        address,
        headers: "",
        body: None,
        status: 200,
        paths: vec![
            "/small/observations/1.json".into(),
            "/small/missing.json".into(),
        ],
        connections: 1,
        duration: Duration::from_secs(5),
    };
    assert!(load.run().unwrap_err().to_string().contains("status 404"));
}
