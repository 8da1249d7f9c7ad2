//! The frame around the content: crumbs, menu, actor, messages, footer.

use scraper::{ElementRef, Node};
use serde_json::{Value, json};

use super::blocks::arrow;
use super::text::visible;
use super::{all, first, inside};

/// Classes of the body.
pub(super) fn body_class(root: ElementRef<'_>) -> Value {
    first(root, "body")
        .and_then(|body| body.value().attr("class"))
        .unwrap_or_default()
        .trim()
        .into()
}

/// Links of the crumbs, and the text with its separators.
pub(super) fn crumbs(root: ElementRef<'_>) -> Value {
    let Some(crumbs) = first(root, "p.crumbs") else {
        return Value::Null;
    };
    let links: Vec<String> = all(crumbs, "a").into_iter().map(arrow).collect();
    json!({"text": visible(crumbs), "links": links})
}

/// Items of the menu: their text or link.
pub(super) fn menu(root: ElementRef<'_>) -> Value {
    let item = |item: ElementRef<'_>| match (first(item, "a"), first(item, "button")) {
        (Some(link), _) => arrow(link),
        (None, Some(button)) => {
            format!("{} {}", super::text::start_tag(button), visible(button))
        }
        _ => visible(item),
    };
    all(root, ".nav-menu li")
        .into_iter()
        .map(item)
        .map(Value::from)
        .collect()
}

/// Who is shown as signed in.
pub(super) fn actor(root: ElementRef<'_>) -> Value {
    first(root, ".actor")
        .map(visible)
        .map_or(Value::Null, Value::from)
}

/// Messages above the content, with their class.
pub(super) fn messages(root: ElementRef<'_>, content: ElementRef<'_>) -> Value {
    let above = |message: &ElementRef<'_>| !inside(*message, |outer| outer == content);
    let text = |message: ElementRef<'_>| {
        let class = message.value().attr("class").unwrap_or_default();
        Value::from(format!("{class}: {}", visible(message)))
    };
    all(root, "p.message-info, p.message-warning, p.message-error")
        .into_iter()
        .filter(above)
        .map(text)
        .collect()
}

/// Text and links of the footer.
pub(super) fn footer(root: ElementRef<'_>) -> Value {
    let Some(footer) = first(root, "footer.ft") else {
        return Value::Null;
    };
    let links: Vec<String> = all(footer, "a").into_iter().map(arrow).collect();
    json!({"text": visible(footer), "links": links})
}

/// The comment that names the template candidates (TPL-12).
pub(super) fn templates(root: ElementRef<'_>) -> Value {
    let comments = root.descendants().filter_map(|node| match node.value() {
        Node::Comment(comment) => Some(comment.trim().to_owned()),
        _ => None,
    });
    let mut considered = comments.filter(|text| text.starts_with("Templates considered"));
    considered.next().map_or(Value::Null, Value::from)
}
