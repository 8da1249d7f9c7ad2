//! One line per answer on the standard output (CLI-124), or one JSON object, written by a thread of its own so that
//! no answer waits for whoever reads them.

use std::convert::Infallible;
use std::io::{self, BufWriter, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use datasette_web::caller::Caller;
use datasette_web::serve::{AccessLog, Answered};
use serde_json::json;
use tokio::sync::oneshot;

use crate::logging::{self, Form};

/// Lines that may wait. Beyond that lines are lost rather than answers late.
const WAITING: usize = 16_384;

/// How long lines gather before they are written. Waking the thread for each would cost every
/// answer about as much as making it.
const GATHERING: Duration = Duration::from_millis(5);

/// How long the end of the server waits for the last lines.
const PATIENCE: Duration = Duration::from_secs(1);

/// The log as the server sees it.
pub(crate) struct StandardOutput {
    lines: SyncSender<String>,
}

/// Tells when the last line is written.
pub(crate) struct LogEnd(oneshot::Receiver<Infallible>);

impl StandardOutput {
    /// Starts the thread. It ends when the log is dropped.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub(crate) fn open() -> io::Result<(Self, LogEnd)> {
        let (lines, written) = sync_channel(WAITING);
        let (running, ended) = oneshot::channel();
        let builder = std::thread::Builder::new().name("access-log".to_owned());
        builder.spawn(move || {
            write_all(&written);
            drop(running);
        })?;
        Ok((Self { lines }, LogEnd(ended)))
    }
}

impl LogEnd {
    /// Waits until everything is written, but not for ever: whoever reads the lines may not.
    pub(crate) async fn reached(self) {
        let _ = tokio::time::timeout(PATIENCE, self.0).await;
    }
}

impl AccessLog for StandardOutput {
    fn answered(&self, answered: &Answered<'_>) {
        let line = match Form::chosen() {
            Form::Text => line(answered),
            Form::Json => json_line(answered),
        };
        let _ = self.lines.try_send(line);
    }
}

fn line(answered: &Answered<'_>) -> String {
    let client = client(answered.caller);
    let status = answered.status;
    let version = format!("{:?}", answered.version);
    format!(
        "INFO:     {client} - \"{} {} {version}\" {} {}",
        answered.method,
        answered.uri,
        status.as_u16(),
        status.canonical_reason().unwrap_or_default()
    )
}

/// For collectors of logs, which keep what they are given: without the query string, because it
/// holds what people look for.
fn json_line(answered: &Answered<'_>) -> String {
    let milliseconds = answered.took.as_secs_f64() * 1000.0;
    logging::line(
        "INFO",
        "datasette::access",
        [
            ("client", json!(client(answered.caller))),
            ("method", json!(answered.method.as_str())),
            ("path", json!(answered.uri.path())),
            ("version", json!(format!("{:?}", answered.version))),
            ("status", json!(answered.status.as_u16())),
            (
                "duration_ms",
                json!((milliseconds * 1000.0).round() / 1000.0),
            ),
        ],
    )
}

/// Host and port; a host that a proxy names may hold anything, but not break the line.
fn client(caller: &Caller) -> String {
    let Some(host) = &caller.host else {
        return String::new();
    };
    let printable = host.replace(char::is_control, "?");
    format!("{printable}:{}", caller.port)
}

/// Writes what has gathered at once, and flushes before it waits: a line that comes alone is written
/// at once, one that follows it closely after a moment.
fn write_all(lines: &Receiver<String>) {
    let mut out = BufWriter::new(io::stdout());
    while let Ok(first) = lines.recv() {
        let mut next = Ok(first);
        while let Ok(line) = next {
            // A reader that went away ends the log, not the server.
            if writeln!(out, "{line}").is_err() {
                return;
            }
            next = lines.try_recv();
        }
        if out.flush().is_err() {
            return;
        }
        std::thread::sleep(GATHERING);
    }
}
