//! The folder that holds the databases of a run.

use serde_json::Value;

use super::Context;

/// Written instead of the folder.
const FOLDER: &str = "DATA";

/// Every mention in a page or text.
pub(super) fn in_text(text: &mut String, context: &Context) -> usize {
    let folder = context.data.to_string_lossy();
    if folder.is_empty() {
        return 0;
    }
    let fired = text.matches(folder.as_ref()).count();
    if fired > 0 {
        *text = text.replace(folder.as_ref(), FOLDER);
    }
    fired
}

/// Every string inside a JSON body.
pub(super) fn in_json(value: &mut Value, context: &Context) -> usize {
    match value {
        Value::String(text) => in_text(text, context),
        Value::Array(items) => items.iter_mut().map(|item| in_json(item, context)).sum(),
        Value::Object(map) => map.values_mut().map(|item| in_json(item, context)).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_folder_is_replaced_at_any_depth() {
        let context = Context {
            data: "/x/y".into(),
            ..Context::default()
        };
        let mut value = json!({"databases": [{"path": "/x/y/a.db"}, {"path": null}]});
        assert_eq!(in_json(&mut value, &context), 1);
        assert_eq!(value["databases"][0]["path"], json!("DATA/a.db"));
    }
}
