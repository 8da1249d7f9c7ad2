//! Words as a POSIX shell, and as Docker, read them.

use std::borrow::Cow;

/// One word of a command line, in the spelling of Python's `shlex.quote`.
pub(super) fn shell(word: &str) -> Cow<'_, str> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "@%+=:,./-_".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', "'\"'\"'")))
}

/// Words, each quoted, with a space between them.
pub(super) fn shell_line<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<Cow<'a, str>> = words.into_iter().map(shell).collect();
    quoted.join(" ")
}

/// The arguments of `RUN`, `CMD` and `COPY` as JSON, which no shell reads.
pub(super) fn json_words<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words
        .into_iter()
        .map(|word| serde_json::Value::from(word).to_string())
        .collect();
    format!("[{}]", quoted.join(", "))
}

/// The value of an `ENV` line. Docker takes everything between single quotes as it is.
pub(super) fn docker_value(value: &str) -> String {
    format!("'{}'", value.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_need_no_quotes_get_none() {
        assert_eq!(shell("one.db"), "one.db");
        assert_eq!(shell("x:y/z=1"), "x:y/z=1");
        assert_eq!(shell(""), "''");
        assert_eq!(shell("my db's.db"), "'my db'\"'\"'s.db'");
        assert_eq!(shell("$(rm)"), "'$(rm)'");
        assert_eq!(shell("é"), "'é'");
        assert_eq!(shell_line(["a", "b c"]), "a 'b c'");
    }

    #[test]
    fn json_and_docker() {
        assert_eq!(json_words(["a", "my \"db\"\n"]), r#"["a", "my \"db\"\n"]"#);
        assert_eq!(docker_value("it's $HOME \\"), r"'it'\''s $HOME \'");
    }
}
