//! The Rust files of the tree, scanned once for all rules, with test code told apart.

use std::collections::BTreeSet;

use super::finding::Finding;
use crate::rust_source::{self, Mention, Placed, Scan};
use crate::tree::{TextFile, Tree, is_under};

/// One scanned file.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    pub(crate) file: &'a TextFile,
    scan: Scan,
    is_test: bool,
}

/// Everything that could be scanned, and a finding for each file that could not.
#[derive(Debug)]
pub(crate) struct Sources<'a> {
    pub(crate) all: Vec<Source<'a>>,
    pub(crate) unreadable: Vec<Finding>,
}

impl<'a> Sources<'a> {
    /// Scans the Rust files of a tree.
    pub(crate) fn of(tree: &'a Tree) -> Sources<'a> {
        let mut sources = Sources {
            all: Vec::new(),
            unreadable: Vec::new(),
        };
        for file in tree.with_extension(&["rs"]) {
            match rust_source::scan(&file.text) {
                Ok(scan) => sources.all.push(Source {
                    file,
                    scan,
                    is_test: is_test_path(&file.path),
                }),
                Err(error) => sources.unreadable.push(Finding::at(
                    &file.path,
                    error.to_string(),
                    "make it compile; the rules read its tokens",
                )),
            }
        }
        let modules: BTreeSet<String> = sources.all.iter().flat_map(test_module_paths).collect();
        for source in &mut sources.all {
            let stem = source.file.path.trim_end_matches(".rs");
            source.is_test |= modules
                .iter()
                .any(|module| stem == module || is_under(stem, module));
        }
        sources
    }
}

impl Source<'_> {
    /// The mentions outside test code that `wanted` picks.
    pub(crate) fn outside_tests(
        &self,
        wanted: impl Fn(&Mention) -> bool,
    ) -> impl Iterator<Item = &Placed> {
        self.scan
            .mentions
            .iter()
            .filter(move |placed| !self.is_test && !placed.in_test && wanted(&placed.mention))
    }

    /// The mentions anywhere that `wanted` picks.
    pub(crate) fn everywhere(
        &self,
        wanted: impl Fn(&Mention) -> bool,
    ) -> impl Iterator<Item = &Placed> {
        self.scan
            .mentions
            .iter()
            .filter(move |placed| wanted(&placed.mention))
    }
}

/// Test code by its place: test folders, `tests.rs`, the test world.
fn is_test_path(path: &str) -> bool {
    path.ends_with("/tests.rs")
        || path.ends_with("_tests.rs")
        || path.split('/').any(|part| part == "tests")
        || is_under(path, "crates/testkit")
}

/// Where the modules lie that a file declares for tests only, without the ending.
fn test_module_paths(source: &Source<'_>) -> Vec<String> {
    let stem = source.file.path.trim_end_matches(".rs");
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let home = match name {
        "lib" | "main" | "mod" => folder.to_owned(),
        _ => stem.to_owned(),
    };
    source
        .scan
        .test_modules
        .iter()
        .map(|module| format!("{home}/{module}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_code_is_known_by_place_and_by_declaration() {
        let call = "fn f() { a.unwrap(); }";
        let tree = Tree::of(&[
            (
                "crates/core/src/lib.rs",
                "//! x\n#[cfg(test)]\nmod oracle;\nmod tilde;",
            ),
            ("crates/core/src/oracle.rs", call),
            ("crates/core/src/oracle/deep.rs", call),
            ("crates/core/src/tilde.rs", call),
            ("crates/core/src/tilde/tests.rs", call),
            ("crates/core/tests/whole.rs", call),
            ("crates/testkit/src/site.rs", call),
        ]);
        let sources = Sources::of(&tree);
        let found: Vec<&str> = sources
            .all
            .iter()
            .filter(|source| {
                source
                    .outside_tests(|mention| *mention == Mention::Method("unwrap".into()))
                    .next()
                    .is_some()
            })
            .map(|source| source.file.path.as_str())
            .collect();
        assert_eq!(found, ["crates/core/src/tilde.rs"]);
    }

    #[test]
    fn a_file_that_is_not_rust_is_said() {
        let tree = Tree::of(&[("crates/core/src/lib.rs", "fn f( {")]);
        assert_eq!(Sources::of(&tree).unreadable.len(), 1);
    }
}
