//! Rows inserted one by one by several clients, in both journal modes, and a file of many.

use std::error::Error;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use rusqlite::Connection;

use super::setting::Setting;
use super::work::Work;
use crate::client::{self, Load};
use crate::contestants::{Contestant, Server};
use crate::locations;
use crate::report::{LineKey, Sample};

/// Where rows are inserted.
pub(super) const INSERT: &str = "/writes/notes/-/insert";

/// Clients at the same time.
const CLIENTS: u16 = 8;

/// Rows of the file.
const ROWS: usize = 100_000;

const ROW: &[u8] = br#"{"row": {"name": "a note of some length", "n": 12.5}}"#;

/// Lets one contestant insert rows.
///
/// # Errors
/// A server that does not start, refuses a row, or has not stored what it answered.
pub(super) fn measure(
    contestant: Contestant,
    setting: &Setting,
) -> Result<Vec<Sample>, Box<dyn Error>> {
    let import = |seconds| Sample::new(LineKey::Import, seconds);
    if contestant == Contestant::Shell {
        return Ok(vec![import(shell(setting)?)]);
    }
    let mut samples = Vec::new();
    for (key, mode) in [
        (LineKey::InsertsRollback, "delete"),
        (LineKey::InsertsAhead, "wal"),
    ] {
        samples.push(single(contestant, setting, key, mode)?);
    }
    // The others do not take rows as lines.
    if contestant == Contestant::Ours {
        samples.push(import(stream(setting)?));
    }
    Ok(samples)
}

/// An empty table in a file of its own.
fn fresh(mode: &str) -> Result<PathBuf, Box<dyn Error>> {
    let file = locations::work_folder().join("writes.db");
    for ending in ["db", "db-wal", "db-shm", "db-journal"] {
        // Most of them are not there.
        let _ = fs::remove_file(file.with_extension(ending));
    }
    let connection = Connection::open(&file)?;
    connection.pragma_update(None, "journal_mode", mode)?;
    connection.execute_batch("create table notes (id integer primary key, name text, n real)")?;
    Ok(file)
}

fn start(contestant: Contestant, setting: &Setting, file: &Path) -> Result<Server, Box<dyn Error>> {
    let options: &[&str] = match contestant {
        Contestant::Floor => &[],
        Contestant::Ours => &[
            "-s",
            "permissions.insert-row",
            "true",
            "-s",
            "max_streamed_rows",
            "100000",
        ],
        _ => &["-s", "permissions.insert-row", "true"],
    };
    let options: Vec<&OsStr> = options.iter().map(OsStr::new).collect();
    let ready = "/writes/notes.json";
    Server::start(
        &setting.contestants,
        contestant,
        file,
        &options,
        setting.port,
        ready,
    )
}

fn single(
    contestant: Contestant,
    setting: &Setting,
    key: LineKey,
    mode: &str,
) -> Result<Sample, Box<dyn Error>> {
    let file = fresh(mode)?;
    let server = start(contestant, setting, &file)?;
    let load = Load {
        body: Some(ROW),
        headers: "content-type: application/json\r\n",
        status: 201,
        connections: CLIENTS,
        ..setting.load(Work::Write, &server)
    };
    let result = load.run()?;
    drop(server);
    expect_rows(&file, result.answers())?;
    Ok(Sample {
        p50: result.latency(50.0),
        p99: result.latency(99.0),
        ..Sample::new(key, result.rate())
    })
}

/// The file of rows that is imported.
fn lines() -> String {
    let rows = (1..=ROWS).map(|id| format!("{id},note number {id},{}.5\n", id % 1000));
    std::iter::once("id,name,n\n".to_owned())
        .chain(rows)
        .collect()
}

fn stream(setting: &Setting) -> Result<f64, Box<dyn Error>> {
    let file = fresh("wal")?;
    let server = start(Contestant::Ours, setting, &file)?;
    let body = lines();
    let begin = Instant::now();
    let headers = "content-type: text/csv\r\n";
    client::post(server.address(), INSERT, headers, body.as_bytes(), 201)?;
    let seconds = begin.elapsed().as_secs_f64();
    drop(server);
    expect_rows(&file, ROWS)?;
    Ok(seconds)
}

fn shell(setting: &Setting) -> Result<f64, Box<dyn Error>> {
    let file = fresh("wal")?;
    let rows = file.with_extension("csv");
    fs::write(&rows, lines())?;
    let begin = Instant::now();
    let status = Command::new(setting.contestants.binary(Contestant::Shell))
        .arg(&file)
        .arg(format!(".import --csv --skip 1 '{}' notes", rows.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()?;
    let seconds = begin.elapsed().as_secs_f64();
    if !status.success() {
        return Err(format!("the shell ended with {status}").into());
    }
    expect_rows(&file, ROWS)?;
    Ok(seconds)
}

/// What was answered is there, and nothing else.
fn expect_rows(file: &Path, expected: usize) -> Result<(), Box<dyn Error>> {
    let sql = "select count(*) from notes";
    let found: i64 = Connection::open(file)?.query_row(sql, [], |row| row.get(0))?;
    match usize::try_from(found) == Ok(expected) {
        true => Ok(()),
        false => Err(format!("{found} rows are stored, {expected} were answered").into()),
    }
}
