//! Patterns for places in an answer and for paths: `*` is any text without a slash, `**` any text.

/// A pattern as written in a scenario or in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    text: String,
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
        }
    }

    /// Whether the whole of `candidate` fits.
    pub(crate) fn matches(&self, candidate: &str) -> bool {
        fits(&self.text, candidate)
    }
}

fn fits(pattern: &str, text: &str) -> bool {
    let Some(star) = pattern.find('*') else {
        return pattern == text;
    };
    let (literal, rest) = pattern.split_at(star);
    let Some(text) = text.strip_prefix(literal) else {
        return false;
    };
    let (deep, rest) = match rest.strip_prefix("**") {
        Some(rest) => (true, rest),
        None => (false, &rest[1..]),
    };
    let mut ends = text
        .char_indices()
        .map(|(index, _)| index)
        .chain([text.len()]);
    ends.any(|end| (deep || !text[..end].contains('/')) && fits(rest, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_star_stays_within_a_segment() {
        assert!(Pattern::new("/json/rows/*/id").matches("/json/rows/12/id"));
        assert!(!Pattern::new("/json/*").matches("/json/rows/12"));
        assert!(Pattern::new("/json/**").matches("/json/rows/12"));
        assert!(Pattern::new("GET /a*.json**").matches("GET /ab.json?x=/y"));
        assert!(!Pattern::new("/status").matches("/status/x"));
    }
}
