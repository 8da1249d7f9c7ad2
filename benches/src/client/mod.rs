//! Our own HTTP/1.1 client: one request at a time, or a closed loop of many.

mod fetch;
mod framing;
mod load;

pub(crate) use fetch::{fetch, fetch_into, post};
pub(crate) use load::{Load, LoadResult};

use std::net::SocketAddr;

/// The bytes of a request for `path` (with query string) that keeps the connection open: POST with
/// a body, GET without; `headers` are further lines, each with its end.
fn request(address: SocketAddr, path: &str, headers: &str, body: Option<&[u8]>) -> Vec<u8> {
    let (method, length) = match body {
        Some(body) => ("POST", format!("content-length: {}\r\n", body.len())),
        None => ("GET", String::new()),
    };
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\naccept: */*\r\n{headers}{length}\r\n"
    );
    [head.as_bytes(), body.unwrap_or_default()].concat()
}
