//! Forms: where they go, what they send, what can be chosen.

use scraper::ElementRef;
use serde_json::{Map, Value};

use super::text::{collapse, start_tag, visible};
use super::{all, inside};

/// One object per form, in document order.
pub(super) fn forms(root: ElementRef<'_>) -> Value {
    all(root, "form").into_iter().map(form).collect()
}

fn form(element: ElementRef<'_>) -> Value {
    let mut facts = Map::new();
    facts.insert("tag".to_owned(), start_tag(element).into());
    let fields = all(element, "input, select, textarea, button");
    facts.insert(
        "fields".to_owned(),
        fields.into_iter().map(field).map(Value::from).collect(),
    );
    let labels: Vec<Value> = all(element, "label")
        .into_iter()
        .map(visible)
        .map(Value::from)
        .collect();
    if !labels.is_empty() {
        facts.insert("labels".to_owned(), labels.into());
    }
    facts.into()
}

/// `select name: value=text* | ...` (the star marks the selected one), or the tag of any other
/// field with its content.
fn field(element: ElementRef<'_>) -> String {
    match element.value().name() {
        "select" => {
            let options: Vec<String> = all(element, "option").into_iter().map(option).collect();
            format!("{} {}", start_tag(element), options.join(" | "))
        }
        "textarea" => format!(
            "{} {}",
            start_tag(element),
            element.text().collect::<String>()
        ),
        "button" => format!("{} {}", start_tag(element), label(element)),
        _ => start_tag(element),
    }
}

fn option(element: ElementRef<'_>) -> String {
    let text = collapse(&element.text().collect::<String>());
    let chosen = if element.value().attr("selected").is_some() {
        "*"
    } else {
        ""
    };
    match element.value().attr("value") {
        Some(value) if value != text => format!("{value}={text}{chosen}"),
        _ => format!("{text}{chosen}"),
    }
}

fn label(element: ElementRef<'_>) -> String {
    visible(element)
}

/// Buttons outside forms and tables.
pub(super) fn loose_buttons(content: ElementRef<'_>) -> Value {
    let outside = |button: &ElementRef<'_>| {
        !inside(*button, |outer| {
            matches!(outer.value().name(), "form" | "table")
        })
    };
    let text = |button| Value::from(format!("{} {}", start_tag(button), label(button)));
    all(content, "button")
        .into_iter()
        .filter(outside)
        .map(text)
        .collect()
}
