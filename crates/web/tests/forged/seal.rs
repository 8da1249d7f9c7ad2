//! Signatures over any bytes, made without the code that checks them.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use hmac::{Hmac, Mac};
use sha1::{Digest, Sha1};

use super::SECRET;

/// The payload with its signature, whatever the payload is.
pub(crate) fn seal(namespace: &str, payload: &str) -> String {
    seal_with(SECRET, namespace, payload)
}

pub(crate) fn seal_with(secret: &str, namespace: &str, payload: &str) -> String {
    let key = Sha1::digest(format!("{namespace}signer{secret}"));
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).unwrap();
    mac.update(payload.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("{payload}.{signature}")
}

/// These bytes, signed.
pub(crate) fn plain(namespace: &str, content: impl AsRef<[u8]>) -> String {
    seal(namespace, &URL_SAFE_NO_PAD.encode(content))
}

/// These bytes, packed and signed.
pub(crate) fn packed(namespace: &str, content: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    let packed = URL_SAFE_NO_PAD.encode(encoder.finish().unwrap());
    seal(namespace, &format!(".{packed}"))
}
