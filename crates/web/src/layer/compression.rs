//! Packs answers for clients that say they can unpack them.
//!
//! An answer to a request without `Accept-Encoding` is left as it is, headers included.

use std::io;

use axum::body::{Body, HttpBody, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use bytes::Bytes;
use futures_util::{Stream, stream};

use crate::content_coding::ContentCoding;
use crate::packing;
use crate::reply::{self, Reply};

/// Smaller bodies fit into a packet as they are.
const SMALL: u64 = 860;

/// Up to this size a body is packed at once and its length told.
const AT_ONCE: u64 = 64 * 1024;

/// Marks a request whose sender would only unpack the answer again: a plugin, which asks from inside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unpacked;

/// What a client said about packing.
pub(crate) struct Packing {
    is_head: bool,
    preferred: Option<ContentCoding>,
    known: HeaderMap,
}

impl Packing {
    /// Reads the head of a request; `None` when it says nothing about packing.
    pub(crate) fn asked(method: &Method, headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(header::ACCEPT_ENCODING) {
            return None;
        }
        let mut known = HeaderMap::new();
        for value in headers.get_all(header::IF_NONE_MATCH) {
            known.append(header::IF_NONE_MATCH, value.clone());
        }
        Some(Self {
            is_head: method == Method::HEAD,
            preferred: ContentCoding::preferred(headers),
            known,
        })
    }

    /// The answer, packed if that is worth it. A failure leaves it as it is.
    pub(crate) async fn apply(self, mut reply: Reply) -> Reply {
        if reply.status() == StatusCode::NOT_MODIFIED {
            vary(&mut reply);
            self.weaken_known(&mut reply);
            return reply;
        }
        if !is_packable(&reply) {
            return reply;
        }
        vary(&mut reply);
        let Some(coding) = self.preferred else {
            return reply;
        };
        let size = reply.body().size_hint().exact();
        if size.is_some_and(|size| size < SMALL) {
            return reply;
        }
        let (head, body) = reply.into_parts();
        let packed = match size {
            // Nobody reads what would be packed.
            _ if self.is_head => Ok(unmeasured(stream::empty())),
            Some(size) if size <= AT_ONCE => at_once(coding, body).await,
            _ => packing::stream(coding, body),
        };
        let (body, is_packed) = match packed {
            Ok(body) => (body, true),
            Err((error, body)) => {
                tracing::error!("a body could not be packed: {error}");
                (body, false)
            }
        };
        let mut reply = Reply::from_parts(head, body);
        if is_packed {
            let headers = reply.headers_mut();
            headers.remove(header::CONTENT_LENGTH);
            headers.insert(
                header::CONTENT_ENCODING,
                HeaderValue::from_static(coding.name()),
            );
            weaken(&mut reply);
        }
        reply
    }

    /// A client that has the packed file knows it by its weak tag.
    fn weaken_known(&self, reply: &mut Reply) {
        let mut known = self.known.get_all(header::IF_NONE_MATCH).iter();
        let is_weak = known.any(|value| value.as_bytes().starts_with(b"W/"));
        if is_weak {
            weaken(reply);
        }
    }
}

async fn at_once(coding: ContentCoding, body: Body) -> Result<Body, (io::Error, Body)> {
    let whole = match to_bytes(body, usize::MAX).await {
        Ok(whole) => whole,
        Err(error) => return Ok(unmeasured(stream::iter([Err(io::Error::other(error))]))),
    };
    match packing::whole(coding, &whole) {
        Ok(packed) => Ok(Body::from(packed)),
        Err(error) => Err((error, Body::from(whole))),
    }
}

/// A body of no known length.
fn unmeasured(parts: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Body {
    Body::from_stream(parts)
}

/// The same bytes packed in another way are another representation: its tag says only that it
/// means the same.
fn weaken(reply: &mut Reply) {
    let tag = reply.headers().get(header::ETAG);
    let strong = tag
        .and_then(|tag| tag.to_str().ok())
        .filter(|tag| !tag.starts_with("W/"));
    if let Some(weak) = strong.map(|tag| format!("W/{tag}")) {
        reply::set(reply, header::ETAG, &weak);
    }
}

fn vary(reply: &mut Reply) {
    let own = reply.headers().get(header::VARY);
    let vary = match own.and_then(|own| own.to_str().ok()) {
        Some(own) => format!("{own}, Accept-Encoding"),
        None => "Accept-Encoding".to_owned(),
    };
    reply::set(reply, header::VARY, &vary);
}

/// Whether packing would make the body smaller: text, mostly. Images and databases that are
/// downloaded go as they are, the latter with their length.
fn is_packable(reply: &Reply) -> bool {
    let headers = reply.headers();
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let may_change =
        text(header::CACHE_CONTROL).is_none_or(|value| !value.contains("no-transform"));
    let is_whole = !matches!(
        reply.status(),
        StatusCode::NO_CONTENT | StatusCode::PARTIAL_CONTENT
    );
    let kind = text(header::CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    may_change
        && is_whole
        && !reply.status().is_informational()
        && !headers.contains_key(header::CONTENT_ENCODING)
        && is_text(kind)
}

fn is_text(kind: &str) -> bool {
    (kind.starts_with("text/") && kind != "text/event-stream")
        || kind.ends_with("+json")
        || kind.ends_with("+xml")
        || matches!(
            kind,
            "application/json"
                | "application/javascript"
                | "application/xml"
                | "application/n-triples"
                | "application/n-quads"
                | "application/wasm"
                | "image/bmp"
                | "image/x-icon"
                | "font/ttf"
                | "font/otf"
        )
}
