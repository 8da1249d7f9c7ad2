//! Visible text, and elements written in one canonical form.

use scraper::{ElementRef, Node};

use super::inside;
use super::names::is_stable;

/// Elements whose content is not text for readers.
const SILENT: [&str; 8] = [
    "head", "script", "style", "svg", "select", "textarea", "template", "button",
];

/// Text of the element and everything in it, white space collapsed; no-break spaces stay.
pub(super) fn visible(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    gather(element, &mut text, &|_| false);
    collapse(&text)
}

/// As [`visible`], leaving out every inner element for which `skip` holds.
pub(super) fn visible_without(
    element: ElementRef<'_>,
    skip: &dyn Fn(ElementRef<'_>) -> bool,
) -> String {
    let mut text = String::new();
    gather(element, &mut text, skip);
    collapse(&text)
}

fn gather(element: ElementRef<'_>, text: &mut String, skip: &dyn Fn(ElementRef<'_>) -> bool) {
    for child in element.children() {
        if let Node::Text(found) = child.value() {
            text.push_str(found);
        } else if let Some(inner) = ElementRef::wrap(child) {
            let name = inner.value().name();
            if name == "br" {
                text.push(' ');
            }
            if !SILENT.contains(&name) && !skip(inner) {
                gather(inner, text, skip);
            }
        }
    }
}

/// Runs of ASCII white space become one space; none stays at the ends.
pub(super) fn collapse(text: &str) -> String {
    let is_space = |char: char| char.is_ascii_whitespace();
    text.split(is_space)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Attributes that are presentation or accessibility, not contract.
const SILENT_ATTRIBUTES: [&str; 17] = [
    "aria-current",
    "aria-describedby",
    "aria-expanded",
    "aria-haspopup",
    "aria-hidden",
    "aria-live",
    "aria-sort",
    "autocapitalize",
    "autocomplete",
    "autocorrect",
    // Of our own policy against foreign scripts; the original has none.
    "nonce",
    "onclick",
    "onsubmit",
    "rows",
    "spellcheck",
    "style",
    "tabindex",
];

/// Whether an attribute is part of the contract: `aria-label` only on buttons, which are found by
/// it, and `type` of a button only inside a form, where it decides what the button does.
fn counts(element: ElementRef<'_>, attribute: &str) -> bool {
    let button = element.value().name() == "button";
    match attribute {
        "aria-label" => button,
        "type" if button => inside(element, |outer| outer.value().name() == "form"),
        _ => !SILENT_ATTRIBUTES.contains(&attribute),
    }
}

/// The start tag with its attributes in alphabetical order.
pub(super) fn start_tag(element: ElementRef<'_>) -> String {
    let mut attributes: Vec<(&str, &str)> = element
        .value()
        .attrs()
        .filter(|(name, _)| counts(element, name))
        .collect();
    attributes.sort_unstable();
    let mut tag = format!("<{}", element.value().name());
    for (name, value) in attributes {
        let unmarked = element.value().name() == "li" && name == "class";
        if unmarked && !element.value().classes().any(is_stable) {
            continue;
        }
        tag.push_str(&format!(
            " {name}=\"{}\"",
            escape(value).replace('"', "&quot;")
        ));
    }
    tag.push('>');
    tag
}

/// The element as markup: canonical start tags, collapsed white space (kept inside `pre`), no
/// icons.
pub(super) fn markup(element: ElementRef<'_>) -> String {
    let mut inner = String::new();
    inner_markup(element, false, &mut inner);
    let name = element.value().name();
    format!("{}{}</{name}>", start_tag(element), inner.trim_matches(' '))
}

fn inner_markup(element: ElementRef<'_>, keep: bool, text: &mut String) {
    let keep = keep || element.value().name() == "pre";
    for child in element.children() {
        if let Node::Text(found) = child.value() {
            if keep {
                text.push_str(&escape(found));
            } else {
                push_collapsed(found, text);
            }
        } else if let Some(inner) = ElementRef::wrap(child) {
            let name = inner.value().name();
            if !matches!(name, "svg" | "script" | "style") {
                text.push_str(&start_tag(inner));
                inner_markup(inner, keep, text);
                if !matches!(name, "br" | "img" | "input" | "hr") {
                    text.push_str(&format!("</{name}>"));
                }
            }
        }
    }
}

fn push_collapsed(found: &str, text: &mut String) {
    for char in found.chars() {
        if char.is_ascii_whitespace() {
            if !text.ends_with(' ') {
                text.push(' ');
            }
        } else {
            text.push_str(&escape(char.encode_utf8(&mut [0; 4])));
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
