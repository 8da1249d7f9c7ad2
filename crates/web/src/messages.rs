//! Messages that a visitor sees on the next page (AUTH-37 to AUTH-41).

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::header;
use datasette_hooks::MessageKind;
use parking_lot::Mutex;
use serde_json::{Value as Json, json};

use crate::reply::{self, Reply};
use crate::visit::Visit;

const COOKIE: &str = "ds_messages";
const NAMESPACE: &str = "messages";

/// Messages by the number of the request during which they were added.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    requests: AtomicU64,
    added: Mutex<HashMap<u64, Vec<(String, u8)>>>,
}

impl Messages {
    /// A number for a request; 0 belongs to none.
    pub(crate) fn number(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Keeps a message until its request is answered.
    pub(crate) fn add(&self, request: u64, text: &str, kind: MessageKind) {
        self.added
            .lock()
            .entry(request)
            .or_default()
            .push((text.to_owned(), kind as u8));
    }

    fn take(&self, request: u64) -> Vec<(String, u8)> {
        let mut added = self.added.lock();
        if added.is_empty() {
            return Vec::new();
        }
        added.remove(&request).unwrap_or_default()
    }
}

/// The messages that the visitor's cookie brings; none when it does not hold (AUTH-41).
pub(crate) fn brought(visit: &Visit) -> Vec<(String, u8)> {
    let signer = &visit.app.instance.signer;
    let Some(Json::Array(pairs)) = visit
        .info
        .cookie(COOKIE)
        .and_then(|cookie| signer.unsign(cookie, NAMESPACE))
    else {
        return Vec::new();
    };
    let message = |pair: &Json| {
        let kind = u8::try_from(pair[1].as_u64()?).ok()?;
        Some((pair[0].as_str()?.to_owned(), kind))
    };
    pairs.iter().filter_map(message).collect()
}

/// Puts messages that were added during the request behind those that are waiting (AUTH-39).
pub(crate) fn send(visit: &Visit, reply: &mut Reply) {
    let added = visit.app.messages.take(visit.info.id);
    if added.is_empty() {
        return;
    }
    let mut all = brought(visit);
    all.extend(added);
    let signed = visit.app.instance.signer.sign(&json!(all), NAMESPACE);
    let cookie = format!("{COOKIE}={signed}; Path=/; SameSite=lax");
    reply::add(reply, header::SET_COOKIE, &cookie);
}
