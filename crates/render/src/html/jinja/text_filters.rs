//! Filters of text and numbers (CTX-94).

use std::borrow::Cow;
use std::hash::{BuildHasher, Hasher, RandomState};

use datasette_core::query_string::encode_form;
use minijinja::value::{Kwargs, Rest, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind};

use super::{markup, words};
use crate::html::about::indented_by;
use crate::html::cell::escape;
use crate::html::debug::as_json;
use crate::html::given::Given;
use crate::html::printing::printed;
use crate::html::wrapping::wrap;
use crate::json::writer;

/// Adds them.
pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_filter("center", center);
    environment.add_filter("count", length);
    environment.add_filter("e", escape_once);
    environment.add_filter("escape", escape_once);
    environment.add_filter("forceescape", |text: String| escaped(&text));
    environment.add_filter("indent", indent);
    environment.add_filter("length", length);
    environment.add_filter("pprint", |value: &Value| pretty(value, 0));
    environment.add_filter("random", random);
    environment.add_filter("replace", replace);
    environment.add_filter("string", string);
    environment.add_filter("striptags", minijinja_contrib::filters::striptags);
    environment.add_filter("tojson", to_json);
    environment.add_filter("trim", trim);
    environment.add_filter("truncate", truncate);
    environment.add_filter("urlencode", urlencode);
    environment.add_filter("wordcount", |text: Cow<'_, str>| words::count(&text));
    environment.add_filter("wordwrap", wordwrap);
    environment.add_filter("xmlattr", xmlattr);
}

fn mistake(message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

fn escaped(text: &str) -> Value {
    let mut out = String::new();
    escape(&mut out, text);
    Value::from_safe_string(out)
}

/// Markup for text; what is markup stays.
fn escape_once(value: &Value) -> Value {
    match value.is_safe() {
        true => value.clone(),
        false => escaped(&printed(value)),
    }
}

/// By spaces or by a text; the first line and blank lines only where it is asked for.
fn indent(text: &Value, rest: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let given = Given::new(rest, named);
    let width = given.get(0, "width")?;
    let first = given.truth(1, "first", false)?;
    let blank = given.truth(2, "blank", false)?;
    given.end()?;
    let by = match &width {
        None => " ".repeat(4),
        Some(width) => match width.as_usize() {
            Some(spaces) => " ".repeat(spaces.min(1000)),
            None => markup::part(width, text.is_safe()),
        },
    };
    let whole = printed(text);
    let mut out = String::with_capacity(whole.len());
    for (place, line) in whole.split('\n').enumerate() {
        if place > 0 {
            out.push('\n');
        }
        let counts = if place == 0 {
            first
        } else {
            blank || !line.is_empty()
        };
        if counts {
            out.push_str(&by);
        }
        out.push_str(line);
    }
    Ok(markup::text(out, text.is_safe()))
}

fn trim(text: &Value, rest: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let given = Given::new(rest, named);
    let chars = given.text(0, "chars")?;
    given.end()?;
    let whole = printed(text);
    let trimmed = match chars {
        Some(chars) => whole.trim_matches(|char| chars.contains(char)),
        None => whole.trim(),
    };
    Ok(markup::text(trimmed.to_owned(), text.is_safe()))
}

/// JSON that can stand in a script or in an attribute; keys are sorted.
fn to_json(value: &Value, rest: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let given = Given::new(rest, named);
    let spaces = given.number(0, "indent", 0)?;
    given.end()?;
    let mut json = as_json("value", value);
    json.sort_all_objects();
    let text = match spaces {
        0 => String::from_utf8_lossy(&writer::bytes(&json)).into_owned(),
        spaces => indented_by(&json, spaces.min(100)),
    };
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' | '>' | '&' | '\'' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            other => out.push(other),
        }
    }
    Ok(Value::from_safe_string(out))
}

fn center(text: &Value, width: Option<usize>) -> Value {
    let centered = super::methods::centered(&printed(text), width.unwrap_or(80), ' ');
    markup::text(centered, text.is_safe())
}

/// What is not there has no length, which is 0.
fn length(value: &Value) -> Result<usize, Error> {
    match value.len() {
        Some(length) => Ok(length),
        None if value.is_undefined() => Ok(0),
        None => Err(mistake(format!("{} has no length", value.kind()))),
    }
}

/// As Python prints it.
fn string(value: &Value) -> Value {
    match value.kind() {
        ValueKind::String => value.clone(),
        _ => Value::from(printed(value)),
    }
}

/// Where any part is markup, the others are escaped and the whole is markup.
fn replace(text: &Value, old: &Value, new: &Value, count: Option<usize>) -> Result<Value, Error> {
    let is_markup = text.is_safe() || old.is_safe() || new.is_safe();
    let [text, old, new] = [text, old, new].map(|value| markup::part(value, is_markup));
    let replaced = text.replacen(&old, &new, count.unwrap_or(usize::MAX));
    Ok(markup::text(replaced, is_markup))
}

fn random(items: &Value) -> Result<Value, Error> {
    let items: Vec<Value> = items.try_iter()?.collect();
    if items.is_empty() {
        return Ok(Value::UNDEFINED);
    }
    let number = RandomState::new().build_hasher().finish();
    let place = usize::try_from(number % items.len() as u64).unwrap_or(0);
    Ok(items[place].clone())
}

fn truncate(text: &Value, rest: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let given = Given::new(rest, named);
    let length = given.number(0, "length", 255)?;
    let kill_words = given.truth(1, "killwords", false)?;
    let end = match given.get(2, "end")? {
        Some(end) => markup::part(&end, text.is_safe()),
        None => "...".to_owned(),
    };
    let leeway = given.number(3, "leeway", 5)?;
    given.end()?;
    let whole = printed(text);
    if whole.chars().count() <= length.saturating_add(leeway) {
        return Ok(markup::text(whole, text.is_safe()));
    }
    let kept = length.saturating_sub(end.chars().count());
    let kept: String = whole.chars().take(kept).collect();
    let kept = match kept.rsplit_once(' ') {
        Some((words, _)) if !kill_words => words,
        _ => &kept,
    };
    Ok(markup::text(format!("{kept}{end}"), text.is_safe()))
}

/// Text is quoted as a path, pairs as a query string.
fn urlencode(value: &Value) -> Result<String, Error> {
    let mut out = String::new();
    let pairs: Vec<(Value, Value)> = match value.kind() {
        ValueKind::Map => value
            .try_iter()?
            .map(|key| Ok((key.clone(), value.get_item(&key)?)))
            .collect::<Result<_, Error>>()?,
        ValueKind::Seq | ValueKind::Iterable => value
            .try_iter()?
            .map(|pair| Ok((pair.get_item_by_index(0)?, pair.get_item_by_index(1)?)))
            .collect::<Result<_, Error>>()?,
        _ => {
            for byte in printed(value).bytes() {
                match byte {
                    b'/' | b'_' | b'.' | b'-' | b'~' => out.push(char::from(byte)),
                    other if other.is_ascii_alphanumeric() => out.push(char::from(other)),
                    other => out.push_str(&format!("%{other:02X}")),
                }
            }
            return Ok(out);
        }
    };
    for (index, (key, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push('&');
        }
        encode_form(&mut out, &printed(key));
        out.push('=');
        encode_form(&mut out, &printed(value));
    }
    Ok(out)
}

fn wordwrap(text: Cow<'_, str>, rest: Rest<Value>, named: Kwargs) -> Result<String, Error> {
    let given = Given::new(rest, named);
    let width = given.number(0, "width", 79)?.max(1);
    let break_long_words = given.truth(1, "break_long_words", true)?;
    let between = given.text(2, "wrapstring")?;
    let break_on_hyphens = given.truth(3, "break_on_hyphens", true)?;
    given.end()?;
    let between = between.unwrap_or_else(|| "\n".to_owned());
    let lines = text
        .lines()
        .map(|line| wrap(line, width, break_long_words, break_on_hyphens).join(&between));
    Ok(lines.collect::<Vec<String>>().join(&between))
}

fn xmlattr(attributes: &Value, autospace: Option<bool>) -> Result<Value, Error> {
    let mut out = String::new();
    for key in attributes.try_iter()? {
        let value = attributes.get_item(&key)?;
        if value.is_none() || value.is_undefined() {
            continue;
        }
        let name = key.to_string();
        if name.is_empty()
            || name.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '>' | '='))
        {
            return Err(mistake(format!("{name:?} is no name of an attribute")));
        }
        if !out.is_empty() || autospace.unwrap_or(true) {
            out.push(' ');
        }
        escape(&mut out, &name);
        out.push_str("=\"");
        match value.is_safe() {
            true => out.push_str(&value.to_string()),
            false => escape(&mut out, &printed(&value)),
        }
        out.push('"');
    }
    Ok(Value::from_safe_string(out))
}

/// Python's way of laying out large data; keys are sorted.
fn pretty(value: &Value, indent: usize) -> String {
    const WIDTH: usize = 80;
    let items: Vec<String> = match value.kind() {
        ValueKind::Seq => value
            .try_iter()
            .into_iter()
            .flatten()
            .map(|item| pretty(&item, indent + 1))
            .collect(),
        ValueKind::Map => {
            let keys = value.try_iter().into_iter().flatten();
            let mut members: Vec<(String, Value)> = keys
                .map(|key| (format!("{key:?}"), value.get_item(&key).unwrap_or_default()))
                .collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            let member = |(key, value): &(String, Value)| {
                let behind = indent + key.chars().count() + 3;
                format!("{}: {}", key.replace('"', "'"), pretty(value, behind))
            };
            members.iter().map(member).collect()
        }
        ValueKind::String => {
            return crate::html::printing::quoted(value.as_str().unwrap_or_default());
        }
        _ => return printed(value),
    };
    let (open, close) = match value.kind() {
        ValueKind::Map => ('{', '}'),
        _ => ('[', ']'),
    };
    let length: usize = items.iter().map(|item| item.chars().count() + 2).sum();
    let between = match indent + length <= WIDTH && !items.iter().any(|item| item.contains('\n')) {
        true => ", ".to_owned(),
        false => format!(",\n{}", " ".repeat(indent + 1)),
    };
    format!("{open}{}{close}", items.join(&between))
}

#[cfg(test)]
mod tests {
    use minijinja::{AutoEscape, Environment, context};

    fn rendered(source: &str) -> String {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_formatter(crate::html::printing::format);
        crate::html::jinja::add(&mut environment);
        environment.render_str(source, context! {}).unwrap()
    }

    // What Jinja2 gives for the same text.
    #[test]
    fn filters_give_what_those_of_jinja2_give() {
        let long = "the quick brown fox jumps";
        let expected = [
            ("{{ 'x'|center(5) }}|", "  x  |"),
            ("{{ 'ab'|center(5) }}|", "  ab |"),
            ("{{ '<b>'|forceescape }}", "&lt;b&gt;"),
            ("{{ '<b>x</b>'|striptags }}", "x"),
            ("{{ 123456|filesizeformat }}", "123.5 kB"),
            ("{{ missing|length }} {{ [1]|count }}", "0 1"),
            ("{{ none|string }} {{ true|string }}", "None True"),
            ("{{ 'aaa'|replace('a', 'b', 2) }}", "bba"),
            ("{{ '<i>'|safe|replace('i', '<') }}", "<&lt;>"),
            (
                "{{ [3, {'b': 1, 'a': 'x'}]|pprint }}",
                "[3, {&#39;a&#39;: &#39;x&#39;, &#39;b&#39;: 1}]",
            ),
            (
                "{{ {'b': [1, 2.0, none, 'é'], 'a': '<\\'&'}|tojson }}",
                "{\"a\": \"\\u003c\\u0027\\u0026\", \"b\": [1, 2.0, null, \"\\u00e9\"]}",
            ),
            ("{{ {'a': 1}|tojson(indent=2) }}", "{\n  \"a\": 1\n}"),
            ("{{ 'a b/c&d'|urlencode }}", "a%20b/c%26d"),
            ("{{ {'a': 1, 'b': 'x y'}|urlencode }}", "a=1&amp;b=x+y"),
            ("{{ 'a b c'|wordcount }}", "3"),
            (
                "{{ {'class': 'a', 'id': none, 'data-x': '<'}|xmlattr }}",
                " class=\"a\" data-x=\"&lt;\"",
            ),
            (
                "{{ 'see (http://a.org/?x=1&y), <b>'|urlize }}",
                "see (<a href=\"http://a.org/?x=1&amp;y\" rel=\"noopener\">http://a.org/?x=1&amp;y</a>), &lt;b&gt;",
            ),
            ("{{ [7]|random }}{{ []|random }}", "7"),
        ];
        for (source, text) in expected {
            assert_eq!(rendered(source), text, "{source}");
        }
        let with = |filter: &str| rendered(&format!("{{{{ '{long}'|{filter} }}}}"));
        assert_eq!(with("truncate(12)"), "the...");
        assert_eq!(with("truncate(12, true)"), "the quick...");
        assert_eq!(
            with("truncate(length=12, killwords=true, end='!')"),
            "the quick b!"
        );
        assert_eq!(with("truncate(20)"), long);
        assert_eq!(with("wordwrap(10)"), "the quick\nbrown fox\njumps");
    }

    #[test]
    fn names_of_attributes_cannot_bring_others() {
        let mut environment = Environment::new();
        crate::html::jinja::add(&mut environment);
        let refused = environment.render_str("{{ {'a onclick': 1}|xmlattr }}", context! {});
        assert!(refused.is_err());
    }
}
