//! `datasette.default_column_types`: what may be said about a text column (HOOK-104, HTML-59).

use std::sync::Arc;

use datasette_core::schema::Affinity;
use datasette_core::{Actor, Given, Value};
use datasette_hooks::{
    Answer, CellContent, ColumnPlace, ColumnType, Context, HookName, HookSet, Plugin, PluginInfo,
    ready,
};
use futures_util::future::BoxFuture;
use serde_json::Value as Json;

use super::built_in;
use crate::html::cell::escape;

/// The plugin.
pub(super) struct ColumnTypes;

impl Plugin for ColumnTypes {
    fn name(&self) -> &str {
        "datasette.default_column_types"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::RegisterColumnTypes])
    }

    fn info(&self) -> PluginInfo {
        built_in(self)
    }

    fn register_column_types(&self, _context: &Context<'_>) -> Answer<Vec<Arc<dyn ColumnType>>> {
        Ok(TYPES
            .iter()
            .map(|known| Arc::new(known) as Arc<dyn ColumnType>)
            .collect())
    }
}

/// A type of text columns.
struct TextType {
    name: &'static str,
    description: &'static str,
    show: fn(&str) -> Option<CellContent>,
    refuse: fn(&Json) -> Option<&'static str>,
    /// The refusal of bytes.
    refuse_bytes: Option<&'static str>,
}

static TYPES: [TextType; 4] = [
    TextType {
        name: "url",
        description: "URL",
        show: show_url,
        refuse: |value| match value {
            Json::String(text) if is_url(text.trim()) => None,
            Json::String(_) => Some("Invalid URL"),
            _ => Some("URL must be a string"),
        },
        refuse_bytes: Some("URL must be a string"),
    },
    TextType {
        name: "email",
        description: "Email address",
        show: show_email,
        refuse: |value| match value {
            Json::String(text) if is_email(text.trim()) => None,
            Json::String(_) => Some("Invalid email address"),
            _ => Some("Email must be a string"),
        },
        refuse_bytes: Some("Email must be a string"),
    },
    TextType {
        name: "json",
        description: "JSON data",
        show: show_json,
        refuse: |value| match value {
            Json::String(text) if serde_json::from_str::<Json>(text).is_err() => {
                Some("Invalid JSON")
            }
            _ => None,
        },
        refuse_bytes: None,
    },
    TextType {
        name: "textarea",
        description: "Multiline text",
        show: |_| None,
        refuse: |_| None,
        refuse_bytes: None,
    },
];

impl ColumnType for &'static TextType {
    fn name(&self) -> &str {
        self.name
    }

    fn description(&self) -> &str {
        self.description
    }

    fn affinities(&self) -> &[Affinity] {
        &[Affinity::Text]
    }

    fn render_cells<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _place: ColumnPlace<'a>,
        _config: &'a Json,
        values: &'a [Value],
    ) -> BoxFuture<'a, Answer<Vec<Option<CellContent>>>> {
        let show = |value: &Value| match value {
            Value::Text(text) if !text.is_empty() => (self.show)(text),
            _ => None,
        };
        ready(values.iter().map(show).collect())
    }

    fn validate<'a>(
        &'a self,
        _actor: Option<&'a Actor>,
        _config: &'a Json,
        value: &'a Given,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        let refusal = match value {
            Given::Json(Json::Null) => None,
            Given::Json(Json::String(text)) if text.is_empty() => None,
            Given::Json(json) => (self.refuse)(json),
            Given::Blob(_) => self.refuse_bytes,
        };
        ready(refusal.map(str::to_owned))
    }
}

fn is_url(text: &str) -> bool {
    let rest = ["http://", "https://"].iter().find_map(|scheme| {
        let start = text.get(..scheme.len())?;
        start
            .eq_ignore_ascii_case(scheme)
            .then(|| &text[scheme.len()..])
    });
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else {
        return false;
    };
    let dotted = host
        .char_indices()
        .any(|(at, character)| character == '.' && at > 0 && at + 1 < host.len());
    !name.is_empty() && dotted && !host.contains('@') && !text.contains(char::is_whitespace)
}

/// Anything that is no address stays what it is, without a link.
fn show_url(text: &str) -> Option<CellContent> {
    let text = text.trim();
    if !is_url(text) {
        return Some(CellContent::Text(text.to_owned()));
    }
    let url = escaped(text);
    Some(CellContent::Html(format!("<a href=\"{url}\">{url}</a>")))
}

fn show_email(text: &str) -> Option<CellContent> {
    let address = escaped(text.trim());
    let link = format!("<a href=\"mailto:{address}\">{address}</a>");
    (!address.is_empty()).then_some(CellContent::Html(link))
}

fn show_json(text: &str) -> Option<CellContent> {
    let json: Json = serde_json::from_str(text).ok()?;
    let indented = serde_json::to_string_pretty(&json).ok()?;
    // Like all JSON here, characters beyond ASCII are written by their numbers.
    let mut ascii = String::with_capacity(indented.len());
    for character in indented.chars() {
        if character.is_ascii() {
            ascii.push(character);
            continue;
        }
        let mut units = [0u16; 2];
        for unit in character.encode_utf16(&mut units) {
            ascii.push_str(&format!("\\u{unit:04x}"));
        }
    }
    Some(CellContent::Html(format!("<pre>{}</pre>", escaped(&ascii))))
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape(&mut html, text);
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use serde_json::json;

    fn known(name: &str) -> &'static TextType {
        TYPES.iter().find(|known| known.name == name).unwrap()
    }

    fn html(name: &str, text: &str) -> Option<String> {
        match (known(name).show)(text) {
            Some(CellContent::Html(html)) => Some(html),
            Some(CellContent::Text(text)) => Some(format!("text {text}")),
            None => None,
        }
    }

    // Proves: HTML-59
    #[test]
    fn values_are_shown_as_what_they_are() {
        assert_eq!(
            html("url", " HTTPS://example.com/?a=1&b=\" ").unwrap(),
            "<a href=\"HTTPS://example.com/?a=1&amp;b=&#34;\">HTTPS://example.com/?a=1&amp;b=&#34;</a>"
        );
        assert_eq!(
            html("url", "javascript:alert(1)").unwrap(),
            "text javascript:alert(1)"
        );
        assert_eq!(html("url", "https://a b").unwrap(), "text https://a b");
        assert_eq!(
            html("email", "a@example.com").unwrap(),
            "<a href=\"mailto:a@example.com\">a@example.com</a>"
        );
        assert_eq!(html("email", "  "), None);
        assert_eq!(
            html("json", "{\"a\":[1,\"<é>\"]}").unwrap(),
            "<pre>{\n  &#34;a&#34;: [\n    1,\n    &#34;&lt;\\u00e9&gt;&#34;\n  ]\n}</pre>"
        );
        assert_eq!(html("json", "{"), None);
        assert_eq!(html("textarea", "a\nb"), None);
    }

    // Proves: HOOK-104, HOOK-110, WRITE-121
    #[test]
    fn values_are_judged_unless_blank() {
        let refused = |name: &str, value: Json| {
            let judged = known(name);
            let given = Given::Json(value);
            let answer = judged.validate(None, &Json::Null, &given).now_or_never();
            answer.unwrap().unwrap()
        };
        let message = |text: &str| Some(text.to_owned());
        assert_eq!(refused("url", json!("http://x")), None);
        assert_eq!(refused("url", json!("x")), message("Invalid URL"));
        assert_eq!(refused("url", json!(1)), message("URL must be a string"));
        assert_eq!(refused("email", json!("a@b.c")), None);
        assert_eq!(
            refused("email", json!("a@b")),
            message("Invalid email address")
        );
        assert_eq!(
            refused("email", json!("a@b@c.d")),
            message("Invalid email address")
        );
        assert_eq!(refused("json", json!("{")), message("Invalid JSON"));
        assert_eq!(refused("json", json!(1)), None);
        assert_eq!(refused("json", json!([1])), None);
        let list = refused("url", json!(["http://x"]));
        assert_eq!(list, message("URL must be a string"));
        for name in ["url", "email", "json", "textarea"] {
            assert_eq!(refused(name, json!("")), None);
            assert_eq!(refused(name, json!(null)), None);
        }
        assert_eq!(refused("textarea", json!(1)), None);
    }
}
