//! Messages that a visitor sees on the next page (AUTH-37 to AUTH-41).

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

use axum::http::header;
use datasette_hooks::MessageKind;
use parking_lot::Mutex;
use serde_json::{Value as Json, json};

use crate::reply::{self, Reply};
use crate::visit::Visit;

const COOKIE: &str = "ds_messages";
const NAMESPACE: &str = "messages";

/// What happened to messages during one request.
#[derive(Debug, Default)]
struct Request {
    added: Vec<(String, u8)>,
    shown: bool,
}

/// Messages of the requests that are being answered, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    numbers: AtomicU64,
    requests: Mutex<HashMap<u64, Request>>,
}

impl Messages {
    /// A number for a request; 0 belongs to none.
    pub(crate) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Keeps a message until its request is answered.
    pub(crate) fn add(&self, request: u64, text: &str, kind: MessageKind) {
        let mut requests = self.requests.lock();
        let request = requests.entry(request).or_default();
        request.added.push((text.to_owned(), kind as u8));
    }

    /// Remembers that a template, rendered on the way to the answer, has shown the messages.
    pub(crate) fn note_shown(&self, visit: &Visit) {
        if visit.info.id == 0 || !visit.messages_shown.load(Ordering::Relaxed) {
            return;
        }
        let mut requests = self.requests.lock();
        let known = requests.contains_key(&visit.info.id);
        if known || visit.info.cookie(COOKIE).is_some() {
            *requests.entry(visit.info.id).or_default() = Request {
                added: Vec::new(),
                shown: true,
            };
        }
    }

    fn take(&self, request: u64) -> Request {
        let mut requests = self.requests.lock();
        if requests.is_empty() {
            return Request::default();
        }
        requests.remove(&request).unwrap_or_default()
    }
}

/// The messages that the visitor's cookie brings; none when it does not hold (AUTH-41).
fn brought(visit: &Visit) -> Vec<(String, u8)> {
    let signer = &visit.app.instance.signer;
    let cookie = visit.info.cookie(COOKIE);
    let Some(Json::Array(pairs)) = cookie.and_then(|cookie| signer.unsign(cookie, NAMESPACE))
    else {
        return Vec::new();
    };
    let message = |pair: &Json| {
        let kind = u8::try_from(pair[1].as_u64()?).ok()?;
        Some((pair[0].as_str()?.to_owned(), kind))
    };
    pairs.iter().filter_map(message).collect()
}

/// What a page shows: messages of earlier requests, then those of this one.
pub(crate) fn waiting(visit: &Visit) -> Vec<(String, u8)> {
    let mut all = brought(visit);
    let requests = visit.app.messages.requests.lock();
    if let Some(request) = requests.get(&visit.info.id) {
        all.extend(request.added.iter().cloned());
    }
    all
}

/// Puts messages that were added during the request behind those that are waiting (AUTH-39), and
/// takes away what was shown (AUTH-38).
pub(crate) fn send(visit: &Visit, reply: &mut Reply) {
    let Request { mut added, shown } = visit.app.messages.take(visit.info.id);
    let shown_here = visit.messages_shown.load(Ordering::Relaxed);
    // What was added and shown at once is taken away as well, though nothing has brought it.
    let shown_at_once = shown_here && !added.is_empty();
    if shown_here {
        added.clear();
    }
    if !added.is_empty() {
        let mut all = if shown { Vec::new() } else { brought(visit) };
        all.extend(added);
        let signed = visit.app.instance.signer.sign(&json!(all), NAMESPACE);
        let cookie = format!("{COOKIE}={signed}; Path=/; SameSite=lax");
        reply::add(reply, header::SET_COOKIE, &cookie);
    } else if shown_at_once || ((shown || shown_here) && !brought(visit).is_empty()) {
        let now = httpdate::fmt_http_date(UNIX_EPOCH + visit.app.instance.clock.now());
        let cookie = format!("{COOKIE}=\"\"; expires={now}; Max-Age=0; Path=/; SameSite=lax");
        reply::add(reply, header::SET_COOKIE, &cookie);
    }
}
