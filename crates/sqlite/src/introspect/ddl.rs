//! Reading a `CREATE VIRTUAL TABLE` statement: its module and arguments.

/// A virtual table's declaration.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct VirtualTable {
    /// The module, lower case.
    pub(super) module: String,
    arguments: Vec<String>,
}

/// A value as an argument spells it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Spelled {
    /// The opening quote, if it is quoted.
    pub(super) quote: Option<char>,
    /// The value without quotes.
    pub(super) value: String,
}

impl VirtualTable {
    /// Reads a statement; `None` when it creates something else.
    pub(super) fn parse(sql: &str) -> Option<Self> {
        let mut tokens = Tokens { rest: sql };
        for keyword in ["create", "virtual", "table"] {
            tokens.keyword(keyword)?;
        }
        let mut name = tokens.next()?;
        if name.eq_ignore_ascii_case("if") {
            tokens.keyword("not")?;
            tokens.keyword("exists")?;
            name = tokens.next()?;
        }
        let _ = name;
        let mut using = tokens.next()?;
        if using == "." {
            tokens.next()?;
            using = tokens.next()?;
        }
        if !using.eq_ignore_ascii_case("using") {
            return None;
        }
        let module = unquote(tokens.next()?).value.to_ascii_lowercase();
        let arguments = match tokens.next() {
            Some("(") => split(tokens.rest),
            _ => Vec::new(),
        };
        Some(Self { module, arguments })
    }

    /// Whether the module is one of the full-text search engines.
    pub(super) fn is_fts(&self) -> bool {
        matches!(self.module.as_str(), "fts3" | "fts4" | "fts5")
    }

    /// The value of an option such as `content=...`.
    pub(super) fn option(&self, name: &str) -> Option<Spelled> {
        self.arguments.iter().find_map(|argument| {
            let (key, value) = argument.split_once('=')?;
            key.trim()
                .eq_ignore_ascii_case(name)
                .then(|| unquote(value.trim()))
        })
    }

    /// All arguments without their quotes.
    pub(super) fn plain_arguments(&self) -> Vec<String> {
        let trimmed = self.arguments.iter().map(|argument| argument.trim());
        trimmed.map(|argument| unquote(argument).value).collect()
    }
}

struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    /// The next word, quoted name or punctuation mark.
    fn next(&mut self) -> Option<&'a str> {
        self.rest = skip_blanks(self.rest);
        let first = self.rest.chars().next()?;
        let length = match closing(first) {
            Some(_) => quoted_length(self.rest),
            None if is_word(first) => self
                .rest
                .find(|character| !is_word(character))
                .unwrap_or(self.rest.len()),
            None => first.len_utf8(),
        };
        let (token, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some(token)
    }

    fn keyword(&mut self, expected: &str) -> Option<()> {
        self.next()?.eq_ignore_ascii_case(expected).then_some(())
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$')
}

fn closing(open: char) -> Option<char> {
    match open {
        '"' | '\'' | '`' => Some(open),
        '[' => Some(']'),
        _ => None,
    }
}

/// The length of the quoted text that `text` begins with; everything when it does not end.
fn quoted_length(text: &str) -> usize {
    let mut characters = text.char_indices();
    let Some(close) = characters.next().and_then(|(_, open)| closing(open)) else {
        return 0;
    };
    while let Some((at, character)) = characters.next() {
        if character == close {
            let after = at + character.len_utf8();
            if close == ']' || !text[after..].starts_with(close) {
                return after;
            }
            characters.next();
        }
    }
    text.len()
}

fn skip_blanks(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        rest = match comment_length(rest) {
            0 => return rest,
            length => rest[length..].trim_start(),
        };
    }
}

/// The length of the comment that `text` begins with, 0 without one.
fn comment_length(text: &str) -> usize {
    if text.starts_with("--") {
        text.find(['\n', '\r']).unwrap_or(text.len())
    } else if let Some(body) = text.strip_prefix("/*") {
        body.find("*/").map_or(text.len(), |end| end + 4)
    } else {
        0
    }
}

/// Splits the arguments after an opening parenthesis, without their comments.
fn split(text: &str) -> Vec<String> {
    let mut arguments = vec![String::new()];
    let mut depth = 0usize;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let comment = comment_length(rest);
        let quoted = quoted_length(rest);
        let length = comment.max(quoted).max(first.len_utf8());
        let (piece, after) = rest.split_at(length);
        rest = after;
        match first {
            _ if comment > 0 => push(&mut arguments, " "),
            ')' if depth == 0 => break,
            ',' if depth == 0 => arguments.push(String::new()),
            _ => {
                match first {
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    _ => {}
                }
                push(&mut arguments, piece);
            }
        }
    }
    arguments
}

fn push(arguments: &mut [String], piece: &str) {
    if let Some(last) = arguments.last_mut() {
        last.push_str(piece);
    }
}

fn unquote(text: &str) -> Spelled {
    let plain = || Spelled {
        quote: None,
        value: text.to_owned(),
    };
    let Some(open) = text.chars().next() else {
        return plain();
    };
    let Some(close) = closing(open) else {
        return plain();
    };
    if text.len() < 2 || quoted_length(text) != text.len() || !text.ends_with(close) {
        return plain();
    }
    let inner = &text[1..text.len() - 1];
    let value = if close == ']' {
        inner.to_owned()
    } else {
        inner.replace(&format!("{close}{close}"), &close.to_string())
    };
    Spelled {
        quote: Some(open),
        value,
    }
}

/// Whether a statement has this word, which is ASCII, anywhere and in any case.
pub(super) fn contains_ignoring_case(sql: &str, word: &str) -> bool {
    sql.as_bytes()
        .windows(word.len())
        .any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(sql: &str) -> Option<(Option<char>, String)> {
        let spelled = VirtualTable::parse(sql)?.option("content")?;
        Some((spelled.quote, spelled.value))
    }

    #[test]
    fn reads_the_module_whatever_the_name() {
        let module = |sql: &str| VirtualTable::parse(sql).map(|table| table.module);
        assert_eq!(
            module("CREATE VIRTUAL TABLE t USING FTS5(a)").as_deref(),
            Some("fts5")
        );
        assert_eq!(
            module("create virtual table if not exists [a using b].\"c(\" using \"rtree\" (a)")
                .as_deref(),
            Some("rtree")
        );
        assert_eq!(
            module("CREATE VIRTUAL TABLE t /* using x */ USING -- y\n fts4").as_deref(),
            Some("fts4")
        );
        assert_eq!(module("CREATE TABLE t (a)"), None);
        assert_eq!(module("CREATE VIRTUAL TABLE"), None);
        assert_eq!(module(""), None);
    }

    #[test]
    fn reads_options_in_every_spelling() {
        let cases = [
            (
                r#"fts4(a, content="it's ""x""")"#,
                Some((Some('"'), r#"it's "x""#)),
            ),
            ("fts4(content=[a, b], c)", Some((Some('['), "a, b"))),
            ("fts5(a, CONTENT = 'it''s')", Some((Some('\''), "it's"))),
            ("fts5(a, content=plain)", Some((None, "plain"))),
            ("fts5(a, content='')", Some((Some('\''), ""))),
            ("fts5(a, 'content=x', tokenize = 'x, content=y')", None),
            ("fts5(a /* content=x */, prefix=(1,2))", None),
            ("fts5(a, content=x", Some((None, "x"))),
        ];
        for (declaration, expected) in cases {
            let sql = format!("CREATE VIRTUAL TABLE t USING {declaration}");
            let expected = expected.map(|(quote, value)| (quote, value.to_owned()));
            assert_eq!(content(&sql), expected, "{declaration}");
        }
    }

    #[test]
    fn reads_plain_arguments() {
        let table = VirtualTable::parse("CREATE VIRTUAL TABLE v USING fts5vocab('a''b', \"row\")");
        assert_eq!(table.unwrap().plain_arguments(), ["a'b", "row"]);
    }
}
