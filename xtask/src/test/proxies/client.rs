//! A visitor: one request on one connection, the path exactly as written.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where requests go.
#[derive(Clone, Debug)]
pub(super) enum Place {
    Port(u16),
    Socket(std::path::PathBuf),
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(own, _)| own == name);
        found.next().map(|(_, value)| value.as_str())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The cookie that the answer sets, as it is sent back.
    pub(super) fn cookie(&self) -> Option<&str> {
        self.header("set-cookie")?.split(';').next()
    }
}

/// Asks; `lines` are further header lines. The name of the host stands in `host`.
pub(super) fn ask(
    place: &Place,
    request: (&str, &str),
    host: &str,
    lines: &[&str],
    body: &str,
) -> Result<Answer> {
    let (method, path) = request;
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for line in lines {
        text.push_str(&format!("{line}\r\n"));
    }
    if !body.is_empty() {
        let length = body.len();
        text.push_str("Content-Type: application/x-www-form-urlencoded\r\n");
        text.push_str(&format!("Content-Length: {length}\r\n"));
    }
    text.push_str(&format!("\r\n{body}"));
    let received = match place {
        Place::Port(port) => {
            let stream = TcpStream::connect(("127.0.0.1", *port))?;
            stream.set_read_timeout(Some(PATIENCE))?;
            talk(stream, &text)
        }
        Place::Socket(path) => talk_to_socket(path, &text),
    };
    read(&received.with_context(|| format!("{method} {path}"))?)
        .with_context(|| format!("{method} {path}"))
}

#[cfg(unix)]
fn talk_to_socket(path: &Path, text: &str) -> Result<Vec<u8>> {
    let stream = std::os::unix::net::UnixStream::connect(path)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    talk(stream, text)
}

#[cfg(not(unix))]
fn talk_to_socket(_path: &Path, _text: &str) -> Result<Vec<u8>> {
    bail!("this system has no such sockets")
}

fn talk(mut stream: impl Read + Write, text: &str) -> Result<Vec<u8>> {
    stream.write_all(text.as_bytes())?;
    let mut received = Vec::new();
    stream.read_to_end(&mut received)?;
    Ok(received)
}

fn read(received: &[u8]) -> Result<Answer> {
    let end = received.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.context("the answer has no end of its head")?;
    let head = String::from_utf8_lossy(&received[..end]);
    let mut lines = head.split("\r\n");
    let first = lines.next().unwrap_or_default();
    let status = first.split(' ').nth(1).unwrap_or_default();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let rest = &received[end + 4..];
    let is_chunked = headers
        .iter()
        .any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    Ok(Answer {
        status: status.parse().context("the answer has no status")?,
        body: match is_chunked {
            true => joined(rest)?,
            false => rest.to_vec(),
        },
        headers,
    })
}

/// The chunks of a body; one that breaks off is an error.
fn joined(mut rest: &[u8]) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n");
        let end = end.context("the body breaks off")?;
        let size = String::from_utf8_lossy(&rest[..end]);
        let size = usize::from_str_radix(size.split(';').next().unwrap_or_default(), 16)?;
        rest = &rest[end + 2..];
        if size == 0 {
            return Ok(body);
        }
        let Some(chunk) = rest.get(..size) else {
            bail!("the body breaks off in a chunk");
        };
        body.extend_from_slice(chunk);
        rest = rest.get(size + 2..).context("the body breaks off")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_and_half_ones_refused() {
        let whole = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        let answer = read(whole).unwrap();
        assert_eq!((answer.status, answer.text().as_str()), (200, "abc"));
        assert_eq!(answer.header("transfer-encoding"), Some("chunked"));
        assert!(read(&whole[..whole.len() - 7]).is_err());
    }
}
