//! The server inside of what Python stands around: asked by Python, answered piece by piece.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use datasette_core::Value;
use datasette_hooks::{
    Body, BodyStream, Data, HookError, HttpRequest, HttpResponse, HttpService, RequestInfo,
};
use futures_util::{FutureExt, StreamExt, stream};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::answering::{Answered, Blob, actor, answered};
use crate::exchange::{Exchange, Exchanges, over};
use crate::process::PythonHost;
use crate::protocol::Failure;

/// Longest body that is handed over with its head, and longest piece of one, in bytes.
const MOST_AT_ONCE: usize = 256 * 1024;

/// The status of an answer that nobody waits for any more. No client ever sees it.
const CLIENT_GONE: u16 = 499;

/// The server inside, for one request.
pub(crate) struct Inside {
    server: Arc<dyn HttpService>,
    host: Arc<PythonHost>,
    /// Answers whose bodies are on their way, by the numbers that Python gave.
    bodies: Mutex<HashMap<u64, BodyStream>>,
    /// The last body that was handed over whole.
    whole: Mutex<Option<Bytes>>,
}

/// Where the body of a request comes from that Python sends inside.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    /// There is none.
    Empty,
    /// It is what is left of the one that arrived.
    Same,
    /// Python has it.
    Asked,
}

/// The head of such a request.
#[derive(Deserialize)]
struct Head {
    method: String,
    scheme: String,
    path: String,
    query_string: String,
    headers: Vec<(String, String)>,
    #[serde(default)]
    client: Option<String>,
    #[serde(default)]
    port: u16,
    #[serde(default)]
    actor: Option<Json>,
}

/// A request that Python sends inside.
#[derive(Deserialize)]
pub(crate) struct SentInside {
    exchange: u64,
    /// Python knows it by that number.
    number: u64,
    head: Head,
    body: Source,
}

/// The answer's next piece, please.
#[derive(Deserialize)]
pub(crate) struct Next {
    exchange: u64,
    number: u64,
}

#[derive(Serialize)]
struct Given<'a> {
    status: u16,
    headers: &'a [(String, String)],
    body: Blob<'a>,
    more: bool,
}

#[derive(Serialize)]
struct Piece<'a> {
    body: Blob<'a>,
    more: bool,
}

#[derive(Serialize)]
struct Wanted {
    number: u64,
}

#[derive(Deserialize)]
struct Received {
    body: Data,
    more: bool,
}

impl Inside {
    pub(crate) fn new(server: Arc<dyn HttpService>, host: Arc<PythonHost>) -> Self {
        Self {
            server,
            host,
            bodies: Mutex::default(),
            whole: Mutex::default(),
        }
    }

    /// These bytes, or the server's own where they are the same: it knows them again.
    pub(crate) fn recognised(&self, body: Bytes) -> Bytes {
        let own = self.whole.lock().take();
        own.filter(|own| *own == body).unwrap_or(body)
    }
}

/// Does the work unless nobody waits for its outcome any more.
async fn unless_over<T>(exchange: &Exchange, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        done = work => Some(done),
        () = exchange.over() => None,
    }
}

fn failure(error: HookError) -> Failure {
    match error {
        HookError::Refused(fault) => fault.into(),
        accident => Failure::failed(accident.to_string()),
    }
}

impl Exchanges {
    /// Answers a request that Python sends inside: its head, and all of its body or the beginning.
    pub(crate) async fn ask_inside(&self, sent: SentInside) -> Answered {
        let exchange = self.find(sent.exchange)?;
        exchange.begin();
        let inside = exchange.inside.as_ref().ok_or_else(over)?;
        let number = sent.number;
        let request = request(&exchange, inside, sent).await;
        let Some(response) = unless_over(&exchange, inside.server.call(request)).await else {
            return given(CLIENT_GONE, &[], &[], false);
        };
        let HttpResponse {
            status,
            headers,
            body,
        } = response.map_err(failure)?;
        let mut rest = match body {
            Body::Full(bytes) if bytes.len() <= MOST_AT_ONCE => {
                let sent = given(status, &headers, &bytes, false);
                *inside.whole.lock() = Some(bytes);
                return sent;
            }
            Body::Full(mut bytes) => {
                let pieces = std::iter::from_fn(move || {
                    let length = bytes.len().min(MOST_AT_ONCE);
                    (length > 0).then(|| Ok(bytes.split_to(length)))
                });
                stream::iter(pieces).boxed()
            }
            Body::Stream(parts) => parts,
        };
        let (first, more) = piece(rest.next().now_or_never(), &mut rest)?;
        if more {
            inside.bodies.lock().insert(number, rest);
        }
        given(status, &headers, &first, more)
    }

    /// The next piece of such an answer.
    pub(crate) async fn next_of_inside(&self, next: Next) -> Answered {
        let exchange = self.find(next.exchange)?;
        let inside = exchange.inside.as_ref().ok_or_else(over)?;
        let rest = inside.bodies.lock().remove(&next.number);
        let Some(mut rest) = rest else {
            return answered(&Piece {
                body: Blob(&[]),
                more: false,
            });
        };
        let first = unless_over(&exchange, rest.next()).await.ok_or_else(over)?;
        let (bytes, more) = piece(Some(first), &mut rest)?;
        if more {
            inside.bodies.lock().insert(next.number, rest);
        }
        answered(&Piece {
            body: Blob(&bytes),
            more,
        })
    }
}

/// What is there of a body without waiting, and whether more may come.
fn piece(
    mut next: Option<Option<Result<Bytes, std::io::Error>>>,
    rest: &mut BodyStream,
) -> Result<(Bytes, bool), Failure> {
    let mut pieces: Vec<Bytes> = Vec::new();
    let mut length = 0;
    let more = loop {
        match next {
            None => break true,
            Some(None) => break false,
            Some(Some(part)) => {
                let part = part.map_err(|error| Failure::failed(error.to_string()))?;
                length += part.len();
                pieces.push(part);
            }
        }
        if length >= MOST_AT_ONCE {
            break true;
        }
        next = rest.next().now_or_never();
    };
    if pieces.len() == 1 {
        return Ok((pieces.swap_remove(0), more));
    }
    let mut joined = BytesMut::with_capacity(length);
    pieces.iter().for_each(|one| joined.extend_from_slice(one));
    Ok((joined.freeze(), more))
}

fn given(status: u16, headers: &[(String, String)], body: &[u8], more: bool) -> Answered {
    answered(&Given {
        status,
        headers,
        body: Blob(body),
        more,
    })
}

async fn request(exchange: &Exchange, inside: &Inside, sent: SentInside) -> HttpRequest {
    let SentInside {
        number, head, body, ..
    } = sent;
    let body = match body {
        Source::Empty => None,
        Source::Same => exchange.take_request().await,
        Source::Asked => Some(asked(Arc::clone(&inside.host), number)),
    };
    HttpRequest {
        info: RequestInfo {
            method: head.method,
            scheme: head.scheme,
            path: head.path,
            query_string: head.query_string,
            headers: head.headers,
            client: head.client,
            port: head.port,
            outer: Some(number),
            actor: actor(head.actor),
            ..RequestInfo::default()
        },
        body: body.map_or_else(Body::default, Body::Stream),
    }
}

/// The body that Python gives to a request it sends inside.
fn asked(host: Arc<PythonHost>, number: u64) -> BodyStream {
    stream::unfold(Some(host), move |host| async move {
        let host = host?;
        let received = host
            .ask_patiently::<Received>("inside_request", &Wanted { number })
            .await;
        match received {
            Err(error) => Some((Err(std::io::Error::other(error.to_string())), None)),
            Ok(Received { body, more }) => {
                let bytes = match body.0 {
                    Value::Blob(bytes) => Bytes::from(bytes),
                    Value::Text(text) => Bytes::from(text),
                    _ => Bytes::new(),
                };
                Some((Ok(bytes), more.then_some(host)))
            }
        }
    })
    .boxed()
}
