//! Words and letters as Python counts and spells them.

/// Every run of letters, digits and underscores.
pub(super) fn count(text: &str) -> usize {
    text.split(|char: char| !is_of_word(char))
        .filter(|word| !word.is_empty())
        .count()
}

fn is_of_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// `str.title()`: a capital wherever letters begin, also behind an apostrophe.
pub(super) fn titled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for char in text.chars() {
        match inside {
            true => out.extend(char.to_lowercase()),
            false => out.extend(char.to_uppercase()),
        }
        inside = char.is_alphabetic();
    }
    out
}

/// `str.istitle()`.
pub(super) fn is_titled(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && titled(text) == text
}

/// `str.isidentifier()`.
pub(super) fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && chars.all(is_of_word)
}

/// `str.expandtabs()`.
pub(super) fn without_tabs(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for char in text.chars() {
        match char {
            '\t' if width == 0 => {}
            '\t' => {
                let missing = width - column % width;
                out.extend(std::iter::repeat_n(' ', missing));
                column += missing;
            }
            '\n' | '\r' => {
                out.push(char);
                column = 0;
            }
            _ => {
                out.push(char);
                column += 1;
            }
        }
    }
    out
}

/// `str.splitlines()`.
pub(super) fn lines(text: &str, keep_ends: bool) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(place) = rest.find([
        '\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}',
    ]) {
        let end = match &rest[place..] {
            ending if ending.starts_with("\r\n") => place + 2,
            ending => place + ending.chars().next().map_or(1, char::len_utf8),
        };
        lines.push(&rest[..if keep_ends { end } else { place }]);
        rest = &rest[end..];
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}
