//! Rule `opening`: a module's first line says what the room is for.
//!
//! A sibling `tests.rs` says so by its name and place.

use super::finding::Finding;
use crate::tree::Tree;

/// Rust files, other than sibling tests, that do not open with a `//!` line.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    tree.with_extension(&["rs"])
        .filter(|file| !file.path.ends_with("/tests.rs") && !file.path.ends_with("_tests.rs"))
        .filter(|file| {
            let first = file.text.lines().next().unwrap_or_default();
            first
                .strip_prefix("//!")
                .is_none_or(|words| words.trim().is_empty())
        })
        .map(|file| {
            Finding::at(
                &file.path,
                "does not open with a `//!` line",
                "write one sentence on the first line: what is this room for?",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_has_words() {
        let tree = Tree::of(&[
            ("a.rs", "//! Tilde encoding.\nfn f() {}\n"),
            ("b.rs", "use std::fmt;\n"),
            ("c.rs", "//!\nfn f() {}\n"),
            ("d.rs", ""),
            ("e.py", "import os\n"),
            ("f/tests.rs", "use super::*;\n"),
        ]);
        let paths: Vec<String> = check(&tree)
            .into_iter()
            .map(|finding| finding.path)
            .collect();
        assert_eq!(paths, ["b.rs", "c.rs", "d.rs"]);
    }
}
