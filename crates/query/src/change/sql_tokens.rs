//! Cuts SQL into tokens that know where they stand, so that parts of a statement can be kept as
//! they were written. Follows SQLite's own rules, which are not those of its messages.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Blanks.
    Space,
    /// `-- ...` or `/* ... */`.
    Comment,
    /// `'...'`.
    Text,
    /// `x'...'`.
    Blob,
    /// A name in double quotes, backticks or brackets.
    Quoted,
    /// A keyword or a bare name.
    Word,
    /// A number without its sign.
    Number,
    /// Any other character.
    Mark,
}

/// A piece of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Token {
    pub(super) fn text<'a>(&self, sql: &'a str) -> &'a str {
        &sql[self.start..self.end]
    }

    /// Whether it means nothing.
    pub(super) fn is_trivia(&self) -> bool {
        matches!(self.kind, Kind::Space | Kind::Comment)
    }

    /// Whether what follows on the same line would be swallowed.
    pub(super) fn is_line_comment(&self, sql: &str) -> bool {
        let text = self.text(sql);
        self.kind == Kind::Comment && text.starts_with("--") && !text.ends_with('\n')
    }

    pub(super) fn is_word(&self, sql: &str, word: &str) -> bool {
        self.kind == Kind::Word && self.text(sql).eq_ignore_ascii_case(word)
    }

    pub(super) fn is_mark(&self, sql: &str, mark: &str) -> bool {
        self.kind == Kind::Mark && self.text(sql) == mark
    }

    /// The name that it spells, without quotes.
    pub(super) fn name(&self, sql: &str) -> String {
        let text = self.text(sql);
        if !matches!(self.kind, Kind::Quoted | Kind::Text) {
            return text.to_owned();
        }
        let inside = |open: char, close: char| text.strip_prefix(open)?.strip_suffix(close);
        if let Some(inside) = inside('[', ']') {
            return inside.to_owned();
        }
        for quote in ['"', '\'', '`'] {
            if let Some(inside) = inside(quote, quote) {
                return inside.replace(&format!("{quote}{quote}"), &quote.to_string());
            }
        }
        text.to_owned()
    }
}

/// All tokens of a text. What is opened and never closed reaches to the end.
pub(super) fn tokens(sql: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < sql.len() {
        let (kind, length) = first(&sql[start..]);
        let end = start + length;
        found.push(Token { kind, start, end });
        start = end;
    }
    found
}

/// Whether what is appended to the text would be swallowed by a comment.
pub(super) fn ends_in_line_comment(sql: &str) -> bool {
    let found = tokens(sql);
    found.last().is_some_and(|last| last.is_line_comment(sql))
}

fn first(rest: &str) -> (Kind, usize) {
    let bytes = rest.as_bytes();
    let until = |found: Option<usize>| found.unwrap_or(rest.len());
    match bytes[0] {
        byte if is_space(byte) => {
            let end = bytes.iter().position(|byte| !is_space(*byte));
            (Kind::Space, until(end))
        }
        b'-' if rest.starts_with("--") => {
            (Kind::Comment, until(rest.find('\n').map(|end| end + 1)))
        }
        b'/' if rest.starts_with("/*") => {
            let end = rest[2..].find("*/").map(|end| end + 4);
            (Kind::Comment, until(end))
        }
        b'\'' => (Kind::Text, quoted(rest, '\'')),
        quote @ (b'"' | b'`') => (Kind::Quoted, quoted(rest, char::from(quote))),
        b'[' => (Kind::Quoted, until(rest.find(']').map(|end| end + 1))),
        b'x' | b'X' if bytes.get(1) == Some(&b'\'') => (Kind::Blob, 1 + quoted(&rest[1..], '\'')),
        b'0'..=b'9' => (Kind::Number, number(bytes)),
        b'.' if bytes.get(1).is_some_and(u8::is_ascii_digit) => (Kind::Number, number(bytes)),
        byte if is_name(byte) => {
            let end = bytes.iter().position(|byte| !is_name(*byte));
            (Kind::Word, until(end))
        }
        _ => (Kind::Mark, 1),
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// The length of the quoted text at the start; a doubled quote does not end it.
fn quoted(text: &str, quote: char) -> usize {
    let mut at = 1;
    while let Some(found) = text[at..].find(quote) {
        at += found + 1;
        if !text[at..].starts_with(quote) {
            return at;
        }
        at += 1;
    }
    text.len()
}

fn number(bytes: &[u8]) -> usize {
    let is_hex = matches!(bytes, [b'0', b'x' | b'X', ..]);
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let after_exponent = !is_hex && at > 0 && matches!(bytes[at - 1], b'e' | b'E');
        let goes_on = is_name(*byte)
            || *byte == b'.'
            || (after_exponent
                && matches!(byte, b'+' | b'-')
                && bytes.get(at + 1).is_some_and(u8::is_ascii_digit));
        if !goes_on {
            break;
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(sql: &str) -> Vec<(Kind, &str)> {
        let found = tokens(sql);
        let meant = found.iter().filter(|token| !token.is_trivia());
        meant.map(|token| (token.kind, token.text(sql))).collect()
    }

    #[test]
    fn each_kind() {
        assert_eq!(
            cut("a$é[b]]'it''s' x'00' 1.5e-3+.5 -- c\n/* d */\"q\"\"r\"`s`0x1f"),
            [
                (Kind::Word, "a$é"),
                (Kind::Quoted, "[b]"),
                (Kind::Mark, "]"),
                (Kind::Text, "'it''s'"),
                (Kind::Blob, "x'00'"),
                (Kind::Number, "1.5e-3"),
                (Kind::Mark, "+"),
                (Kind::Number, ".5"),
                (Kind::Quoted, "\"q\"\"r\""),
                (Kind::Quoted, "`s`"),
                (Kind::Number, "0x1f"),
            ]
        );
        let sql = "\"q\"\"r\"";
        assert_eq!(tokens(sql)[0].name(sql), "q\"r");
        let sql = "[a]";
        assert_eq!(tokens(sql)[0].name(sql), "a");
    }

    proptest! {
        #[test]
        fn nothing_is_lost(sql in "[-a-z0-9'\"`\\[\\]/* \n\u{e9}.,()e+x]{0,40}") {
            let joined: String = tokens(&sql).iter().map(|token| token.text(&sql)).collect();
            prop_assert_eq!(joined, sql);
        }
    }
}
