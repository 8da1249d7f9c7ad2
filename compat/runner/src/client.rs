//! A small HTTP/1.1 client: one connection per request, the path sent exactly as written, no
//! redirect followed. A general client would tidy `//host/` or `/\host` before sending it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Sent as Host, so that absolute URLs never contain a port.
pub(crate) const HOST: &str = "compat.example";
/// Longest wait for one answer.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Room for response headers.
const MAX_HEADERS: usize = 100;

/// What is sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outgoing {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// `Some("")` sends no Host header.
    pub(crate) host: Option<String>,
}

/// What came back, headers in order with lower-case names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Incoming {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Incoming {
    /// First header of that lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Sends one request and reads the whole answer.
pub(crate) fn send(address: SocketAddr, request: &Outgoing) -> Result<Incoming> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(&serialise(request))?;
    let mut bytes = Vec::new();
    stream
        .read_to_end(&mut bytes)
        .with_context(|| format!("reading the answer to {} {}", request.method, request.path))?;
    parse(&bytes, request.method == "HEAD")
        .with_context(|| format!("in the answer to {} {}", request.method, request.path))
}

fn serialise(request: &Outgoing) -> Vec<u8> {
    let mut head = format!("{} {} HTTP/1.1\r\n", request.method, request.path);
    let host = request.host.as_deref().unwrap_or(HOST);
    if !host.is_empty() {
        head.push_str(&format!("Host: {host}\r\n"));
    }
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let bodiless = matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    if !request.body.is_empty() || !bodiless {
        head.push_str(&format!("Content-Length: {}\r\n", request.body.len()));
    }
    head.push_str("Connection: close\r\n\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(&request.body);
    bytes
}

fn parse(bytes: &[u8], no_body: bool) -> Result<Incoming> {
    let mut slots = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut slots);
    let length = match response.parse(bytes)? {
        httparse::Status::Complete(length) => length,
        httparse::Status::Partial => bail!("the connection closed within the headers"),
    };
    let headers: Vec<(String, String)> = response
        .headers
        .iter()
        .map(|header| {
            let value = String::from_utf8_lossy(header.value).into_owned();
            (header.name.to_ascii_lowercase(), value)
        })
        .collect();
    let mut incoming = Incoming {
        status: response.code.unwrap_or_default(),
        headers,
        body: Vec::new(),
    };
    let rest = &bytes[length..];
    let chunked = incoming
        .header("transfer-encoding")
        .is_some_and(|value| value == "chunked");
    incoming.body = if no_body {
        Vec::new()
    } else if chunked {
        join_chunks(rest)?
    } else {
        if let Some(expected) = incoming.header("content-length") {
            let expected: usize = expected.parse()?;
            if rest.len() < expected {
                bail!("the body ends after {} of {expected} bytes", rest.len());
            }
        }
        rest.to_vec()
    };
    Ok(incoming)
}

fn join_chunks(mut rest: &[u8]) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let (start, size) = match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete(found)) => found,
            Ok(httparse::Status::Partial) => bail!("a chunked body was cut off"),
            Err(_) => bail!("a chunk size is malformed"),
        };
        if size == 0 {
            return Ok(body);
        }
        let end = start + usize::try_from(size)?;
        match (rest.get(start..end), rest.get(end + 2..)) {
            (Some(chunk), Some(after)) => {
                body.extend_from_slice(chunk);
                rest = after;
            }
            _ => bail!("a chunked body was cut off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunked_body_is_joined() {
        let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        let incoming = parse(bytes, false).unwrap();
        assert_eq!(
            (incoming.status, incoming.body.as_slice()),
            (200, b"abcde".as_slice())
        );
    }

    #[test]
    fn a_body_that_is_cut_off_is_an_error() {
        assert!(parse(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc", false).is_err());
        let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nabc";
        assert!(parse(chunked, false).is_err());
    }

    #[test]
    fn the_path_is_sent_as_written() {
        let request = Outgoing {
            method: "GET".to_owned(),
            path: "//example.com/%2e?a=~b".to_owned(),
            ..Outgoing::default()
        };
        let text = String::from_utf8(serialise(&request)).unwrap();
        assert!(
            text.starts_with("GET //example.com/%2e?a=~b HTTP/1.1\r\nHost: compat.example\r\n")
        );
    }
}
