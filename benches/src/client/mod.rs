//! Our own HTTP/1.1 client: one request at a time, or a closed loop of many.

mod fetch;
mod framing;
mod load;

pub(crate) use fetch::{fetch, fetch_into};
pub(crate) use load::{Load, LoadResult};

use std::net::SocketAddr;

/// The bytes of a GET request for `path` (with query string) that keeps the connection open;
/// `headers` are further lines, each with its end.
fn request(address: SocketAddr, path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: */*\r\n{headers}\r\n").into_bytes()
}
