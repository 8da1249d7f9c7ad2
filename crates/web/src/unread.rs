//! The rest of a body that nobody reads because its request was answered early: it is taken and
//! thrown away for a while. Otherwise the connection would close under whoever is still sending, and
//! a client, or a proxy before it, would see that instead of the answer.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use axum::http::{HeaderMap, header};
use futures_util::future::poll_fn;
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::runtime::Handle;

/// No more of a body than this is taken for nothing, in bytes.
const MOST: usize = 16 * 1024 * 1024;

/// Nor for longer than this.
const PATIENCE: Duration = Duration::from_secs(5);

/// The body of a request as it comes from its connection.
pub(crate) struct Unread {
    incoming: Option<Incoming>,
    /// The client sends nothing before it is told to, which happens when the body is first read.
    waits: bool,
}

impl Unread {
    /// The body of a request with these headers.
    pub(crate) fn new(headers: &HeaderMap, incoming: Incoming) -> Self {
        Self {
            incoming: Some(incoming),
            waits: headers.contains_key(header::EXPECT),
        }
    }
}

impl HttpBody for Unread {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.waits = false;
        let Some(incoming) = &mut self.incoming else {
            return Poll::Ready(None);
        };
        let polled = Pin::new(incoming).poll_frame(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.incoming = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        match &self.incoming {
            Some(incoming) => incoming.size_hint(),
            None => SizeHint::with_exact(0),
        }
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        let Some(incoming) = self.incoming.take() else {
            return;
        };
        if incoming.is_end_stream() || self.waits {
            return;
        }
        // There is none while the server ends, and no connection to keep either.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(tokio::time::timeout(PATIENCE, take(incoming)));
        }
    }
}

async fn take(mut incoming: Incoming) {
    let mut taken = 0;
    while taken < MOST
        && let Some(Ok(frame)) =
            poll_fn(|context| Pin::new(&mut incoming).poll_frame(context)).await
    {
        taken += frame.data_ref().map_or(0, Bytes::len);
    }
}
