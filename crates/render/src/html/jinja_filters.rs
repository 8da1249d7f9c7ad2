//! Filters of Jinja2 that minijinja does not have, or has otherwise: custom templates use them
//! (CTX-94).

use std::borrow::Cow;
use std::hash::{BuildHasher, Hasher, RandomState};

use datasette_core::query_string::encode_form;
use minijinja::value::{Kwargs, Rest, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind};

use crate::html::about::indented_by;
use crate::html::cell::escape;
use crate::html::debug::as_json;
use crate::html::given::Given;
use crate::html::wrapping::wrap;
use crate::json::writer;

/// Adds them.
pub(crate) fn add(environment: &mut Environment<'static>) {
    environment.add_filter("center", center);
    environment.add_filter("count", length);
    environment.add_filter("filesizeformat", minijinja_contrib::filters::filesizeformat);
    environment.add_filter("forceescape", |text: String| escaped(&text));
    environment.add_filter("length", length);
    environment.add_filter("pprint", |value: &Value| pretty(value, 0));
    environment.add_filter("random", random);
    environment.add_filter("replace", replace);
    environment.add_filter("string", string);
    environment.add_filter("striptags", minijinja_contrib::filters::striptags);
    environment.add_filter("tojson", to_json);
    environment.add_filter("truncate", truncate);
    environment.add_filter("urlencode", urlencode);
    environment.add_filter("urlize", urlize);
    environment.add_filter("wordcount", |text: Cow<'_, str>| {
        text.split_whitespace().count()
    });
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

fn center(text: Cow<'_, str>, width: Option<usize>) -> String {
    super::python_methods::centered(&text, width.unwrap_or(80), ' ')
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
        _ => Value::from(super::printing::printed(value)),
    }
}

fn replace(
    text: &Value,
    old: Cow<'_, str>,
    new: &Value,
    count: Option<usize>,
) -> Result<Value, Error> {
    let limit = count.unwrap_or(usize::MAX);
    if text.is_safe() {
        // Text that is trusted takes no text that is not.
        let new = match new.is_safe() {
            true => new.to_string(),
            false => escaped(&new.to_string()).to_string(),
        };
        return Ok(Value::from_safe_string(
            text.to_string().replacen(&*old, &new, limit),
        ));
    }
    let text = super::printing::printed(text);
    Ok(Value::from(text.replacen(&*old, &new.to_string(), limit)))
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

fn truncate(text: Cow<'_, str>, rest: Rest<Value>, named: Kwargs) -> Result<String, Error> {
    let given = Given::new(rest, named);
    let length = given.number(0, "length", 255)?;
    let kill_words = given.truth(1, "killwords", false)?;
    let end = given.text(2, "end")?.unwrap_or_else(|| "...".to_owned());
    let leeway = given.number(3, "leeway", 5)?;
    given.end()?;
    if text.chars().count() <= length.saturating_add(leeway) {
        return Ok(text.into_owned());
    }
    let kept = length.saturating_sub(end.chars().count());
    let kept: String = text.chars().take(kept).collect();
    let kept = match kept.rsplit_once(' ') {
        Some((words, _)) if !kill_words => words,
        _ => &kept,
    };
    Ok(format!("{kept}{end}"))
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
            for byte in super::printing::printed(value).bytes() {
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
        encode_form(&mut out, &super::printing::printed(key));
        out.push('=');
        encode_form(&mut out, &super::printing::printed(value));
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
            false => escape(&mut out, &super::printing::printed(&value)),
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
        ValueKind::String => return super::printing::quoted(value.as_str().unwrap_or_default()),
        _ => return super::printing::printed(value),
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

/// Addresses in text become links.
fn urlize(text: &Value, rest: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let given = Given::new(rest, named);
    let limit = given.number(0, "trim_url_limit", usize::MAX)?;
    let nofollow = given.truth(1, "nofollow", false)?;
    let target = given.text(2, "target")?;
    let rel = given.text(3, "rel")?.unwrap_or_default();
    given.end()?;
    let mut relations: Vec<&str> = rel.split_whitespace().collect();
    relations.extend(nofollow.then_some("nofollow"));
    relations.push("noopener");
    relations.sort_unstable();
    relations.dedup();
    let mut attributes = format!(" rel=\"{}\"", escaped(&relations.join(" ")));
    if let Some(target) = target {
        attributes.push_str(&format!(" target=\"{}\"", escaped(&target)));
    }
    let text = text.to_string();
    let mut out = String::new();
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end_matches(char::is_whitespace);
        let inner = word.trim_start_matches(['(', '<']);
        let before = &word[..word.len() - inner.len()];
        let address = inner.trim_end_matches([')', '>', '.', ',']);
        let after = &piece[before.len() + address.len()..];
        escape(&mut out, before);
        match link(address) {
            Some(href) => {
                let shown: String = match address.chars().count() > limit {
                    true => address.chars().take(limit).chain("...".chars()).collect(),
                    false => address.to_owned(),
                };
                out.push_str("<a href=\"");
                escape(&mut out, &href);
                out.push_str(&format!("\"{attributes}>"));
                escape(&mut out, &shown);
                out.push_str("</a>");
            }
            None => escape(&mut out, address),
        }
        escape(&mut out, after);
    }
    Ok(Value::from_safe_string(out))
}

fn link(word: &str) -> Option<String> {
    let ends = [".com", ".net", ".org"];
    if word.starts_with("http://") || word.starts_with("https://") {
        return (word.len() > "https://".len()).then(|| word.to_owned());
    }
    if let Some((name, host)) = word.split_once('@') {
        let is_mail = !name.is_empty() && host.contains('.') && !word.contains(':');
        return is_mail.then(|| format!("mailto:{word}"));
    }
    let is_host = word.starts_with("www.") || ends.iter().any(|end| word.ends_with(end));
    (is_host && word.len() > 4 && !word.starts_with('.')).then(|| format!("https://{word}"))
}

#[cfg(test)]
mod tests {
    use minijinja::{AutoEscape, Environment, context};

    fn rendered(source: &str) -> String {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_formatter(crate::html::printing::format);
        super::add(&mut environment);
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
                "{{ 'see (http://a.b/?x=1&y), <b>'|urlize }}",
                "see (<a href=\"http://a.b/?x=1&amp;y\" rel=\"noopener\">http://a.b/?x=1&amp;y</a>), &lt;b&gt;",
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
        super::add(&mut environment);
        let refused = environment.render_str("{{ {'a onclick': 1}|xmlattr }}", context! {});
        assert!(refused.is_err());
    }
}
