//! `?_trace=1` under the setting `trace_debug` (DEBUG-70 to DEBUG-73).

use std::future::Future;

use axum::body::Body;
use axum::http::header;
use bytes::{Bytes, BytesMut};
use datasette_engine::trace::{Trace, noting};
use datasette_render::json::trace::TraceJson;
use futures_util::{StreamExt, stream};

use crate::app::App;
use crate::reply::Reply;

/// The largest body that gets a trace, in bytes (DEBUG-72).
const LARGEST: usize = 256 * 1024;

/// Whether the request asks for a trace, and may.
pub(crate) fn is_asked(app: &App, raw_query: Option<&str>) -> bool {
    app.instance.config.settings.trace_debug
        && raw_query.is_some_and(|query| query.split('&').any(|part| part == "_trace=1"))
}

/// Answers, and adds what that took to the answer.
pub(crate) async fn added(answering: impl Future<Output = Reply>) -> Reply {
    let trace = Trace::start();
    let reply = noting(trace.clone(), answering).await;
    let Some(kind) = Kind::of(&reply) else {
        return reply;
    };
    let (mut head, body) = reply.into_parts();
    let body = match gathered(body).await {
        Gathered::Whole(body) => {
            let found = TraceJson::new(&trace.take(), trace.elapsed());
            let added = match kind {
                Kind::Page => found.in_page(&body),
                Kind::Json => found.in_object(&body),
            };
            head.headers.remove(header::CONTENT_LENGTH);
            Body::from(added.map_or(body, Bytes::from))
        }
        Gathered::TooLarge(body) => body,
    };
    Reply::from_parts(head, body)
}

/// The kinds of bodies that have room for a trace.
enum Kind {
    Page,
    Json,
}

impl Kind {
    fn of(reply: &Reply) -> Option<Self> {
        let content_type = reply.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
        if content_type.contains("text/html") {
            Some(Self::Page)
        } else if content_type.contains("json") {
            Some(Self::Json)
        } else {
            None
        }
    }
}

enum Gathered {
    Whole(Bytes),
    TooLarge(Body),
}

async fn gathered(body: Body) -> Gathered {
    let mut parts = body.into_data_stream();
    let mut whole = BytesMut::new();
    while let Some(part) = parts.next().await {
        let failed = part.is_err();
        if let Ok(part) = &part {
            whole.extend_from_slice(part);
        }
        if failed || whole.len() > LARGEST {
            // What breaks off must still break off.
            let broken = stream::iter(part.err().map(Err));
            let before = stream::once(async move { Ok(whole.freeze()) });
            return Gathered::TooLarge(Body::from_stream(before.chain(broken).chain(parts)));
        }
    }
    Gathered::Whole(whole.freeze())
}
