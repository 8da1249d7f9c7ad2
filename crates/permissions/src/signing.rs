//! Signed values, the same bytes as the original's (AUTH-02 to AUTH-08).

use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha1::{Digest, Sha1};

/// A payload may not unpack to more than this, so that a short text cannot fill the memory.
const LARGEST_PAYLOAD: u64 = 1 << 20;

/// Writes no padding, reads any.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Signs and verifies with one secret. Cheap to clone; never shows the secret.
#[derive(Clone)]
pub struct Signer {
    secret: Arc<str>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Signer")
    }
}

/// A new random secret: 64 lower-case hexadecimal digits (AUTH-01).
///
/// # Errors
/// The machine has no randomness to give.
pub fn generate_secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

impl Signer {
    /// The secret itself, for those who sign beside the server.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// Signs with this secret.
    pub fn new(secret: &str) -> Self {
        Self {
            secret: Arc::from(secret),
        }
    }

    fn mac(&self, namespace: &str, payload: &str) -> Option<Hmac<Sha1>> {
        let key = Sha1::new()
            .chain_update(namespace)
            .chain_update("signer")
            .chain_update(self.secret.as_bytes())
            .finalize();
        let mac = Hmac::<Sha1>::new_from_slice(&key).ok()?;
        Some(mac.chain_update(payload))
    }

    /// The signed form of a value (AUTH-02).
    pub fn sign(&self, value: &Value, namespace: &str) -> String {
        let json = value.to_string();
        let mut signed = match compressed(json.as_bytes()) {
            Some(shorter) => format!(".{}", ENGINE.encode(shorter)),
            None => ENGINE.encode(json),
        };
        // A key of any length makes a HMAC, so there always is one.
        if let Some(mac) = self.mac(namespace, &signed) {
            let signature = ENGINE.encode(mac.finalize().into_bytes());
            signed.push('.');
            signed.push_str(&signature);
        }
        signed
    }

    /// The value that was signed in this namespace; `None` when the text does not verify or holds
    /// no JSON.
    pub fn unsign(&self, signed: &str, namespace: &str) -> Option<Value> {
        let (payload, signature) = signed.rsplit_once('.')?;
        let signature = ENGINE.decode(signature).ok()?;
        let mac = self.mac(namespace, payload)?;
        mac.verify_slice(&signature).ok()?;
        let json = match payload.strip_prefix('.') {
            Some(packed) => unpacked(&ENGINE.decode(packed).ok()?)?,
            None => ENGINE.decode(payload).ok()?,
        };
        serde_json::from_slice(&json).ok()
    }
}

/// The zlib form when it pays (AUTH-04).
fn compressed(json: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(json).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() + 1 < json.len()).then_some(packed)
}

fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let mut json = Vec::new();
    let mut decoder = ZlibDecoder::new(packed).take(LARGEST_PAYLOAD + 1);
    decoder.read_to_end(&mut json).ok()?;
    (json.len() as u64 <= LARGEST_PAYLOAD).then_some(json)
}

#[cfg(test)]
mod tests;
