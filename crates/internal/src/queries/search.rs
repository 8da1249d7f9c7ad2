//! Searching stored queries by what they say (DEBUG-63).

use datasette_core::StoredQuery;

/// Whether the name, title, description or SQL of a query contains `part`, as SQLite's `LIKE`
/// compares: letters of ASCII in either case, `%` for any text and `_` for one character.
pub fn mentions(query: &StoredQuery, part: &str) -> bool {
    let texts = [
        Some(&query.name),
        query.title.as_ref(),
        query.description.as_ref(),
        Some(&query.sql),
    ];
    let pattern = format!("%{part}%");
    texts.into_iter().flatten().any(|text| like(text, &pattern))
}

/// `text like pattern`. Only the last `%` is ever tried again, so the work is bounded by the
/// product of the lengths.
fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
    let (mut at, mut place) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(place) {
            Some(b'%') => {
                retry = Some((at, place + 1));
                place += 1;
                continue;
            }
            Some(b'_') => {
                at = next_character(text, at);
                place += 1;
                continue;
            }
            Some(byte) if byte.eq_ignore_ascii_case(&text[at]) => {
                at += 1;
                place += 1;
                continue;
            }
            _ => {}
        }
        let Some((from, after)) = retry else {
            return false;
        };
        at = next_character(text, from);
        place = after;
        retry = Some((at, after));
    }
    pattern[place..].iter().all(|byte| *byte == b'%')
}

/// Where the character after the one at `at` begins.
fn next_character(text: &[u8], at: usize) -> usize {
    let is_inside = |byte: &u8| byte & 0b1100_0000 == 0b1000_0000;
    let rest = text.get(at + 1..).unwrap_or_default();
    at + 1 + rest.iter().take_while(|byte| is_inside(byte)).count()
}
