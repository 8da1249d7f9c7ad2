//! Where the first statement of an SQL text ends, needed only to tell why a text was refused.

/// Splits after the first `;` that is not inside a string, a quoted name or a comment. `None`
/// when there is none, or when nothing but comments and blanks follows it.
pub(crate) fn split_first(sql: &str) -> Option<(&str, &str)> {
    let mut scan = Scan { sql, at: 0 };
    while let Some(byte) = scan.next_significant() {
        if byte == b';' {
            let (first, rest) = sql.split_at(scan.at);
            let has_more = Scan { sql: rest, at: 0 }.next_significant().is_some();
            return has_more.then_some((first, rest));
        }
    }
    None
}

/// Whether nothing but further `;` follow the first statement: to SQLite that is nothing, to the
/// original a second statement (QUERY-11).
pub(crate) fn has_empty_statement(sql: &str) -> bool {
    let Some((_, rest)) = split_first(sql) else {
        return false;
    };
    let mut scan = Scan { sql: rest, at: 0 };
    std::iter::from_fn(|| scan.next_significant()).all(|byte| byte == b';')
}

struct Scan<'a> {
    sql: &'a str,
    at: usize,
}

impl Scan<'_> {
    /// The next byte of code; a quoted stretch counts as its opening quote.
    fn next_significant(&mut self) -> Option<u8> {
        let bytes = self.sql.as_bytes();
        loop {
            let byte = *bytes.get(self.at)?;
            let rest = &bytes[self.at..];
            if byte.is_ascii_whitespace() {
                self.at += 1;
            } else if rest.starts_with(b"--") {
                self.at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
            } else if rest.starts_with(b"/*") {
                let body = &self.sql[self.at + 2..];
                self.at += body.find("*/").map_or(rest.len(), |end| end + 4);
            } else {
                let close = match byte {
                    b'\'' | b'"' | b'`' => Some(byte),
                    b'[' => Some(b']'),
                    _ => None,
                };
                self.at += 1;
                if let Some(close) = close {
                    // A doubled quote closes and opens again, which comes to the same.
                    let inside = &bytes[self.at..];
                    let end = inside.iter().position(|b| *b == close);
                    self.at += end.map_or(inside.len(), |end| end + 1);
                }
                return Some(byte);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{has_empty_statement, split_first};

    // Proves: QUERY-11
    #[test]
    fn a_second_semicolon_is_a_second_statement() {
        for sql in ["select 1;;", "select 1; ; -- x\n", "select 1;/* */;"] {
            assert!(has_empty_statement(sql), "{sql}");
        }
        let trigger = "create trigger t after insert on a begin select 1; select 2; end;";
        for sql in [
            "select 1",
            "select 1;",
            "select ';;'",
            "select 1; -- ;",
            trigger,
        ] {
            assert!(!has_empty_statement(sql), "{sql}");
        }
    }

    #[test]
    fn only_code_counts() {
        assert_eq!(
            split_first("select 1; select 2"),
            Some(("select 1;", " select 2"))
        );
        assert_eq!(split_first("select 1;"), None);
        assert_eq!(split_first("select 1; -- done\n /* really */ "), None);
        assert_eq!(split_first("select ';', [;], \";\" /* ; */ -- ;"), None);
        assert_eq!(
            split_first("select 'it''s; x'; y"),
            Some(("select 'it''s; x';", " y"))
        );
        assert_eq!(split_first("select 'open; x"), None);
        assert_eq!(split_first("/* open ; x"), None);
    }
}
