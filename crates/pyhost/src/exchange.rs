//! Requests that Python answers: their bodies and those of the responses, piece by piece.
//!
//! Python pulls the pieces of a request, and waits with each piece of a response until the client
//! takes it, so that neither side holds more than a few of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use datasette_core::Value;
use datasette_hooks::{Body, BodyStream, Data};
use futures_util::{StreamExt, stream};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

use crate::answering::{Answered, Blob, answered};
use crate::protocol::{Failure, FailureKind};

/// Pieces of a response that wait for the client.
const WAITING_PIECES: usize = 4;

/// The head of a response.
#[derive(Debug, Deserialize)]
pub(crate) struct Start {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
}

struct Exchange {
    request: tokio::sync::Mutex<Option<BodyStream>>,
    start: Mutex<Option<oneshot::Sender<Start>>>,
    /// `None` ends the response; a sender that goes without it broke off.
    pieces: Mutex<Option<mpsc::Sender<Option<Bytes>>>>,
}

/// All requests that Python is answering.
#[derive(Default)]
pub(crate) struct Exchanges {
    open: Arc<Mutex<HashMap<u64, Arc<Exchange>>>>,
    next: AtomicU64,
}

/// A request that Python answers, as long as this is held.
pub(crate) struct Open {
    pub(crate) id: u64,
    /// The head, once Python sends one by itself.
    pub(crate) start: oneshot::Receiver<Start>,
    pieces: Option<mpsc::Receiver<Option<Bytes>>>,
    all: Arc<Mutex<HashMap<u64, Arc<Exchange>>>>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.all.lock().remove(&self.id);
    }
}

#[derive(Deserialize)]
pub(crate) struct Which {
    exchange: u64,
}

#[derive(Serialize)]
struct Piece<'a> {
    body: Blob<'a>,
    more: bool,
}

#[derive(Deserialize)]
pub(crate) struct Head {
    exchange: u64,
    #[serde(flatten)]
    start: Start,
}

#[derive(Deserialize)]
pub(crate) struct Part {
    exchange: u64,
    body: Data,
    more: bool,
}

fn over() -> Failure {
    Failure::new(FailureKind::Unavailable, "the client has gone")
}

impl Exchanges {
    /// Makes the body of a request available to Python, and a place for the response.
    pub(crate) fn open(&self, body: Option<BodyStream>) -> Open {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (start, started) = oneshot::channel();
        let (sender, pieces) = mpsc::channel(WAITING_PIECES);
        let exchange = Exchange {
            request: tokio::sync::Mutex::new(body),
            start: Mutex::new(Some(start)),
            pieces: Mutex::new(Some(sender)),
        };
        self.open.lock().insert(id, Arc::new(exchange));
        Open {
            id,
            start: started,
            pieces: Some(pieces),
            all: Arc::clone(&self.open),
        }
    }

    fn find(&self, id: u64) -> Result<Arc<Exchange>, Failure> {
        self.open.lock().get(&id).cloned().ok_or_else(over)
    }

    /// The next piece of a request's body.
    pub(crate) async fn next_of_request(&self, which: Which) -> Answered {
        let exchange = self.find(which.exchange)?;
        let mut body = exchange.request.lock().await;
        let piece = match &mut *body {
            Some(stream) => stream.next().await,
            None => None,
        };
        match piece {
            Some(Ok(bytes)) => answered(&Piece {
                body: Blob(&bytes),
                more: true,
            }),
            Some(Err(error)) => Err(Failure::new(FailureKind::Unavailable, error.to_string())),
            None => {
                *body = None;
                answered(&Piece {
                    body: Blob(&[]),
                    more: false,
                })
            }
        }
    }

    /// The head of a response that Python sends by itself.
    pub(crate) fn start_response(&self, head: Head) -> Answered {
        let exchange = self.find(head.exchange)?;
        let sender = exchange.start.lock().take();
        let sender = sender.ok_or_else(|| Failure::failed("the response was started before"))?;
        sender.send(head.start).map_err(|_| over())?;
        answered(&())
    }

    /// A piece of a response; answered when there is place for it.
    pub(crate) async fn continue_response(&self, part: Part) -> Answered {
        let exchange = self.find(part.exchange)?;
        let sender = exchange.pieces.lock().clone().ok_or_else(over)?;
        let bytes = match part.body.0 {
            Value::Blob(bytes) => Bytes::from(bytes),
            Value::Text(text) => Bytes::from(text),
            _ => Bytes::new(),
        };
        if !bytes.is_empty() {
            sender.send(Some(bytes)).await.map_err(|_| over())?;
        }
        if !part.more {
            sender.send(None).await.map_err(|_| over())?;
        }
        answered(&())
    }

    /// Notes that nobody answers the request any more: a response that is not complete breaks off.
    pub(crate) fn abandon(&self, id: u64) {
        if let Some(exchange) = self.open.lock().get(&id) {
            exchange.pieces.lock().take();
        }
    }
}

impl Open {
    /// What Python sends, until it says that no more comes. The exchange lives as long as the body,
    /// and so does `companion`, which is dropped when the client has gone.
    pub(crate) fn into_body<T: Send + 'static>(mut self, companion: T) -> Body {
        let pieces = self.pieces.take();
        let state = (self, pieces, companion);
        Body::Stream(
            stream::unfold(state, |(open, mut pieces, companion)| async move {
                let piece = match &mut pieces {
                    Some(pieces) => pieces.recv().await,
                    None => None,
                };
                match piece {
                    Some(Some(bytes)) => Some((Ok(bytes), (open, pieces, companion))),
                    Some(None) => None,
                    None => {
                        pieces.take()?;
                        let broken = std::io::Error::other("the plugin ended before its response");
                        Some((Err(broken), (open, None, companion)))
                    }
                }
            })
            .boxed(),
        )
    }
}
