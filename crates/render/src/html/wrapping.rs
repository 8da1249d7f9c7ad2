//! Lines of a width, as Python wraps them.

/// The line in pieces of at most `width` characters, white space at their ends dropped.
pub(crate) fn wrap(
    line: &str,
    width: usize,
    break_long_words: bool,
    break_on_hyphens: bool,
) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    let mut length = 0;
    for chunk in chunks(line, break_on_hyphens) {
        let is_space = chunk.starts_with(char::is_whitespace);
        let mut rest = chunk;
        loop {
            let wanted = rest.chars().count();
            if length + wanted <= width {
                if !(is_space && length == 0 && !lines.is_empty()) {
                    current.push_str(rest);
                    length += wanted;
                }
                break;
            }
            let room = match length {
                _ if is_space => 0,
                0 if break_long_words => width,
                0 => wanted,
                _ if wanted > width && break_long_words => width - length,
                _ => 0,
            };
            let end = rest
                .char_indices()
                .nth(room)
                .map_or(rest.len(), |(place, _)| place);
            current.push_str(&rest[..end]);
            lines.push(current.trim_end().to_owned());
            current.clear();
            length = 0;
            rest = &rest[end..];
            if is_space || rest.is_empty() {
                break;
            }
        }
    }
    if !current.trim_end().is_empty() {
        lines.push(current.trim_end().to_owned());
    }
    lines
}

/// Words and the white space between them; a word may end behind a hyphen between letters.
fn chunks(line: &str, break_on_hyphens: bool) -> Vec<&str> {
    let mut chunks = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    let mut before_that: Option<char> = None;
    for (place, character) in line.char_indices() {
        let turns =
            before.is_some_and(|before| before.is_whitespace() != character.is_whitespace());
        let hyphen = break_on_hyphens
            && before == Some('-')
            && before_that.is_some_and(char::is_alphabetic)
            && character.is_alphabetic();
        if turns || hyphen {
            chunks.push(&line[start..place]);
            start = place;
        }
        before_that = before;
        before = Some(character);
    }
    if start < line.len() {
        chunks.push(&line[start..]);
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_together_where_they_can() {
        let text = "the quick brown fox jumps over";
        assert_eq!(
            wrap(text, 10, true, true),
            ["the quick", "brown fox", "jumps over"]
        );
        assert_eq!(wrap("well-known x", 6, true, true), ["well-", "known", "x"]);
        assert_eq!(
            wrap("abcdefgh ij", 3, true, true),
            ["abc", "def", "gh", "ij"]
        );
        assert_eq!(wrap("abcdefgh ij", 3, false, true), ["abcdefgh", "ij"]);
        assert!(wrap("", 3, true, true).is_empty());
    }
}
