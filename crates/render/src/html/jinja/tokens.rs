//! The words and signs of one statement of a template.

/// What a piece of a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Number,
    Text,
    Sign,
}

/// One piece: where it stands in the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The pieces of `source[from..to]`. What is none becomes a sign, for the template engine to
/// complain about.
pub(super) fn tokens(source: &str, from: usize, to: usize) -> Vec<Token> {
    let bytes = source.as_bytes();
    let mut found = Vec::new();
    let mut at = from;
    while at < to {
        let start = at;
        let kind = match bytes[at] {
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            quote @ (b'"' | b'\'') => {
                at = behind_text(bytes, at, to, quote);
                Kind::Text
            }
            byte if byte.is_ascii_digit() => {
                at = behind_number(bytes, at, to);
                Kind::Number
            }
            byte if is_of_name(byte) => {
                while at < to && is_of_name(bytes[at]) {
                    at += 1;
                }
                Kind::Name
            }
            _ => {
                let pair = bytes.get(at..(at + 2).min(to)).unwrap_or_default();
                at += match pair {
                    b"**" | b"//" | b"==" | b"!=" | b"<=" | b">=" => 2,
                    _ => 1,
                };
                Kind::Sign
            }
        };
        let end = at;
        found.push(Token { kind, start, end });
    }
    found
}

/// Letters of other alphabets are whole in names, since all their bytes are.
fn is_of_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 0x80
}

fn behind_text(bytes: &[u8], from: usize, to: usize, quote: u8) -> usize {
    let mut at = from + 1;
    while at < to {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    to
}

/// `1.5` is one number, `1.real` and `1..2` are not.
fn behind_number(bytes: &[u8], from: usize, to: usize) -> usize {
    let mut at = from;
    while at < to {
        let is_part = match bytes[at] {
            b'.' => bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
            b'+' | b'-' => {
                matches!(bytes[at - 1], b'e' | b'E') && !bytes[from..].starts_with(b"0x")
            }
            byte => is_of_name(byte),
        };
        if !is_part {
            break;
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_fall_into_words_and_signs() {
        let pieces = |source: &str| {
            tokens(source, 0, source.len())
                .iter()
                .map(|token| source[token.start..token.end].to_owned())
                .collect::<Vec<String>>()
        };
        assert_eq!(
            pieces("a.b|f(1.5, 'it\\'s')"),
            ["a", ".", "b", "|", "f", "(", "1.5", ",", "'it\\'s'", ")"]
        );
        assert_eq!(pieces("x//2**1e-5"), ["x", "//", "2", "**", "1e-5"]);
        assert_eq!(pieces("1 .real é~\"x"), ["1", ".", "real", "é", "~", "\"x"]);
    }
}
