//! What helps against a mistake in YAML, beside the parser's own words, which assume a reader who
//! knows the grammar.

/// Parts of the parser's messages, and what whoever wrote the text can do.
const HINTS: [(&str, &str); 10] = [
    (
        "tabs disallowed",
        "lines are indented with spaces, never with tabs",
    ),
    (
        "mapping values are not allowed",
        "text with a colon in it needs quotes; or a colon is missing at the end of the line above",
    ),
    (
        "did not find expected key",
        "this line must start in the same column as the keys above it",
    ),
    (
        "did not find expected '-' indicator",
        "this line must start in the same column as the items above it",
    ),
    (
        "unexpected character",
        "text that starts with it needs quotes",
    ),
    (
        "invalid indentation in quoted scalar",
        "a quotation mark that opens here is never closed",
    ),
    ("invalid indentation in flow construct", UNCLOSED),
    ("illegal placement of ':'", UNCLOSED),
    ("did not find expected node content", UNCLOSED),
    ("expected ',' or", UNCLOSED),
];

const UNCLOSED: &str = "a bracket or brace above is never closed";

/// The message with what helps.
pub(super) fn with_hint(message: &str) -> String {
    let hint = HINTS.iter().find(|(part, _)| message.contains(part));
    match hint {
        Some((_, hint)) => format!("{message}; {hint}"),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::yaml::parse;

    #[test]
    fn slips_of_the_hand_come_with_what_helps() {
        for (text, line, hint) in [
            ("a:\n\tb: 1\n", 2, "with spaces, never with tabs"),
            (
                "settings\n  size: 5\n",
                2,
                "a colon is missing at the end of the line above",
            ),
            (
                "title: City: budget\n",
                1,
                "text with a colon in it needs quotes",
            ),
            (
                "a:\n   b: 1\n  c: 2\n",
                3,
                "in the same column as the keys above",
            ),
            (
                "a:\n  - b\n  c: 1\n",
                3,
                "in the same column as the items above",
            ),
            (
                "title: @clerk\n",
                1,
                "text that starts with it needs quotes",
            ),
            ("title: \"City\nb: 2\n", 1, "is never closed"),
            (
                "a: {b: {c: 1}\nx: 1\n",
                2,
                "a bracket or brace above is never closed",
            ),
            (
                "a: [1, 2\nb: 3\n",
                2,
                "a bracket or brace above is never closed",
            ),
            ("a: [", 1, "a bracket or brace above is never closed"),
        ] {
            let problem = parse(text).unwrap_err();
            assert!(
                problem.message.contains(hint),
                "{text:?}: {}",
                problem.message
            );
            assert_eq!(problem.line, line, "{text:?}: {}", problem.message);
        }
    }
}
