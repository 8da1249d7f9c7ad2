//! Tables: head and cells in canonical markup.

use scraper::ElementRef;
use serde_json::{Value, json};

use super::all;
use super::text::{markup, start_tag};

/// One object per table: its class, its header cells, and its rows (tag, then cells).
pub(super) fn tables(content: ElementRef<'_>) -> Value {
    all(content, "table").into_iter().map(table).collect()
}

fn table(element: ElementRef<'_>) -> Value {
    let head: Vec<String> = all(element, "thead th").into_iter().map(markup).collect();
    let rows: Vec<Value> = all(element, "tbody tr").into_iter().map(row).collect();
    let class = element.value().attr("class").unwrap_or_default();
    json!({"class": class, "head": head, "rows": rows})
}

fn row(element: ElementRef<'_>) -> Value {
    let cells = all(element, "td, th").into_iter().map(markup);
    std::iter::once(start_tag(element))
        .chain(cells)
        .map(Value::from)
        .collect()
}
