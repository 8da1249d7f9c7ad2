//! Rule `printing`: only the binary talks to the terminal. Build scripts print, too, but to cargo.

use super::finding::Finding;
use super::sources::Sources;
use crate::rust_source::Mention;

const MACROS: [&str; 4] = ["print", "println", "eprint", "eprintln"];
const TALKER: &str = "crates/cli";

/// Printing in the crates other than the binary, outside test code.
pub(crate) fn check(sources: &Sources<'_>) -> Vec<Finding> {
    sources
        .all
        .iter()
        .filter(|source| {
            source.file.is_under("crates")
                && !source.file.is_under(TALKER)
                && !is_build_script(&source.file.path)
        })
        .flat_map(|source| {
            source.outside_tests(prints).map(|placed| {
                Finding::on(
                    source.file,
                    placed.line,
                    "prints",
                    format!("return the words to {TALKER}, or log with tracing"),
                )
            })
        })
        .collect()
}

/// `crates/NAME/build.rs`
fn is_build_script(path: &str) -> bool {
    path.ends_with("/build.rs") && path.split('/').count() == 3
}

fn prints(mention: &Mention) -> bool {
    matches!(mention, Mention::Macro(name) if MACROS.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Tree;

    fn count(path: &str) -> usize {
        let tree = Tree::of(&[(path, "fn f() { println!(\"x\"); eprintln!(\"y\"); }")]);
        check(&Sources::of(&tree)).len()
    }

    #[test]
    fn only_the_binary_and_the_tools_print() {
        assert_eq!(count("crates/engine/src/a.rs"), 2);
        assert_eq!(count("crates/engine/src/build.rs"), 2);
        assert_eq!(count("crates/engine/build.rs"), 0);
        assert_eq!(count("crates/cli/src/a.rs"), 0);
        assert_eq!(count("xtask/src/a.rs"), 0);
    }
}
