//! `/-/patterns`: every element of the pages once, with made-up content (DEBUG-47).

use datasette_core::Fault;
use datasette_render::html::page::render_one;
use datasette_render::html::tools::plain;
use serde_json::json;

use super::shown::{for_viewers, way};
use crate::frame;
use crate::reply::{self, NoCors, Reply};
use crate::visit::Visit;

/// The page.
pub(super) async fn html(visit: &Visit) -> Result<Reply, Fault> {
    for_viewers(visit).await?;
    let template = "patterns.html";
    let base = frame::base(visit, &way("patterns"), template, None).await?;
    let html = render_one(&visit.app.templates, template, &base, plain(&json!({}))).await?;
    let mut answer = reply::html(html);
    answer.extensions_mut().insert(NoCors);
    Ok(answer)
}
