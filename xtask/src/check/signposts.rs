//! Rule `signposts`: a path named in the documents at the root leads somewhere.

use super::finding::Finding;
use crate::tree::{TextFile, Tree};

const DOCUMENTS: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];
/// A code span or link that starts with one of these is a path of the repository.
const ROOMS: [&str; 11] = [
    ".ci", ".config", "benches", "compat", "crates", "docs", "examples", "frontend", "fuzz",
    "python", "xtask",
];

/// Code spans and links of the documents that name no file or folder.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in DOCUMENTS.iter().filter_map(|path| tree.text(path)) {
        for (line, path) in named_paths(file) {
            if !tree.has(path) {
                findings.push(Finding::on(
                    file,
                    line,
                    format!("`{path}` is not there"),
                    "name where it is now, or delete the signpost",
                ));
            }
        }
    }
    findings
}

fn named_paths(file: &TextFile) -> Vec<(usize, &str)> {
    let mut paths = Vec::new();
    let mut in_block = false;
    for (line, text) in file.numbered() {
        if text.trim_start().starts_with("```") {
            in_block = !in_block;
        }
        if in_block {
            continue;
        }
        let spans = text.split('`').skip(1).step_by(2);
        let links = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
        paths.extend(
            spans
                .chain(links)
                .filter(|span| is_path(span))
                .map(|span| (line, span)),
        );
    }
    paths
}

fn is_path(span: &str) -> bool {
    let first = span.split('/').next().unwrap_or_default();
    let is_plain = !span.contains([' ', '*', '<', '{', '$']);
    is_plain && span.contains('/') && ROOMS.contains(&first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whats(document: &str) -> Vec<String> {
        let tree = Tree::of(&[
            ("ARCHITECTURE.md", document),
            ("crates/core/src/tilde.rs", ""),
        ]);
        check(&tree)
            .into_iter()
            .map(|finding| finding.what)
            .collect()
    }

    #[test]
    fn paths_that_lead_nowhere_are_found() {
        assert_eq!(
            whats("go to `crates/core/src/gone.rs` or [there](docs/gone.md)"),
            [
                "`crates/core/src/gone.rs` is not there",
                "`docs/gone.md` is not there"
            ]
        );
    }

    #[test]
    fn real_paths_and_other_spans_pass() {
        assert!(
            whats("`crates/core/src/tilde.rs`, `crates/core/`, `?a=b/c`, `cargo xtask test`")
                .is_empty()
        );
        assert!(whats("```\n`crates/core/src/gone.rs`\n```\n`compat/scenarios/*.toml`").is_empty());
    }
}
