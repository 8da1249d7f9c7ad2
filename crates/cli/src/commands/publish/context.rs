//! Files that are to be written, as data.

use std::path::PathBuf;

/// One file or folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Where, below the folder, with `/` between the parts.
    pub(super) path: String,
    /// What.
    pub(super) content: Content,
}

/// What a file or folder holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// A text.
    Text(String),
    /// A text that only its owner may read.
    SecretText(String),
    /// A text that is run.
    Script(String),
    /// A file of the user.
    File(PathBuf),
    /// The program, which is run.
    Program(PathBuf),
    /// A folder of the user with everything in it.
    Folder(PathBuf),
}

/// A text of its own.
pub(super) fn text(path: &str, text: impl Into<String>) -> Entry {
    Entry {
        path: path.to_owned(),
        content: Content::Text(text.into()),
    }
}

/// Entries one folder deeper.
pub(super) fn below(folder: &str, entries: Vec<Entry>) -> impl Iterator<Item = Entry> {
    entries.into_iter().map(move |entry| Entry {
        path: format!("{folder}/{}", entry.path),
        content: entry.content,
    })
}
