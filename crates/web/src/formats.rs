//! Output formats that plugins declare (HOOK-75 to HOOK-89).

use std::sync::Arc;

use datasette_core::{Fault, RowBatch};
use datasette_engine::extras::{Scope, Wanted, offered};
use datasette_engine::labels::Labels;
use datasette_hooks::{OutputRenderer, RenderScope, RendererInput, RendererWants, settle};
use datasette_render::json::writer;
use serde_json::{Map, Value as Json};

use crate::http;
use crate::reply::Reply;
use crate::visit::Visit;

/// The renderer of a format, unless it is one that the server renders itself.
pub(crate) fn named<'a>(visit: &'a Visit, format: &str) -> Option<&'a Arc<dyn OutputRenderer>> {
    visit.app.instance.declared.renderers.get(format)
}

/// The extras that a format wants beside those of the query string; none when it does not look at
/// what JSON would say.
pub(crate) fn wanted(visit: &Visit, scope: Scope, asked: &RendererWants) -> Result<Wanted, Fault> {
    if !asked.data {
        return Ok(Wanted::default());
    }
    let mut wanted = Wanted::parse(scope, visit.query())?;
    for extra in offered(scope).filter(|extra| asked.extras.iter().any(|name| name == extra.name)) {
        wanted.add(extra.name);
    }
    Ok(wanted)
}

/// The formats that a page links to, `json` first (HOOK-87). A format that fails to decide is not
/// linked.
pub(crate) async fn linked(visit: &Visit, scope: &RenderScope<'_>) -> Vec<String> {
    let mut formats = vec!["json".to_owned()];
    let context = visit.hooks();
    for (format, renderer) in &visit.app.instance.declared.renderers {
        match settle(async { renderer.can_render(&context, scope).await }).await {
            Ok(true) if format == "json" => {}
            Ok(true) => formats.push(format.clone()),
            Ok(false) => {}
            Err(error) => tracing::error!(format, "can_render failed: {error}"),
        }
    }
    formats
}

/// Whether plugins have formats that a page may link to.
pub(crate) fn are_added(visit: &Visit) -> bool {
    let mut formats = visit.app.instance.declared.renderers.keys();
    formats.any(|format| format != "blob")
}

/// The response of a format.
///
/// # Errors
/// 404 when it has nothing to say (HOOK-85); whatever it refuses with; 500 when it fails.
pub(crate) async fn render(
    visit: &Visit,
    renderer: &Arc<dyn OutputRenderer>,
    input: &RendererInput<'_>,
) -> Result<Reply, Fault> {
    let context = visit.hooks();
    match settle(async { renderer.render(&context, input).await }).await {
        Ok(Some(response)) => Ok(http::reply(response)),
        Ok(None) => Err(Fault::not_found("No data")),
        Err(error) => Err(error.into_fault(renderer.extension(), "render")),
    }
}

/// The labels of all cells that have one, by row and column.
pub(crate) fn labels(rows: &RowBatch, labels: &Labels) -> Vec<(usize, usize, Json)> {
    let mut found = Vec::new();
    for (number, row) in rows.rows().enumerate() {
        for place in (0..rows.column_names().len()).filter(|place| labels.is_expanded(*place)) {
            if let Some(label) = labels.get(place, row.get(place)) {
                found.push((number, place, writer::json_of(label)));
            }
        }
    }
    found
}

/// What JSON would say, rows included (HOOK-83).
pub(crate) fn data(before: Map<String, Json>, rows: &RowBatch, after: Map<String, Json>) -> Json {
    let columns = rows.column_names();
    let items = rows.rows().map(|row| {
        let cells = columns.iter().enumerate();
        Json::Object(
            cells
                .map(|(place, name)| (name.clone(), writer::json_of(row.get(place))))
                .collect(),
        )
    });
    let mut data = before;
    data.insert("rows".to_owned(), items.collect());
    data.extend(after);
    Json::Object(data)
}
