//! Reads markup as a browser does, as far as scripts are concerned.

use std::sync::LazyLock;

use regex::Regex;

use super::needs::Needs;

/// Stands for an expression of a template in the text that is read.
pub(super) const EXPRESSION: u8 = 1;

/// Elements whose content is text, whatever it looks like.
const TEXT_ONLY: [&str; 7] = [
    "iframe", "noembed", "noframes", "style", "textarea", "title", "xmp",
];

/// What was found in a piece of markup.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Where a number must be inserted: behind the names of script elements, and of links that
    /// load scripts ahead, that have none.
    pub(super) scripts: Vec<usize>,
    /// What no number helps.
    pub(super) needs: Needs,
}

/// Reads markup.
pub(super) fn scan(text: &str) -> Found {
    let mut found = Found::default();
    let mut rest = 0;
    while let Some(start) = text[rest..].find('<').map(|at| rest + at) {
        let after = &text[start + 1..];
        if after.starts_with("!--") {
            rest = after.find("-->").map_or(text.len(), |at| start + 1 + at);
        } else if after.starts_with(|first: char| first.is_ascii_alphabetic()) {
            rest = element(text, start, &mut found);
        } else {
            rest = start + 1;
        }
    }
    found
}

/// Reads the element that begins at `start`; returns where reading goes on.
fn element(text: &str, start: usize, found: &mut Found) -> usize {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while at < bytes.len() && !ends_name(bytes[at]) {
        at += 1;
    }
    let behind_name = at;
    let name = text[start + 1..at].to_ascii_lowercase();
    let (mut numbered, mut is_data, mut is_ahead, mut has_href) = (false, false, false, false);
    while let Some(attribute) = next_attribute(text, &mut at) {
        found.needs = found
            .needs
            .and(self::attribute(&attribute.name, attribute.value));
        let value = attribute.value.to_ascii_lowercase();
        match attribute.name.as_str() {
            "nonce" => numbered = true,
            "type" => is_data = value.contains("json"),
            "rel" => is_ahead = value.contains("preload"),
            "href" => has_href = true,
            _ => {}
        }
    }
    match name.as_str() {
        "object" | "embed" | "applet" => found.needs = found.needs.and(Needs::OBJECTS),
        "base" if has_href => found.needs = found.needs.and(Needs::BASE),
        "link" if is_ahead && !numbered => found.scripts.push(behind_name),
        "script" => {
            if !numbered && !is_data {
                found.scripts.push(behind_name);
            }
            let end = closing(text, at, "script").unwrap_or(text.len());
            if !is_data {
                found.needs = found.needs.and(scan_script(&text[at..end]));
            }
            return end;
        }
        _ if TEXT_ONLY.contains(&name.as_str()) => return closing(text, at, &name).unwrap_or(at),
        _ => {}
    }
    at
}

fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | EXPRESSION)
}

/// Where the closing tag of that name begins.
fn closing(text: &str, from: usize, name: &str) -> Option<usize> {
    let mut at = from;
    while let Some(start) = text[at..].find("</").map(|found| at + found) {
        let after = text.as_bytes().get(start + 2..start + 2 + name.len());
        if after.is_some_and(|after| after.eq_ignore_ascii_case(name.as_bytes())) {
            return Some(start);
        }
        at = start + 2;
    }
    None
}

struct Attribute<'a> {
    name: String,
    value: &'a str,
}

/// The next attribute of a tag; at its end, `at` is behind it.
fn next_attribute<'a>(text: &'a str, at: &mut usize) -> Option<Attribute<'a>> {
    let bytes = text.as_bytes();
    let skip = |at: &mut usize, wanted: &dyn Fn(u8) -> bool| {
        let from = *at;
        while *at < bytes.len() && wanted(bytes[*at]) {
            *at += 1;
        }
        from
    };
    skip(at, &|byte| byte.is_ascii_whitespace() || byte == b'/');
    match bytes.get(*at) {
        None => return None,
        Some(b'>') => {
            *at += 1;
            return None;
        }
        Some(_) => {}
    }
    let from = *at;
    // An equals sign in the first place belongs to the name.
    *at += 1;
    skip(at, &|byte| {
        !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'=')
    });
    // A name may begin in the middle of a character only if it began with one.
    let name = text.get(from..*at).unwrap_or_default().to_ascii_lowercase();
    skip(at, &|byte| byte.is_ascii_whitespace());
    if bytes.get(*at) != Some(&b'=') {
        return Some(Attribute { name, value: "" });
    }
    *at += 1;
    skip(at, &|byte| byte.is_ascii_whitespace());
    let value = match bytes.get(*at) {
        Some(quote @ (b'"' | b'\'')) => {
            *at += 1;
            let from = skip(at, &|byte| byte != *quote);
            let value = text.get(from..*at);
            *at = (*at + 1).min(bytes.len());
            value
        }
        _ => {
            let from = skip(at, &|byte| !byte.is_ascii_whitespace() && byte != b'>');
            text.get(from..*at)
        }
    };
    Some(Attribute {
        name,
        value: value.unwrap_or_default(),
    })
}

/// What an attribute needs: handlers of events, and URLs that are scripts.
pub(super) fn attribute(name: &str, value: &str) -> Needs {
    let is_handler = name.strip_prefix("on").is_some_and(|event| {
        event
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || byte == EXPRESSION)
    });
    match name {
        _ if is_handler => Needs::INLINE,
        "href" | "src" | "action" | "formaction" | "xlink:href" | "data"
            if is_script_url(value) =>
        {
            Needs::SCRIPT_URLS
        }
        // A page of its own under the same policy.
        "srcdoc" if value.to_ascii_lowercase().contains("script") => Needs::INLINE,
        _ => Needs::NONE,
    }
}

fn is_script_url(url: &str) -> bool {
    let scheme: String = url
        .trim_start_matches(|char: char| char <= ' ')
        .chars()
        .filter(|char| !matches!(char, '\t' | '\n' | '\r'))
        .take("javascript:".len())
        .collect();
    scheme.eq_ignore_ascii_case("javascript:")
}

/// Markup in a script, or what makes it: handlers and URLs as above, and markup that is written while
/// the page is read, whose scripts are not taken for the script's own.
static WRITES_INLINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = concat!(
        r"(?i)document\s*\.\s*write|javascript:",
        r#"|setAttribute\(\s*["'`]on"#,
        r#"|<[a-z][^<>]*[\s"'/]on[a-z]+\s*="#,
    );
    Regex::new(pattern).ok()
});

/// What the text of a script needs, as far as it can be seen.
pub(super) fn scan_script(text: &str) -> Needs {
    let is_inline = WRITES_INLINE
        .as_ref()
        .is_some_and(|pattern| pattern.is_match(text));
    match is_inline {
        true => Needs::INLINE,
        false => Needs::NONE,
    }
}

/// The text with something inserted at these places, which are in order.
pub(super) fn insert<'a>(
    text: &str,
    places: &[usize],
    inserted: impl Fn(usize) -> &'a str,
) -> String {
    let mut out = String::with_capacity(text.len() + places.len() * 40);
    let mut from = 0;
    for place in places {
        out.push_str(&text[from..*place]);
        out.push_str(inserted(*place));
        from = *place;
    }
    out.push_str(&text[from..]);
    out
}
