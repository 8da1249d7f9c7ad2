//! Facet boxes: name, total, values with their links.

use scraper::ElementRef;
use serde_json::{Map, Value};

use super::text::{markup, visible};
use super::{all, first};

/// One object per `div.facet-info`.
pub(super) fn facets(content: ElementRef<'_>) -> Value {
    all(content, ".facet-results .facet-info")
        .into_iter()
        .map(facet)
        .collect()
}

fn facet(element: ElementRef<'_>) -> Value {
    let mut classes: Vec<&str> = element.value().classes().collect();
    classes.sort_unstable();
    let name = first(element, ".facet-info-name");
    let text = |value: Option<String>| value.map_or(Value::Null, Value::from);
    let facts = [
        ("id", text(element.value().id().map(str::to_owned))),
        ("class", classes.join(" ").into()),
        (
            "column",
            text(element.value().attr("data-column").map(str::to_owned)),
        ),
        (
            "name",
            text(name.and_then(|name| first(name, "strong")).map(visible)),
        ),
        (
            "total",
            text(first(element, ".facet-info-total").map(visible)),
        ),
        (
            "hide",
            text(name.and_then(|name| first(name, "a.cross")).map(markup)),
        ),
        (
            "values",
            all(element, "li")
                .into_iter()
                .map(markup)
                .map(Value::from)
                .collect(),
        ),
    ];
    facts
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect::<Map<_, _>>()
        .into()
}
