//! A million rows as CSV: seconds, and how much memory they cost the server.

use std::error::Error;
use std::io::Read;
use std::process::Stdio;
use std::time::Instant;

use super::setting::{Setting, paths};
use super::work::Work;
use crate::agreement::Agreement;
use crate::client;
use crate::contestants::{Contestant, MemoryUse};
use crate::data::million;
use crate::fingerprint::Fingerprint;
use crate::report::{LineKey, Sample};

/// Lets a server, or the `sqlite3` shell, export the long table once.
///
/// # Errors
/// A server that fails or sends other bytes than the others.
pub(super) fn measure(
    contestant: Contestant,
    setting: &Setting,
    agreement: &mut Agreement,
) -> Result<Vec<Sample>, Box<dyn Error>> {
    if contestant == Contestant::Shell {
        return shell(setting);
    }
    let server = setting.start(Work::Csv, contestant)?;
    MemoryUse::forget_peak(server.process());
    let before = MemoryUse::of(server.process())?;
    let mut fingerprint = Fingerprint::default();
    let begin = Instant::now();
    for path in paths(Work::Csv) {
        client::fetch_into(server.address(), &path, |piece| fingerprint.feed(piece))?;
    }
    let seconds = begin.elapsed().as_secs_f64();
    let after = MemoryUse::of(server.process())?;
    // The rows and the line with the names of the columns.
    expect_lines(&fingerprint, million::ROWS + 1)?;
    agreement.check_export(&fingerprint)?;
    Ok(vec![
        Sample::new(LineKey::CsvSeconds, seconds),
        Sample::new(LineKey::CsvGrowth, after.peak - before.peak),
    ])
}

fn shell(setting: &Setting) -> Result<Vec<Sample>, Box<dyn Error>> {
    let mut command =
        setting
            .contestants
            .command(Contestant::Shell, &setting.databases.million, setting.port);
    let begin = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut output = child.stdout.take().ok_or("the shell has no output")?;
    let mut fingerprint = Fingerprint::default();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match output.read(&mut buffer)? {
            0 => break,
            length => fingerprint.feed(&buffer[..length]),
        }
    }
    let status = child.wait()?;
    let seconds = begin.elapsed().as_secs_f64();
    if !status.success() {
        return Err(format!("the sqlite3 shell ended with {status}").into());
    }
    expect_lines(&fingerprint, million::ROWS)?;
    Ok(vec![Sample::new(LineKey::CsvSeconds, seconds)])
}

fn expect_lines(fingerprint: &Fingerprint, lines: u64) -> Result<(), String> {
    if fingerprint.lines() == lines {
        return Ok(());
    }
    Err(format!(
        "{} lines of CSV instead of {lines}",
        fingerprint.lines()
    ))
}
