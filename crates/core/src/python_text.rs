//! Text as Python's `repr` writes it, for lines of the log that scripts made for the original read.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::given::is_integer;
use crate::real;

/// In single quotes, in double ones where that saves escaping; what does not show is escaped, so
/// that the result is one line: `'it\n'`.
pub fn repr(text: &str) -> String {
    let quote = match text.contains('\'') && !text.contains('"') {
        true => '"',
        false => '\'',
    };
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push(quote);
    for character in text.chars() {
        match character {
            '\t' => quoted.push_str("\\t"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            character if character == quote || character == '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            // Writing into a string cannot fail.
            hidden if hidden.is_control() || is_separator(hidden) => match u32::from(hidden) {
                code @ ..0x100 => drop(write!(quoted, "\\x{code:02x}")),
                code => drop(write!(quoted, "\\u{code:04x}")),
            },
            shown => quoted.push(shown),
        }
    }
    quoted.push(quote);
    quoted
}

/// A list of texts: `['a', "it's"]`.
pub fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| repr(text)).collect();
    format!("[{}]", quoted.join(", "))
}

/// Blanks other than the plain one, and the marks that turn the direction of text: what could
/// make a line of a log look like another one.
fn is_separator(character: char) -> bool {
    (character.is_whitespace() && character != ' ')
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What Python's `str` makes of a JSON value: texts as they are, everything else as [`of_json`].
pub fn str(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        other => of_json(other),
    }
}

/// What Python's `repr` makes of a JSON value.
pub fn of_json(json: &Json) -> String {
    match json {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::Number(number) if is_integer(number) => number.to_string(),
        Json::Number(number) => number
            .as_str()
            .parse()
            .map_or_else(|_| number.to_string(), real::text),
        Json::String(text) => repr(text),
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(of_json).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{}: {}", repr(name), of_json(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{list, repr};

    #[test]
    fn text_is_quoted_and_stays_on_one_line() {
        assert_eq!(repr("select 1"), "'select 1'");
        assert_eq!(repr("it's"), "\"it's\"");
        assert_eq!(repr("'\"\\"), "'\\'\"\\\\'");
        assert_eq!(repr("a\nb\r\t\x1b\u{85}"), "'a\\nb\\r\\t\\x1b\\x85'");
        assert_eq!(
            list(&["1".to_owned(), "it's".to_owned()]),
            "['1', \"it's\"]"
        );
        assert_eq!(repr("é \u{2028}\u{202e}"), "'é \\u2028\\u202e'");
    }
}
