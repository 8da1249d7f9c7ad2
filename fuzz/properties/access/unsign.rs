//! The values of cookies and tokens.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use datasette_core::Actor;
use datasette_core::clock::FixedClock;
use datasette_permissions::{
    ActorCookie, Signer, TokenLimits, actor_cookie_value, verify_token_value,
};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha1::{Digest, Sha1};

const SECRET: &str = "secret";
const NOW: Duration = Duration::from_secs(1_700_000_000);

/// Bytes that nobody signed are nobody; of bytes that somebody signed only what the format says is
/// taken. The first byte picks what is done with the rest.
pub(crate) fn unsign(data: &[u8]) {
    let [how, rest @ ..] = data else {
        return;
    };
    match how % 4 {
        0 => unsigned(&String::from_utf8_lossy(rest)),
        1 => signed(&URL_SAFE_NO_PAD.encode(rest), Some(rest)),
        2 => signed(
            &format!(".{}", URL_SAFE_NO_PAD.encode(packed(rest))),
            Some(rest),
        ),
        _ => signed(&String::from_utf8_lossy(rest), None),
    }
    changed(rest);
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory to write to");
    encoder.finish().expect("memory to write to")
}

fn seal(namespace: &str, payload: &str) -> String {
    let key = Sha1::digest(format!("{namespace}signer{SECRET}"));
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).expect("a key of any length");
    mac.update(payload.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("{payload}.{signature}")
}

fn cookie(text: &str) -> Option<Actor> {
    let clock = Arc::new(FixedClock(NOW));
    ActorCookie::new(Signer::new(SECRET), clock).actor(text)
}

/// The actor of a token, or the words of its refusal.
fn token(text: &str) -> Result<Option<Actor>, String> {
    let limits = TokenLimits {
        enabled: true,
        longest: 0,
    };
    let verified = verify_token_value(&Signer::new(SECRET), limits, NOW, text);
    verified.map_err(|error| error.to_string())
}

fn unsigned(text: &str) {
    let signer = Signer::new(SECRET);
    for namespace in ["actor", "token", "messages", "default", ""] {
        assert_eq!(signer.unsign(text, namespace), None, "{text}");
    }
    assert_eq!(cookie(text), None, "{text}");
    match token(text) {
        Ok(actor) => assert!(actor.is_none() && !text.starts_with("dstok_"), "{text}"),
        Err(words) => assert!(words.contains("Invalid token signature"), "{words}"),
    }
}

/// `content` is what the payload holds, where it is packed as it should be.
fn signed(payload: &str, content: Option<&[u8]>) {
    let signer = Signer::new(SECRET);
    let read = signer.unsign(&seal("default", payload), "default");
    if let Some(content) = content {
        let expected: Option<Value> = serde_json::from_slice(content).ok();
        assert_eq!(read, expected, "{payload}");
    }
    for namespace in ["actor", "token", "defaultsigner", ""] {
        assert_eq!(signer.unsign(&seal("default", payload), namespace), None);
    }
    if let Some(actor) = cookie(&seal("actor", payload)) {
        let held = read.as_ref().and_then(|read| read.get("a"));
        let properties = actor.properties();
        assert!(!properties.is_empty(), "{payload}");
        assert_eq!(held.and_then(Value::as_object), Some(properties));
        let again = actor_cookie_value(&signer, &actor, None);
        assert_eq!(cookie(&again), Some(actor), "{again}");
    }
    match token(&format!("dstok_{}", seal("token", payload))) {
        Ok(actor) => {
            let actor = actor.expect("a token of ours");
            let read = read.as_ref().expect("a token that can be read");
            assert_eq!(actor.properties().get("id"), read.get("a"));
            assert_eq!(actor.properties().get("_r"), read.get("_r"));
            let known = ["id", "token", "_r", "token_expires"];
            let mut keys = actor.properties().keys();
            assert!(keys.all(|key| known.contains(&key.as_str())));
        }
        Err(words) => {
            let known = [
                "Invalid token signature",
                "Invalid token: no timestamp",
                "Invalid token: invalid timestamp",
                "Invalid token: invalid duration",
                "Token has expired",
            ];
            assert!(known.iter().any(|known| words.contains(known)), "{words}");
        }
    }
}

/// A good cookie with some of its characters exchanged is no good.
fn changed(edits: &[u8]) {
    let good = actor_cookie_value(&Signer::new(SECRET), &Actor::with_id("root"), None);
    let mut letters = good.clone().into_bytes();
    for edit in edits.chunks_exact(2).take(4) {
        // The last character holds two bits that say nothing.
        let place = usize::from(edit[0]) % (letters.len() - 1);
        letters[place] = edit[1] & 0x7f;
    }
    let text = String::from_utf8(letters).expect("ASCII");
    assert_eq!(cookie(&text).is_some(), text == good, "{text}");
}
