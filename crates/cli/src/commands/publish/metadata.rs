//! The metadata of the published site: the file's, and over it what options say.

use std::path::Path;

use serde::Serialize;
use serde_json::ser::PrettyFormatter;
use serde_json::{Map, Serializer, Value, json};

use crate::args::PluginSecret;
use crate::failure::Failure;

use super::secrets;

/// Whether an option that is given as an empty text counts (PUB-12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Empty {
    /// It overwrites what the file says.
    Counts,
    /// It is as if it had not been given.
    IsIgnored,
}

/// Reads the file of `-m`; empty without one.
///
/// # Errors
/// It cannot be read, or is no mapping in JSON or YAML.
pub(super) fn of_file(path: Option<&Path>) -> Result<Map<String, Value>, Failure> {
    match path {
        Some(path) => Ok(datasette_config::read_mapping(path)?),
        None => Ok(Map::new()),
    }
}

/// What options say over what the file says. Mappings are merged at any depth (PUB-12); secrets
/// of plugins are named by the variables that hold them (PUB-08).
pub(super) fn merged(
    mut file: Map<String, Value>,
    description: Map<String, Value>,
    empty: Empty,
    plugin_secrets: &[PluginSecret<'_>],
) -> Map<String, Value> {
    for (key, value) in description {
        if empty == Empty::Counts || value != "" {
            file.insert(key, value);
        }
    }
    for secret in plugin_secrets {
        let variable = json!({ "$env": secrets::variable(secret) });
        let of_plugin = Map::from_iter([(secret.key.to_owned(), variable)]);
        let of_plugins = Map::from_iter([(secret.plugin.to_owned(), Value::Object(of_plugin))]);
        let over = Map::from_iter([("plugins".to_owned(), Value::Object(of_plugins))]);
        merge(&mut file, over);
    }
    file
}

/// Puts values over values; two mappings become one, anything else is replaced.
fn merge(under: &mut Map<String, Value>, over: Map<String, Value>) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Object(under)), Value::Object(over)) => merge(under, over),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}

/// The text of `metadata.json`, in ASCII; `None` where there is nothing to say (PUB-13).
pub(super) fn text(metadata: &Map<String, Value>) -> Option<String> {
    if metadata.is_empty() {
        return None;
    }
    let mut bytes = Vec::new();
    let formatter = PrettyFormatter::with_indent(b"  ");
    // Writing JSON with text keys into memory has nothing to fail at.
    let _ = metadata.serialize(&mut Serializer::with_formatter(&mut bytes, formatter));
    let json = String::from_utf8_lossy(&bytes);
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter == '\n' || (' '..='~').contains(&letter) {
            text.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            other => panic!("{other}"),
        }
    }

    const SECRETS: [PluginSecret<'static>; 2] = [
        PluginSecret {
            plugin: "my-plug",
            key: "key-a",
            value: "v",
        },
        PluginSecret {
            plugin: "my-plug",
            key: "b",
            value: "w",
        },
    ];

    // Proves: PUB-08, PUB-12, PLUG-61
    #[test]
    fn secrets_of_plugins_leave_the_files_plugins_alone() {
        let file = map(json!({
            "title": "From file",
            "plugins": {"a": {"x": 1}, "my-plug": {"b": "old", "c": 3}},
        }));
        let merged = merged(file, Map::new(), Empty::Counts, &SECRETS);
        assert_eq!(
            Value::Object(merged),
            json!({
                "title": "From file",
                "plugins": {
                    "a": {"x": 1},
                    "my-plug": {
                        "b": {"$env": "MY_PLUG_B"},
                        "c": 3,
                        "key-a": {"$env": "MY_PLUG_KEY_A"},
                    },
                },
            })
        );
    }

    // Proves: PUB-12
    #[test]
    fn an_empty_option_overwrites_except_on_heroku() {
        let file = || map(json!({"title": "From file", "about": "x"}));
        let options = || map(json!({"title": "", "source": "", "about": "y"}));
        assert_eq!(
            Value::Object(merged(file(), options(), Empty::Counts, &[])),
            json!({"title": "", "about": "y", "source": ""})
        );
        assert_eq!(
            Value::Object(merged(file(), options(), Empty::IsIgnored, &[])),
            json!({"title": "From file", "about": "y"})
        );
    }

    // Proves: PUB-13
    #[test]
    fn the_text_has_an_indent_of_two_and_no_newline_at_its_end() {
        let metadata = map(json!({"title": "é\n😀", "a": {"b": [1, "x"]}, "c": {}}));
        assert_eq!(
            text(&metadata).unwrap(),
            "{\n  \"title\": \"\\u00e9\\n\\ud83d\\ude00\",\n  \"a\": {\n    \"b\": [\n      1,\n      \"x\"\n    ]\n  },\n  \"c\": {}\n}"
        );
        assert_eq!(text(&Map::new()), None);
    }
}
