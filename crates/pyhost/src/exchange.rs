//! Requests that Python answers: their bodies and those of the responses, piece by piece.
//!
//! Python pulls the pieces of a request, and waits with each piece of a response until the client
//! takes it, so that neither side holds more than a few of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bytes::Bytes;
use datasette_core::Value;
use datasette_hooks::{Body, BodyStream, Data, RequestInfo};
use futures_util::{StreamExt, stream};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot, watch};

use crate::answering::{Answered, Blob, answered};
use crate::inside::Inside;
use crate::protocol::{Failure, FailureKind};

/// Pieces of a response that wait for the client.
const WAITING_PIECES: usize = 4;

/// The head of a response.
#[derive(Debug, Deserialize)]
pub(crate) struct Start {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
}

/// How long the client says that the body of a request is.
pub(crate) fn body_length(request: &RequestInfo) -> Option<u64> {
    request.header("content-length")?.parse().ok()
}

/// The body of a request on its way to Python.
struct Incoming {
    stream: BodyStream,
    /// Bytes that are still to come, where the client said how many there are.
    left: Option<u64>,
}

pub(crate) struct Exchange {
    request: tokio::sync::Mutex<Option<Incoming>>,
    /// What Python stands around, where it does.
    pub(crate) inside: Option<Inside>,
    /// Closed when nobody waits for the response any more.
    pub(crate) open: watch::Receiver<()>,
    /// Whether Python has begun to do something with it.
    begun: AtomicBool,
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
    exchange: Arc<Exchange>,
    /// Gone with this, which tells those who work on the response.
    _open: watch::Sender<()>,
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

pub(crate) fn over() -> Failure {
    Failure::new(FailureKind::Unavailable, "the client has gone")
}

impl Exchanges {
    /// Makes the body of a request available to Python, and a place for the response.
    ///
    /// `length` is how long the client says that the body is.
    pub(crate) fn open(&self, body: Option<BodyStream>, length: Option<u64>) -> Open {
        self.open_around(body, length, None)
    }

    /// [`Self::open`] for a request that goes on to the server inside.
    pub(crate) fn open_around(
        &self,
        body: Option<BodyStream>,
        length: Option<u64>,
        inside: Option<Inside>,
    ) -> Open {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (start, started) = oneshot::channel();
        let (sender, pieces) = mpsc::channel(WAITING_PIECES);
        let (open, opened) = watch::channel(());
        let exchange = Arc::new(Exchange {
            request: tokio::sync::Mutex::new(body.map(|stream| Incoming {
                stream,
                left: length,
            })),
            inside,
            open: opened,
            begun: AtomicBool::new(false),
            start: Mutex::new(Some(start)),
            pieces: Mutex::new(Some(sender)),
        });
        self.open.lock().insert(id, Arc::clone(&exchange));
        Open {
            id,
            start: started,
            pieces: Some(pieces),
            exchange,
            _open: open,
            all: Arc::clone(&self.open),
        }
    }

    pub(crate) fn find(&self, id: u64) -> Result<Arc<Exchange>, Failure> {
        self.open.lock().get(&id).cloned().ok_or_else(over)
    }

    /// The next piece of a request's body.
    pub(crate) async fn next_of_request(&self, which: Which) -> Answered {
        let exchange = self.find(which.exchange)?;
        exchange.begin();
        let mut body = exchange.request.lock().await;
        let piece = match &mut *body {
            Some(incoming) => incoming.stream.next().await,
            None => None,
        };
        match piece {
            Some(Ok(bytes)) => {
                let left = body.as_mut().and_then(|incoming| incoming.left.as_mut());
                let more = left.is_none_or(|left| {
                    *left = left.saturating_sub(bytes.len() as u64);
                    *left > 0
                });
                answered(&Piece {
                    body: Blob(&bytes),
                    more,
                })
            }
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
        exchange.begin();
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

impl Exchange {
    /// Notes that something is done with it, so that it cannot be begun anew.
    pub(crate) fn begin(&self) {
        self.begun.store(true, Ordering::Relaxed);
    }

    /// What is left of the request's body.
    pub(crate) async fn take_request(&self) -> Option<BodyStream> {
        let incoming = self.request.lock().await.take();
        incoming.map(|incoming| incoming.stream)
    }

    /// Waits until nobody waits for the response any more.
    pub(crate) async fn over(&self) {
        let mut open = self.open.clone();
        while open.changed().await.is_ok() {}
    }
}

impl Open {
    /// Tells whether Python has done nothing with it yet.
    pub(crate) fn untouched(&self) -> impl Fn() -> bool + Send + Sync + 'static {
        let exchange = Arc::downgrade(&self.exchange);
        move || {
            let exchange = exchange.upgrade();
            exchange.is_some_and(|exchange| !exchange.begun.load(Ordering::Relaxed))
        }
    }

    /// What Python stands around, where it does.
    pub(crate) fn inside(&self) -> Option<&Inside> {
        self.exchange.inside.as_ref()
    }

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
