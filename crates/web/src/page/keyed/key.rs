//! The key in the header, between quotes as the IETF's draft has it or bare as most send it
//! (WRITE-160).

use axum::http::HeaderMap;
use datasette_core::Fault;

use super::HEADER;

/// The most characters of a key.
const LONGEST: usize = 255;

/// The key, or what is wrong with it; `None` without the header.
pub(super) fn of(headers: &HeaderMap) -> Option<Result<String, Fault>> {
    let mut values = headers.get_all(HEADER).iter();
    let value = values.next()?.as_bytes();
    Some(match values.next() {
        Some(_) => Err(mistake("stands there more than once")),
        None => read(value),
    })
}

fn read(value: &[u8]) -> Result<String, Fault> {
    let key = match value.strip_prefix(b"\"") {
        Some(quoted) => unquoted(quoted)?,
        None => value.to_vec(),
    };
    if key.is_empty() {
        return Err(mistake("is empty"));
    }
    if key.len() > LONGEST {
        return Err(mistake(&format!("has more than {LONGEST} characters")));
    }
    let printable = key.iter().all(|byte| matches!(byte, b' '..=b'~'));
    match String::from_utf8(key) {
        Ok(key) if printable => Ok(key),
        _ => Err(mistake("may only have printable ASCII characters")),
    }
}

/// A string of structured headers (RFC 8941), without its first quote.
fn unquoted(quoted: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut key = Vec::with_capacity(quoted.len());
    let mut bytes = quoted.iter().copied();
    loop {
        match (bytes.next(), bytes.len()) {
            (Some(b'"'), 0) => return Ok(key),
            (Some(b'\\'), _) => match bytes.next() {
                Some(escaped @ (b'"' | b'\\')) => key.push(escaped),
                _ => return Err(mistake("has a backslash that escapes nothing")),
            },
            (Some(b'"') | None, _) => return Err(mistake("does not end with its quote")),
            (Some(byte), _) => key.push(byte),
        }
    }
}

fn mistake(what: &str) -> Fault {
    Fault::bad_request(format!("The Idempotency-Key {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(value: &[u8]) -> String {
        read(value).unwrap_or_else(|fault| format!("400 {}", fault.message()))
    }

    // Proves: WRITE-160
    #[test]
    fn keys_stand_bare_or_between_quotes() {
        assert_eq!(told(b"8e03978e-40d5"), "8e03978e-40d5");
        assert_eq!(told(b"\"8e03978e-40d5\""), "8e03978e-40d5");
        assert_eq!(told(br#""a \"b\" \\ c""#), r#"a "b" \ c"#);
        let longest = "k".repeat(255);
        assert_eq!(told(longest.as_bytes()), longest);
        assert_eq!(told(format!("\"{longest}\"").as_bytes()), longest);
        let words = |what: &str| format!("400 The Idempotency-Key {what}");
        for empty in ["", "\"\""] {
            assert_eq!(told(empty.as_bytes()), words("is empty"));
        }
        let long = "k".repeat(256);
        assert_eq!(told(long.as_bytes()), words("has more than 255 characters"));
        for strange in [&b"a\tb"[..], b"\xc3\xa9", b"\xff", b"a\x7f", b"\"a\tb\""] {
            let expected = words("may only have printable ASCII characters");
            assert_eq!(told(strange), expected);
        }
        for open in ["\"", "\"a", "\"a\"; b=1", "\"a\"b\""] {
            assert_eq!(told(open.as_bytes()), words("does not end with its quote"));
        }
        assert!(told(br#""a\b""#).starts_with("400"));
        assert!(told(br#""a\"#).starts_with("400"));
    }
}
