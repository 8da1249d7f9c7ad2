//! Names in paths.

use datasette_core::tilde::{decode, encode};

/// Any text survives encoding, which leaves only bytes that a path segment may hold, and decoding
/// takes any text.
pub(crate) fn tilde(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let encoded = encode(&text);
    assert_eq!(decode(&encoded), text);
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"_-~+".contains(&byte);
    assert!(encoded.bytes().all(is_safe), "{encoded}");
    let decoded = decode(&text);
    assert_eq!(decode(&encode(&decoded)), decoded);
}
