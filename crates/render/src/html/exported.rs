//! The variables of a page for a template engine outside of the server: data as data, and for what
//! templates call the name of a stand-in.

use datasette_hooks::PageValue;
use indexmap::IndexMap;
use minijinja::value::{Tuple, Value, ValueKind};
use minijinja::{Environment, State};
use serde_json::{Map, Value as Json};

use super::filters::Filters;
use super::links::Links;
use super::page::Base;
use super::plugin_values::Foreign;
use super::printing::printed;
use super::request::RequestObject;
use super::rows;
use crate::json::writer;

/// Functions that engines have themselves, by the names of their variables.
const KNOWN: [&str; 12] = [
    "api_path",
    "append_querystring",
    "crumb_items",
    "custom_header",
    "custom_redirect",
    "custom_status",
    "display_actor",
    "fix_path",
    "format_bytes",
    "path_with_replaced_args",
    "raise_404",
    "zip",
];

/// All variables of a page.
pub(crate) fn variables(
    environment: &Environment<'_>,
    base: Option<&Base>,
    variables: &Value,
) -> IndexMap<String, PageValue> {
    let mut state = environment.empty_state();
    let shows = "show_messages";
    let messages = base.filter(|base| !base.extra.iter().any(|(name, _)| name == shows));
    let names = variables.try_iter().into_iter().flatten();
    names
        .filter_map(|name| {
            let name = name.as_str()?.to_owned();
            let value = variables.get_attr(&name).ok()?;
            let value = match messages.filter(|_| name == shows) {
                Some(base) => PageValue::Messages(base.messages.clone()),
                None => exported(&mut state, &name, &value),
            };
            Some((name, value))
        })
        .collect()
}

fn exported(state: &mut State<'_, '_>, name: &str, value: &Value) -> PageValue {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => PageValue::Data(Json::Null),
        ValueKind::Bool => PageValue::Data(Json::Bool(value.is_true())),
        ValueKind::Number => PageValue::Data(number(value)),
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default().to_owned();
            match value.is_safe() {
                true => PageValue::Html(text),
                false => PageValue::Data(Json::String(text)),
            }
        }
        ValueKind::Bytes => PageValue::Bytes(value.as_bytes().unwrap_or_default().to_vec()),
        ValueKind::Seq | ValueKind::Iterable => match rows::exported(value) {
            Some(rows) => PageValue::Rows(Box::new(rows)),
            None => list(state, name, value),
        },
        ValueKind::Map => map(state, value),
        _ => object(state, name, value),
    }
}

fn number(value: &Value) -> Json {
    match i64::try_from(value.clone()) {
        Ok(number) if value.is_integer() => Json::from(number),
        _ => f64::try_from(value.clone()).map_or(Json::Null, writer::real_number),
    }
}

fn list(state: &mut State<'_, '_>, name: &str, value: &Value) -> PageValue {
    let items = value.try_iter().into_iter().flatten();
    let items: Vec<PageValue> = items.map(|item| exported(state, name, &item)).collect();
    if value.downcast_object_ref::<Tuple>().is_some() {
        return PageValue::Tuple(items);
    }
    if !items.iter().all(|item| matches!(item, PageValue::Data(_))) {
        return PageValue::List(items);
    }
    let items = items.into_iter().filter_map(|item| match item {
        PageValue::Data(data) => Some(data),
        _ => None,
    });
    PageValue::Data(items.collect())
}

fn map(state: &mut State<'_, '_>, value: &Value) -> PageValue {
    let members = value.try_iter().into_iter().flatten().map(|key| {
        let member = value.get_item(&key).unwrap_or_default();
        let name = printed(&key);
        let member = exported(state, &name, &member);
        (name, member)
    });
    let members: IndexMap<String, PageValue> = members.collect();
    if !members
        .values()
        .all(|member| matches!(member, PageValue::Data(_)))
    {
        return PageValue::Map(members);
    }
    let members = members
        .into_iter()
        .filter_map(|(name, member)| match member {
            PageValue::Data(data) => Some((name, data)),
            _ => None,
        });
    PageValue::Data(Json::Object(members.collect::<Map<_, _>>()))
}

/// What templates call, or ask for its parts.
fn object(state: &mut State<'_, '_>, name: &str, value: &Value) -> PageValue {
    if let Some(foreign) = value.downcast_object_ref::<Foreign>() {
        return PageValue::Foreign(foreign.0.id);
    }
    if value.downcast_object_ref::<RequestObject>().is_some() {
        return PageValue::Known("request");
    }
    if value.downcast_object_ref::<Links>().is_some() {
        return PageValue::Known("urls");
    }
    if value.downcast_object_ref::<Filters>().is_some() {
        let mut answer = |method: &str| {
            let answer = value.call_method(state, method, &[]).unwrap_or_default();
            Box::new(exported(state, method, &answer))
        };
        return PageValue::Filters {
            selections: answer("selections"),
            lookups: answer("lookups"),
        };
    }
    if let Some(known) = KNOWN.into_iter().find(|known| *known == name) {
        return PageValue::Known(known);
    }
    match value.call(state, &[]) {
        Ok(answer) => PageValue::Returns(Box::new(exported(state, name, &answer))),
        Err(_) => PageValue::Data(Json::String(printed(value))),
    }
}
