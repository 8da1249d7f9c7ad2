//! What a rule has to say: where, what is wrong, what to do instead.

use std::fmt;

use crate::tree::TextFile;

/// One breach of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) path: String,
    /// Counted from 1; none when the finding is about the file or folder as a whole.
    pub(crate) line: Option<usize>,
    /// The line itself, so that an exception can name a part of it.
    pub(crate) line_text: String,
    pub(crate) what: String,
    pub(crate) instead: String,
}

impl Finding {
    /// A finding about a file or folder as a whole.
    pub(crate) fn at(path: &str, what: impl Into<String>, instead: impl Into<String>) -> Finding {
        Finding {
            path: path.to_owned(),
            line: None,
            line_text: String::new(),
            what: what.into(),
            instead: instead.into(),
        }
    }

    /// A finding about one line of a file; `line` counts from 1.
    pub(crate) fn on(
        file: &TextFile,
        line: usize,
        what: impl Into<String>,
        instead: impl Into<String>,
    ) -> Finding {
        Finding {
            line: Some(line),
            line_text: file
                .text
                .lines()
                .nth(line.saturating_sub(1))
                .unwrap_or_default()
                .to_owned(),
            ..Finding::at(&file.path, what, instead)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(out, "{}:{line}: {}", self.path, self.what)?,
            None => write!(out, "{}: {}", self.path, self.what)?,
        }
        write!(out, "\n    instead: {}", self.instead)
    }
}
