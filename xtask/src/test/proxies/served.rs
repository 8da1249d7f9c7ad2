//! The server behind a proxy, with a database of hostile names.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use rusqlite::Connection;

use super::client::Place;

/// Names that proxies like to change on the way: a slash, a percent sign, a tilde, blanks.
const SQL: &str = "
    create table t (id integer primary key, name text);
    insert into t values (1, 'one'), (2, 'two'), (3, 'three');
    create table \"a/b c~%\" (id integer primary key);
    insert into \"a/b c~%\" values (1);
    create table \"é\" (id text primary key);
    insert into \"é\" values ('x/y'), ('..'), ('a%2Fb');
    create table large (x text);
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 8000)
    insert into large select hex(zeroblob(400)) from n;";

/// A running server. It is killed when it is dropped.
pub(super) struct Served {
    child: Child,
    pub(super) place: Place,
    /// The token of the link that signs in.
    pub(super) token: String,
}

/// Makes the database.
pub(super) fn database(folder: &Path) -> Result<PathBuf> {
    let path = folder.join("data.db");
    Connection::open(&path)?.execute_batch(SQL)?;
    Ok(path)
}

impl Served {
    /// Starts the binary for the database, at a socket of this path or at a port of its choice.
    pub(super) fn start(
        binary: &Path,
        database: &Path,
        socket: Option<&Path>,
        settings: &[(&str, &str)],
    ) -> Result<Self> {
        let mut command = Command::new(binary);
        command.arg(database).arg("--root");
        match socket {
            Some(socket) => command.arg("--uds").arg(socket),
            None => command.args(["-p", "0"]),
        };
        for (name, value) in settings {
            command.args(["--setting", name, value]);
        }
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .env_remove("FORWARDED_ALLOW_IPS")
            .env("DATASETTE_LOAD_PLUGINS", "")
            .spawn()
            .with_context(|| format!("{} does not start", binary.display()))?;
        let out = child.stdout.take().context("the server has no output")?;
        let err = child.stderr.take().context("the server has no news")?;
        let mut served = Self {
            child,
            place: Place::Port(0),
            token: String::new(),
        };
        let mut out = BufReader::new(out);
        let mut link = String::new();
        out.read_line(&mut link)?;
        served.token = link
            .trim()
            .rsplit('=')
            .next()
            .unwrap_or_default()
            .to_owned();
        let mut err = BufReader::new(err);
        let mut said = String::new();
        let line = loop {
            let mut line = String::new();
            if err.read_line(&mut line)? == 0 {
                bail!("the server ended: {said}");
            }
            if line.contains(" running on ") {
                break line;
            }
            said.push_str(&line);
        };
        served.place = match socket {
            Some(socket) => Place::Socket(socket.to_owned()),
            None => {
                let url = line.split(' ').find(|word| word.starts_with("http://"));
                let port = url.and_then(|url| url.rsplit(':').next());
                Place::Port(port.context("the server names no port")?.parse()?)
            }
        };
        // What it says from now on is read by nobody, and must not fill its pipes.
        std::thread::spawn(move || out.read_to_end(&mut Vec::new()));
        std::thread::spawn(move || err.read_to_end(&mut Vec::new()));
        Ok(served)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
