//! Pages with forms for people who try things out: permissions, messages, the API.

mod activity;
mod allow_debug;
mod allowed;
mod check;
mod explorer;
mod listed;
mod messages;
mod patterns;
mod rules;
mod shown;

use axum::body::Body;
use axum::http::Method;
use datasette_core::Fault;

use crate::reply::Reply;
use crate::route::Tool;
use crate::visit::Visit;

/// `/-/{tool}`.
pub(crate) async fn answer(visit: &Visit, tool: Tool, body: Body) -> Result<Reply, Fault> {
    let posted = visit.method == Method::POST;
    match tool {
        Tool::Allowed { json: false } => allowed::html(visit).await,
        Tool::Allowed { json: true } => allowed::json(visit).await,
        Tool::Rules { json: false } => rules::html(visit).await,
        Tool::Rules { json: true } => rules::json(visit).await,
        Tool::Check { json: false } => check::html(visit).await,
        Tool::Check { json: true } => check::json(visit).await,
        Tool::Activity if posted => activity::simulate(visit, body).await,
        Tool::Activity => activity::html(visit).await,
        Tool::AllowDebug => allow_debug::html(visit).await,
        Tool::Messages if posted => messages::add(visit, body).await,
        Tool::Messages => messages::html(visit).await,
        Tool::Patterns => patterns::html(visit).await,
        Tool::Explorer => explorer::html(visit).await,
    }
}
