//! Rule `size`: a source file fits in a head.

use super::finding::Finding;
use crate::tree::{TextFile, Tree};

/// No source file is longer than this.
pub(crate) const CEILING: usize = 600;
/// Files longer than this are listed, not refused.
pub(crate) const NOTABLE: usize = 400;

const SOURCES: [&str; 6] = ["rs", "py", "js", "ts", "css", "html"];
/// Recorded answers of the original: data that happens to end like source.
const RECORDED: &str = "compat/goldens";

/// Files over the ceiling.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    sources(tree)
        .filter(|(_, lines)| *lines > CEILING)
        .map(|(file, lines)| {
            Finding::at(
                &file.path,
                format!("{lines} lines, the ceiling is {CEILING}"),
                "cut it by noun or verb; tests that grew move to a sibling tests.rs",
            )
        })
        .collect()
}

/// Files that are on their way there, longest first, with their lengths.
pub(crate) fn notable(tree: &Tree) -> Vec<(&str, usize)> {
    let mut long: Vec<(&str, usize)> = sources(tree)
        .filter(|(_, lines)| (NOTABLE + 1..=CEILING).contains(lines))
        .map(|(file, lines)| (file.path.as_str(), lines))
        .collect();
    long.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
    long
}

fn sources(tree: &Tree) -> impl Iterator<Item = (&TextFile, usize)> {
    tree.with_extension(&SOURCES)
        .filter(|file| !file.is_under(RECORDED))
        .map(|file| (file, file.text.lines().count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_holds_for_sources_only() {
        let long = "line\n".repeat(CEILING + 1);
        let at_ceiling = "line\n".repeat(CEILING);
        let tree = Tree::of(&[
            ("crates/core/src/long.rs", &long),
            ("crates/core/src/full.rs", &at_ceiling),
            ("docs/spec/chapter.md", &long),
            ("compat/goldens/page.html", &long),
        ]);
        let findings = check(&tree);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path, "crates/core/src/long.rs");
        assert_eq!(notable(&tree), [("crates/core/src/full.rs", CEILING)]);
    }
}
