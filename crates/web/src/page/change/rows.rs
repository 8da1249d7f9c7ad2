//! The answer to a call that stored rows.

use axum::http::StatusCode;
use datasette_core::{RowBatch, RowSink};
use datasette_render::json::writer::Infinity;
use datasette_render::json::{JsonOptions, JsonRows, wrap};
use serde_json::{Map, Value as Json, json};

use crate::reply::{self, Reply};

/// `{"ok": true}`, with rows where there are any to tell (WRITE-06, WRITE-19).
pub(super) fn stored(status: StatusCode, rows: Option<&RowBatch>) -> Reply {
    let mut answer = match rows {
        None => reply::json(&json!({"ok": true})),
        Some(rows) => {
            // WRITE-14: what was accepted is told again.
            let options = JsonOptions {
                infinity: Infinity::Token,
                ..JsonOptions::default()
            };
            let mut items = JsonRows::new(&options, Vec::new());
            items.columns(rows.column_names());
            for row in rows.rows() {
                // A sink in memory takes all.
                let _ = items.row(&row);
            }
            let ok = Map::from_iter([("ok".to_owned(), Json::Bool(true))]);
            let body = wrap(&ok, items.items(), &Map::new());
            reply::with_type("application/json; charset=utf-8", body)
        }
    };
    *answer.status_mut() = status;
    answer
}
