//! JSON values as messages spell them: clients know them in the words of Python.

use datasette_core::python_text::repr;
use serde_json::Value as Json;

/// A value inside a sentence: texts as they are, all else as a Python literal.
pub(super) fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => literal(other),
    }
}

fn literal(value: &Json) -> String {
    match value {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => repr(text),
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(literal).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(members) => {
            let members = members.iter();
            let members =
                members.map(|(name, value)| format!("{}: {}", repr(name), literal(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A set of texts as a Python set, in the order given.
pub(super) fn set<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(repr).collect();
    format!("{{{}}}", texts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_spelled_as_clients_know_them() {
        assert_eq!(plain(&json!("it's")), "it's");
        assert_eq!(plain(&json!(null)), "None");
        assert_eq!(plain(&json!(true)), "True");
        assert_eq!(plain(&json!(1.5)), "1.5");
        let nested = json!(["a", {"b": "it's"}, "\"'"]);
        assert_eq!(plain(&nested), "['a', {'b': \"it's\"}, '\"\\'']");
        assert_eq!(set(["a", "b"]), "{'a', 'b'}");
    }
}
