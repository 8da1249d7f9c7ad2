//! One request on a connection of its own.

use std::error::Error;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::framing::Framing;
use super::request;

/// A server that sends nothing for this long has failed.
const SILENCE: Duration = Duration::from_secs(120);

/// Gets the body of `path`.
///
/// # Errors
/// No connection, a status other than 200, an empty or malformed response.
pub(crate) fn fetch(address: SocketAddr, path: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut body = Vec::new();
    fetch_into(address, path, |piece| body.extend_from_slice(piece))?;
    Ok(body)
}

/// Gets `path` and hands the pieces of the body to `sink` as they arrive.
///
/// # Errors
/// As [`fetch`]; pieces may have been handed out before.
pub(crate) fn fetch_into(
    address: SocketAddr,
    path: &str,
    mut sink: impl FnMut(&[u8]),
) -> Result<(), Box<dyn Error>> {
    exchange(
        address,
        path,
        &request(address, path, "", None),
        200,
        &mut sink,
    )
}

/// Sends `body` and expects an answer with that status; `headers` are lines, each with its end.
///
/// # Errors
/// As [`fetch`].
pub(crate) fn post(
    address: SocketAddr,
    path: &str,
    headers: &str,
    body: &[u8],
    status: u16,
) -> Result<(), Box<dyn Error>> {
    let request = request(address, path, headers, Some(body));
    exchange(address, path, &request, status, &mut |_| ())
}

fn exchange(
    address: SocketAddr,
    path: &str,
    request: &[u8],
    status: u16,
    mut sink: &mut dyn FnMut(&[u8]),
) -> Result<(), Box<dyn Error>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(SILENCE))?;
    stream.write_all(request)?;
    let mut framing = Framing::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            framing.end()?;
            break;
        }
        if framing.feed(&buffer[..length], &mut sink)? {
            break;
        }
    }
    if framing.status() != status {
        return Err(format!("{path} answered with status {}", framing.status()).into());
    }
    if framing.body_length() == 0 {
        return Err(format!("{path} answered with an empty body").into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// Answers one request with `wire` and closes.
    fn answer(wire: &'static [u8]) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let length = stream.read(&mut request).unwrap();
            assert!(request[..length].starts_with(b"GET /x?y=1 HTTP/1.1\r\nhost: 127.0.0.1:"));
            stream.write_all(wire).unwrap();
        });
        address
    }

    #[test]
    fn a_body_is_fetched() {
        let address = answer(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
        assert_eq!(fetch(address, "/x?y=1").unwrap(), b"ok");
    }

    #[test]
    fn other_statuses_and_empty_bodies_are_errors() {
        let address = answer(b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno");
        assert!(
            fetch(address, "/x?y=1")
                .unwrap_err()
                .to_string()
                .contains("status 404")
        );
        let address = answer(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        assert!(
            fetch(address, "/x?y=1")
                .unwrap_err()
                .to_string()
                .contains("empty body")
        );
    }
}
