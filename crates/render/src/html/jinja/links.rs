//! The filter `urlize`: addresses in text become links.

use minijinja::Error;
use minijinja::value::{Kwargs, Rest, Value};
use regex::Regex;
use std::sync::LazyLock;

use crate::html::cell::escape;
use crate::html::given::Given;
use crate::html::printing::printed;

/// Addresses with a scheme, with `www.` and of well-known ends.
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(
            (https?://|www\.)(([\w%-]+\.)+)?(
                [a-z]{2,63}|xn--[\w%]{2,59}
            )
            | ([\w%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)
            | (https?://)(
                (([\d]{1,3})(\.[\d]{1,3}){3})
                | (\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}])
            )
        )(?::[\d]{1,5})?(?:[/?\#]\S*)?$",
    )
    .ok()
});
static MAIL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\S+@\w[\w.-]*\.\w+$").ok());

/// The text as markup.
pub(super) fn urlize(text: &Value, rest: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
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
    let mut attributes = attribute("rel", &relations.join(" "));
    if let Some(target) = target {
        attributes.push_str(&attribute("target", &target));
    }
    let mut escaped = String::new();
    match text.is_safe() {
        true => escaped.push_str(text.as_str().unwrap_or_default()),
        false => escape(&mut escaped, &printed(text)),
    }
    let mut out = String::new();
    for piece in escaped.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end_matches(char::is_whitespace);
        push_word(&mut out, word, limit, &attributes);
        out.push_str(&piece[word.len()..]);
    }
    Ok(Value::from_safe_string(out))
}

fn attribute(name: &str, value: &str) -> String {
    let mut out = format!(" {name}=\"");
    escape(&mut out, value);
    out.push('"');
    out
}

fn push_word(out: &mut String, word: &str, limit: usize, attributes: &str) {
    let mut middle = word;
    while let Some(rest) = ["(", "<", "&lt;"]
        .iter()
        .find_map(|open| middle.strip_prefix(open))
    {
        middle = rest;
    }
    let before = &word[..word.len() - middle.len()];
    let mut address = middle;
    while let Some(rest) = [")", ">", ".", ",", "\n", "&gt;"]
        .iter()
        .find_map(|close| address.strip_suffix(close))
    {
        address = rest;
    }
    // Parentheses that were opened inside belong to the address.
    let mut end = address.len();
    for (open, close) in [("(", ")"), ("<", ">"), ("&lt;", "&gt;")] {
        let mut missing = address
            .matches(open)
            .count()
            .saturating_sub(address.matches(close).count());
        while missing > 0 {
            let Some(place) = middle[end..].find(close) else {
                break;
            };
            end += place + close.len();
            missing -= 1;
        }
    }
    let address = &middle[..end];
    let after = &middle[end..];
    out.push_str(before);
    let matches = |pattern: &LazyLock<Option<Regex>>, text: &str| {
        LazyLock::force(pattern)
            .as_ref()
            .is_some_and(|pattern| pattern.is_match(text))
    };
    let shown = |text: &str| match text.chars().count() > limit {
        true => format!("{}...", text.chars().take(limit).collect::<String>()),
        false => text.to_owned(),
    };
    if matches(&ADDRESS, address) {
        let scheme = match address.starts_with("https://") || address.starts_with("http://") {
            true => "",
            false => "https://",
        };
        let shown = shown(address);
        out.push_str(&format!(
            "<a href=\"{scheme}{address}\"{attributes}>{shown}</a>"
        ));
    } else if let Some(mail) = address
        .strip_prefix("mailto:")
        .filter(|mail| matches(&MAIL, mail))
    {
        out.push_str(&format!("<a href=\"{address}\">{mail}</a>"));
    } else if address.contains('@')
        && !address.starts_with("www.")
        && !address.contains(':')
        && matches(&MAIL, address)
    {
        out.push_str(&format!("<a href=\"mailto:{address}\">{address}</a>"));
    } else {
        out.push_str(address);
    }
    out.push_str(after);
}
