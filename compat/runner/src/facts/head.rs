//! The head of a page, and data that scripts find in it.

use scraper::ElementRef;
use serde_json::{Map, Value};

use super::text::{collapse, start_tag, visible};
use super::{all, first};

/// The title, white space collapsed.
pub(super) fn title(root: ElementRef<'_>) -> Value {
    first(root, "head > title")
        .map(visible)
        .map_or(Value::Null, Value::from)
}

/// Style sheets, as tags.
pub(super) fn stylesheets(root: ElementRef<'_>) -> Value {
    tags(root, "link[rel=stylesheet]")
}

/// Bundled scripts that plugins address by name (CACHE-11). How the rest is cut into files is
/// nobody's business.
const SCRIPTS: [&str; 8] = [
    "autocomplete.js",
    "column-chooser.js",
    "datasette-manager.js",
    "edit-tools.js",
    "mobile-column-actions.js",
    "modal.js",
    "navigation-search.js",
    "table.js",
];

/// Named and configured scripts, as tags.
pub(super) fn scripts(root: ElementRef<'_>) -> Value {
    let wanted = |script: &ElementRef<'_>| {
        let source = script.value().attr("src").unwrap_or_default();
        let file = source.split('?').next().unwrap_or_default();
        !file.contains("/-/static/")
            || SCRIPTS
                .iter()
                .any(|name| file.ends_with(&format!("/{name}")))
    };
    let found = all(root, "script[src]").into_iter().filter(wanted);
    found.map(start_tag).map(Value::from).collect()
}

/// The JSON twin of the page (CACHE-19).
pub(super) fn alternate(root: ElementRef<'_>) -> Value {
    tags(root, "link[rel=alternate]")
}

/// The robots meta tag (INDEX-16).
pub(super) fn robots(root: ElementRef<'_>) -> Value {
    tags(root, "meta[name=robots]")
}

fn tags(root: ElementRef<'_>, text: &'static str) -> Value {
    all(root, text)
        .into_iter()
        .map(start_tag)
        .map(Value::from)
        .collect()
}

/// Values that scripts assign in one line, `window.name = {...};`, keys in alphabetical order.
pub(super) fn data(root: ElementRef<'_>) -> Value {
    let mut data = Map::new();
    for script in all(root, "script:not([src])") {
        let text = script.text().collect::<String>();
        let text = text.trim().trim_end_matches(';');
        let Some((name, value)) = text.split_once(" = ").filter(|_| !text.contains('\n')) else {
            continue;
        };
        if name.contains(char::is_whitespace) {
            continue;
        }
        let parsed = serde_json::from_str(value).map(sorted);
        data.insert(
            name.to_owned(),
            parsed.unwrap_or_else(|_| Value::from(value)),
        );
    }
    sorted(data.into())
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map.into_iter().collect();
            entries.sort_by(|left, right| left.0.cmp(&right.0));
            let entries = entries.into_iter().map(|(key, value)| (key, sorted(value)));
            entries.collect::<Map<_, _>>().into()
        }
        other => other,
    }
}

/// The column names that narrow screens show before each cell (HTML-76).
pub(super) fn mobile_columns(root: ElementRef<'_>) -> Value {
    let mut rules = Vec::new();
    for style in all(root, "style") {
        let text = style.text().collect::<String>();
        let wanted = text
            .split('\n')
            .filter(|line| line.contains("td:nth-of-type("));
        rules.extend(wanted.map(|line| Value::from(collapse(line))));
    }
    rules.into()
}
