//! `?_context=1` under the setting `template_debug`: the variables of a page instead of the page
//! (DEBUG-74).

use minijinja::value::{Value, ValueKind};
use serde_json::{Map, Value as Json};

use super::about::indented_by;
use super::cell::escape;
use super::printing::printed;
use crate::json::writer;

/// The variables as JSON inside `<pre>`, indented by four.
pub(crate) fn shown(variables: &Value) -> String {
    let mut page = String::from("<pre>");
    escape(&mut page, &indented_by(&as_json("variables", variables), 4));
    page.push_str("</pre>");
    page
}

/// Data as data; what is none, such as functions, as its text.
pub(crate) fn as_json(name: &str, value: &Value) -> Json {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => Json::Null,
        ValueKind::Bool => Json::Bool(value.is_true()),
        ValueKind::Number => match i64::try_from(value.clone()) {
            Ok(number) if value.is_integer() => Json::from(number),
            _ => f64::try_from(value.clone()).map_or(Json::Null, writer::real_number),
        },
        ValueKind::Seq | ValueKind::Iterable => {
            let items = value.try_iter().into_iter().flatten();
            items.map(|item| as_json(name, &item)).collect()
        }
        ValueKind::Map => {
            let mut members = Map::new();
            for key in value.try_iter().into_iter().flatten() {
                let member = value.get_item(&key).unwrap_or_default();
                let name = printed(&key);
                let member = as_json(&name, &member);
                members.insert(name, member);
            }
            Json::Object(members)
        }
        ValueKind::Plain => match printed(value) {
            text if text.starts_with('<') => Json::String(text),
            _ => Json::String(format!("<function {name}>")),
        },
        _ => Json::String(printed(value)),
    }
}
