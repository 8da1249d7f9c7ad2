//! The server's Content-Security-Policy on its way through what plugins put around requests. It fits
//! the page that was rendered: a plugin that puts something into the page, or that sends a policy of
//! its own, takes it away.

use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};

use axum::http::{HeaderValue, header};
use bytes::Bytes;
use datasette_hooks::{Body, BodyStream, HttpResponse};
use futures_util::{Stream, StreamExt};
use parking_lot::Mutex;

use crate::http;
use crate::reply::{self, Reply};

/// What is known of the innermost answer.
#[derive(Debug, Default)]
pub(crate) struct OwnPolicy(Mutex<Option<Sent>>);

#[derive(Debug)]
struct Sent {
    policy: HeaderValue,
    body: SentBody,
}

#[derive(Debug)]
enum SentBody {
    /// All of it, which is kept so that nothing else can be where it is.
    Whole(Bytes),
    /// Where it is, for as long as it is there.
    Parts { place: usize, alive: Weak<()> },
}

impl SentBody {
    fn is(&self, body: &Body) -> bool {
        match (self, body) {
            (Self::Whole(sent), Body::Full(body)) => {
                (sent.as_ptr(), sent.len()) == (body.as_ptr(), body.len())
            }
            (Self::Parts { place, alive }, Body::Stream(parts)) => {
                *place == self::place(parts) && alive.strong_count() > 0
            }
            _ => false,
        }
    }
}

impl OwnPolicy {
    /// The server's answer as the innermost plugin gets it.
    pub(crate) fn noted(&self, reply: Reply) -> HttpResponse {
        let policy = reply
            .headers()
            .get(header::CONTENT_SECURITY_POLICY)
            .cloned();
        let mut response = http::response(reply);
        let Some(policy) = policy else {
            return response;
        };
        let body = match std::mem::take(&mut response.body) {
            Body::Full(whole) => {
                response.body = Body::Full(whole.clone());
                SentBody::Whole(whole)
            }
            Body::Stream(parts) => {
                let alive = Arc::new(());
                let parts: BodyStream = Untouched {
                    parts,
                    alive: Arc::clone(&alive),
                }
                .boxed();
                let place = place(&parts);
                response.body = Body::Stream(parts);
                let alive = Arc::downgrade(&alive);
                SentBody::Parts { place, alive }
            }
        };
        *self.0.lock() = Some(Sent { policy, body });
        response
    }

    /// The answer of the outermost plugin.
    pub(crate) fn settled(&self, response: HttpResponse) -> Reply {
        let sent = self.0.lock().take();
        let untouched = sent
            .as_ref()
            .is_some_and(|sent| sent.body.is(&response.body));
        let mut reply = http::reply(response);
        let Some(sent) = sent else {
            return reply;
        };
        let sent_now = reply.headers().get_all(header::CONTENT_SECURITY_POLICY);
        let is_alone = sent_now.iter().all(|policy| *policy == sent.policy);
        if untouched && is_alone {
            return reply;
        }
        let others: Vec<HeaderValue> = sent_now
            .iter()
            .filter(|policy| **policy != sent.policy)
            .cloned()
            .collect();
        let had_own = others.len() < sent_now.iter().count();
        let headers = reply.headers_mut();
        headers.remove(header::CONTENT_SECURITY_POLICY);
        for policy in others {
            headers.append(header::CONTENT_SECURITY_POLICY, policy);
        }
        // Who may show the page in a frame does not depend on what is in it.
        match reply::is_unframeable(&sent.policy) && had_own {
            true => reply::only_unframeable(reply),
            false => reply,
        }
    }
}

/// Where a body stands in memory; another body is elsewhere while this one is alive.
fn place(parts: &BodyStream) -> usize {
    let parts: *const _ = &**parts;
    parts.cast::<()>() as usize
}

/// The body of the server's answer.
struct Untouched {
    parts: BodyStream,
    /// Dropped with the body.
    #[expect(dead_code, reason = "its end is what counts")]
    alive: Arc<()>,
}

impl Stream for Untouched {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.parts.poll_next_unpin(context)
    }
}
