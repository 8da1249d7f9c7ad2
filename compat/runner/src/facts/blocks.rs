//! The running text of a page, block by block, its links and its preformatted parts.

use scraper::ElementRef;
use serde_json::Value;

use super::names::is_stable;
use super::text::{collapse, visible, visible_without};
use super::{all, has_class, inside};

/// Elements that start a block of their own.
const BLOCKS: [&str; 26] = [
    "blockquote",
    "body",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
    "html",
];

/// `tag#id: text` for every block with text of its own, in document order.
pub(super) fn blocks(content: ElementRef<'_>) -> Value {
    let mut found = Vec::new();
    walk(content, &mut found);
    found.into_iter().map(Value::from).collect()
}

fn walk(element: ElementRef<'_>, found: &mut Vec<String>) {
    if is_told_elsewhere(element) {
        return;
    }
    let text = visible_without(element, &is_block);
    if !text.is_empty() {
        found.push(format!("{}: {text}", label(element)));
    }
    inner_blocks(element, found);
}

fn inner_blocks(element: ElementRef<'_>, found: &mut Vec<String>) {
    for child in element.children().filter_map(ElementRef::wrap) {
        if is_block(child) {
            walk(child, found);
        } else {
            inner_blocks(child, found);
        }
    }
}

fn is_block(element: ElementRef<'_>) -> bool {
    BLOCKS.contains(&element.value().name())
}

/// Tables, facets and preformatted text have facts of their own.
fn is_told_elsewhere(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "table" | "pre" | "head")
        || has_class(element, "facet-results")
}

/// Tag and id; classes are told by the names of a page.
fn label(element: ElementRef<'_>) -> String {
    let mut label = element.value().name().to_owned();
    if let Some(id) = element.value().id() {
        label.push('#');
        label.push_str(id);
    }
    label
}

/// `text -> href` with rel, title and stable classes, in document order.
pub(super) fn links(content: ElementRef<'_>) -> Value {
    let wanted = |link: &ElementRef<'_>| !inside(*link, is_told_elsewhere);
    all(content, "a[href]")
        .into_iter()
        .filter(wanted)
        .map(|link| Value::from(arrow(link)))
        .collect()
}

/// One link as text.
pub(super) fn arrow(link: ElementRef<'_>) -> String {
    let href = link.value().attr("href").unwrap_or_default();
    let mut text = format!("{} -> {href}", visible(link));
    for name in ["rel", "title"] {
        // That a link leads to the next page is said to browsers; its place and text are the contract.
        if let Some(value) = link.value().attr(name).filter(|value| *value != "next") {
            text.push_str(&format!(" [{name}: {}]", collapse(value)));
        }
    }
    for class in link.value().classes().filter(|class| is_stable(class)) {
        text.push_str(&format!(" .{class}"));
    }
    text
}

/// Text of every `pre`, as it stands, except inside cells.
pub(super) fn preformatted(content: ElementRef<'_>) -> Value {
    let wanted = |pre: &ElementRef<'_>| !inside(*pre, |outer| outer.value().name() == "table");
    let text = |pre: ElementRef<'_>| pre.text().collect::<String>();
    all(content, "pre")
        .into_iter()
        .filter(wanted)
        .map(|pre| Value::from(text(pre)))
        .collect()
}
