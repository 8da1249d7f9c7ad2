//! What a visitor, a style sheet or a script can rely on in a page: its facts, as JSON.
//!
//! Markup that is nobody's contract (nesting, white space, icons, inline styles) leaves no trace.

mod blocks;
mod facet;
mod form;
mod frame;
mod head;
mod names;
mod table;
mod text;

use scraper::{ElementRef, Html, Selector};
use serde_json::{Map, Value};

/// Reads the facts of a page or of a fragment of one.
pub(crate) fn extract(html: &str) -> Value {
    let document = Html::parse_document(html);
    let root = document.root_element();
    let content = first(root, "section.content").unwrap_or(root);
    let facts = [
        ("title", head::title(root)),
        ("body_class", frame::body_class(root)),
        ("crumbs", frame::crumbs(root)),
        ("menu", frame::menu(root)),
        ("actor", frame::actor(root)),
        ("messages", frame::messages(root, content)),
        ("blocks", blocks::blocks(content)),
        ("links", blocks::links(content)),
        ("buttons", form::loose_buttons(content)),
        ("forms", form::forms(root)),
        ("facets", facet::facets(content)),
        ("tables", table::tables(content)),
        ("pre", blocks::preformatted(content)),
        ("footer", frame::footer(root)),
        ("templates", frame::templates(root)),
        ("stylesheets", head::stylesheets(root)),
        ("scripts", head::scripts(root)),
        ("alternate", head::alternate(root)),
        ("robots", head::robots(root)),
        ("data", head::data(root)),
        ("mobile_columns", head::mobile_columns(root)),
        ("elements", names::elements(root)),
        ("names", names::present(root)),
    ];
    facts
        .into_iter()
        .filter(|(_, value)| !is_nothing(value))
        .map(|(key, value)| (key.to_owned(), value))
        .collect::<Map<_, _>>()
        .into()
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// A selector written in this program.
fn selector(text: &'static str) -> Selector {
    #[allow(
        clippy::unwrap_used,
        reason = "constants of this program; every test runs them"
    )]
    Selector::parse(text).unwrap()
}

/// The first match below `element`.
fn first<'a>(element: ElementRef<'a>, text: &'static str) -> Option<ElementRef<'a>> {
    element.select(&selector(text)).next()
}

/// All matches below `element`, in document order.
fn all<'a>(element: ElementRef<'a>, text: &'static str) -> Vec<ElementRef<'a>> {
    element.select(&selector(text)).collect()
}

/// Whether one of the elements around `element` satisfies `test`.
fn inside(element: ElementRef<'_>, test: impl Fn(ElementRef<'_>) -> bool) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).any(test)
}

/// Whether the element carries the class.
fn has_class(element: ElementRef<'_>, class: &str) -> bool {
    element.value().classes().any(|found| found == class)
}

#[cfg(test)]
mod tests;
