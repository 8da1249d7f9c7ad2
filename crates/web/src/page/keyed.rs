//! `Idempotency-Key`: a client that lost an answer may send its call again, and it is carried out
//! once (WRITE-155 to WRITE-161). The header is that of the IETF's draft of this name.

mod digest;
mod kept;
mod key;

use std::sync::Arc;

use axum::body::Body;
use axum::http::Method;
use datasette_core::Fault;
use datasette_engine::write::keyed::Ending;
use datasette_engine::write::{AnsweredCall, FoundCall, KeyedCall, Request};
use futures_util::StreamExt;

use super::change::{self, to_its_end};
use crate::reply::Reply;
use crate::route::Route;
use crate::visit::Visit;
use crate::{dispatch, problem};

pub(in crate::page) use digest::Digest;

/// The header with the key, in lower case.
pub(crate) const HEADER: &str = "idempotency-key";

/// The header of an answer that was given before, in lower case.
pub(crate) const REPLAYED: &str = "idempotent-replayed";

/// The key of a call that writes, or what is wrong with it; `None` for all other requests.
pub(super) fn key(visit: &Visit, route: &Route) -> Option<Result<String, Fault>> {
    let writes = || {
        matches!(
            route,
            // A stored query has the address of a table.
            Route::Change(_) | Route::Write { .. } | Route::Table { .. }
        )
    };
    match visit.method == Method::POST && writes() {
        true => key::of(&visit.headers),
        false => None,
    }
}

/// Carries a call out, or answers what was answered before.
pub(super) async fn answer(
    visit: &Visit,
    route: Route,
    key: Result<String, Fault>,
    body: Body,
) -> Reply {
    let answered = async {
        let instance = &visit.app.instance;
        match FoundCall::find(instance, visit.actor(), &key?).await? {
            FoundCall::Answered(before) => again(visit, before, body).await,
            FoundCall::New(call) => {
                let visit = visit.keyed(Arc::clone(&call));
                // It has an end to be kept even if its client has left.
                to_its_end(async move { Ok(first(visit, &call, route, body).await) }).await
            }
        }
    };
    answered.await.unwrap_or_else(|fault| {
        problem::log(visit, &fault);
        problem::json(&fault)
    })
}

async fn first(visit: Visit, call: &KeyedCall, route: Route, body: Body) -> Reply {
    let answered = Box::pin(super::carry_out(&visit, route, body)).await;
    let reply = dispatch::or_problem(&visit, answered).await;
    let status = reply.status();
    let has_failed = status.is_client_error() || status.is_server_error();
    let (reply, ending) = match has_failed && !call.has_changed() {
        true => (reply, Ending::Refused),
        false => {
            let (reply, kept) = kept::of(reply).await;
            (reply, Ending::Done(kept))
        }
    };
    call.end(ending).await;
    reply
}

async fn again(visit: &Visit, before: AnsweredCall, body: Body) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    before.require_grants(instance, visit.actor()).await?;
    let mut digest = Digest::of(visit);
    let request = match before.body_bytes() {
        None => digest.without_body(),
        Some(length) => {
            let mut parts = body.into_data_stream();
            while let Some(part) = parts.next().await {
                digest.note(&part.map_err(change::body::broke_off)?);
                if digest.body_bytes() > length {
                    return Err(AnsweredCall::other_request());
                }
            }
            digest.with_body()
        }
    };
    kept::reply(&before.answer(&request)?)
}

/// The call begins: this is its body.
///
/// # Errors
/// 409 where it was begun elsewhere.
pub(in crate::page) async fn begin(visit: &Visit, body: &[u8]) -> Result<(), Fault> {
    noted(visit, |mut digest| {
        digest.note(body);
        digest.with_body()
    })
    .await
}

/// The call begins; it has no use for a body.
///
/// # Errors
/// 409 where it was begun elsewhere.
pub(in crate::page) async fn begin_without_body(visit: &Visit) -> Result<(), Fault> {
    noted(visit, Digest::without_body).await
}

async fn noted(visit: &Visit, request: impl FnOnce(Digest) -> Request) -> Result<(), Fault> {
    match &visit.call {
        None => Ok(()),
        Some(call) => call.begin(request(Digest::of(visit))).await,
    }
}
