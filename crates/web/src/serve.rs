//! Serves a site on a socket until it is told to stop.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode, Uri, Version, header};
use futures_util::future::select_all;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tower_service::Service;

use crate::app::App;
use crate::caller::{Caller, Proxies};
use crate::forgiving::Forgiving;
use crate::listener::Listener;
use crate::tls::Tls;
use crate::unread::Unread;
use crate::{dispatch, reply};

/// How long a client may take to send the head of a request, and how long a connection may wait
/// for its next request.
const HEAD_TIME: Duration = Duration::from_secs(30);

/// How long to wait before accepting again when the system has no more sockets to give.
const RECOVERY: Duration = Duration::from_millis(200);

/// What an access log tells about a request that was answered.
#[derive(Debug)]
pub struct Answered<'a> {
    /// Who sent it.
    pub caller: &'a Caller,
    /// The method.
    pub method: &'a Method,
    /// Path and query string as they arrived.
    pub uri: &'a Uri,
    /// The version of the protocol.
    pub version: Version,
    /// The status of the answer.
    pub status: StatusCode,
    /// How long the head of the answer took.
    pub took: Duration,
}

/// Told about every answer as its head is ready.
pub trait AccessLog: Send + Sync {
    /// A request was answered. Must not wait: it runs between a request and its answer.
    fn answered(&self, answered: &Answered<'_>);
}

/// How a site is served.
#[derive(Clone)]
pub struct Manner {
    /// Told about every answer.
    pub log: Arc<dyn AccessLog>,
    /// Speaks TLS where it is there.
    pub tls: Option<Tls>,
    /// The proxies that are believed.
    pub proxies: Arc<Proxies>,
}

/// What every connection needs.
#[derive(Clone)]
struct Site {
    router: Router,
    manner: Manner,
    /// Tells connections that say nothing yet that they need not begin.
    closing: watch::Receiver<()>,
}

/// Serves until `shutdown` is over; then accepts no more, lets requests finish that have begun
/// (CLI-126), and closes idle connections. Dropping the future leaves requests unfinished.
///
/// # Errors
/// The socket itself fails; what happens on connections is theirs.
pub async fn serve(
    app: Arc<App>,
    listener: Listener,
    manner: Manner,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let connections = GracefulShutdown::new();
    let (close, closing) = watch::channel(());
    let site = Site {
        router: dispatch::router(app),
        manner,
        closing,
    };
    tokio::select! {
        ended = accept(listener, site, &connections) => return ended,
        () = shutdown => {}
    }
    drop(close);
    connections.shutdown().await;
    Ok(())
}

async fn accept(listener: Listener, site: Site, connections: &GracefulShutdown) -> io::Result<()> {
    match listener {
        Listener::Tcp(listeners) => loop {
            let next = listeners.iter().map(|listener| Box::pin(listener.accept()));
            match select_all(next).await.0 {
                Ok((stream, client)) => {
                    // Answers are written whole; waiting to fill packets would only delay them.
                    let _ = stream.set_nodelay(true);
                    let watcher = connections.watcher();
                    tokio::spawn(greet(stream, Some(client), site.clone(), watcher));
                }
                Err(error) => recover(error).await?,
            }
        },
        #[cfg(unix)]
        Listener::Unix(listener, _) => loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let watcher = connections.watcher();
                    tokio::spawn(greet(stream, None, site.clone(), watcher));
                }
                Err(error) => recover(error).await?,
            }
        },
    }
}

/// A connection that failed before it was accepted concerns nobody else; running out of file
/// descriptors passes when others close.
async fn recover(error: io::Error) -> io::Result<()> {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, InvalidInput};
    match error.kind() {
        ConnectionAborted | ConnectionRefused | ConnectionReset => Ok(()),
        InvalidInput => Err(error),
        _ => {
            tracing::error!("a connection could not be accepted: {error}");
            tokio::time::sleep(RECOVERY).await;
            Ok(())
        }
    }
}

/// The beginning of a connection: TLS, where it is spoken.
async fn greet(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    client: Option<SocketAddr>,
    mut site: Site,
    watcher: Watcher,
) {
    let Some(Tls(acceptor)) = site.manner.tls.clone() else {
        return converse(stream, client, site, watcher).await;
    };
    let greeting = tokio::time::timeout(HEAD_TIME, acceptor.accept(stream));
    let greeted = tokio::select! {
        greeted = greeting => greeted,
        // Ends with an error when the server does; a greeting is no request yet.
        _ = site.closing.changed() => return,
    };
    match greeted {
        Ok(Ok(stream)) => converse(stream, client, site, watcher).await,
        Ok(Err(error)) => tracing::debug!(?client, "TLS: {error}"),
        Err(_) => tracing::debug!(?client, "TLS: nothing was said"),
    }
}

/// One connection from its first to its last request.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    client: Option<SocketAddr>,
    site: Site,
    watcher: Watcher,
) {
    let Site { router, manner, .. } = site;
    let service = service_fn(move |request: Request<Incoming>| {
        answer(router.clone(), manner.clone(), request, client)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .serve_connection(TokioIo::new(Forgiving::new(stream)), service);
    if let Err(error) = watcher.watch(connection).await {
        // Clients leave, send nonsense, or take too long; that is daily life.
        tracing::debug!(?client, "connection: {error}");
    }
}

/// Whether it is certain for whom a request is: with two hosts, what stands before the server may
/// have read the other one. Only HTTP/1.0 may leave it out.
fn names_one_host<B>(request: &Request<B>) -> bool {
    match request.headers().get_all(header::HOST).iter().count() {
        0 => request.version() < Version::HTTP_11,
        count => count == 1,
    }
}

fn with_body(request: Request<Incoming>) -> Request<Body> {
    let (head, incoming) = request.into_parts();
    let body = Unread::new(&head.headers, incoming);
    Request::from_parts(head, Body::new(body))
}

fn nonsense() -> Response<Body> {
    let mut response = reply::text("Invalid HTTP request received.");
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

async fn answer(
    mut router: Router,
    manner: Manner,
    mut request: Request<Incoming>,
    client: Option<SocketAddr>,
) -> Result<Response<Body>, Infallible> {
    let began = Instant::now();
    let caller = manner.proxies.caller(client, request.headers());
    request.extensions_mut().insert(caller.clone());
    let method = request.method().clone();
    let uri = request.uri().clone();
    let version = request.version();
    let response = match names_one_host(&request) {
        true => router.call(with_body(request)).await?,
        false => nonsense(),
    };
    let status = response.status();
    manner.log.answered(&Answered {
        caller: &caller,
        method: &method,
        uri: &uri,
        version,
        status,
        took: began.elapsed(),
    });
    Ok(response)
}
