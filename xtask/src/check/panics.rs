//! Rule `panics`: outside tests nothing that users run gives up with a panic.

use super::finding::Finding;
use super::sources::Sources;
use crate::rust_source::Mention;

/// `unwrap`, `expect` and `panic!` in the crates, outside test code.
pub(crate) fn check(sources: &Sources<'_>) -> Vec<Finding> {
    sources
        .all
        .iter()
        .filter(|source| source.file.is_under("crates"))
        .flat_map(|source| {
            source.outside_tests(gives_up).map(|placed| {
                let what = match &placed.mention {
                    Mention::Macro(name) => format!("{name}!"),
                    Mention::Method(name) | Mention::Attribute(name) => format!("{name}()"),
                };
                Finding::on(
                    source.file,
                    placed.line,
                    what,
                    format!(
                        "return a Fault, or shape the types so that it cannot happen; if it cannot happen, say why in {}",
                        super::allow::PATH
                    ),
                )
            })
        })
        .collect()
}

fn gives_up(mention: &Mention) -> bool {
    match mention {
        Mention::Method(name) => name == "unwrap" || name == "expect",
        Mention::Macro(name) => name == "panic",
        Mention::Attribute(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Tree;

    fn whats(path: &str, text: &str) -> Vec<String> {
        let tree = Tree::of(&[(path, text)]);
        check(&Sources::of(&tree))
            .into_iter()
            .map(|finding| finding.what)
            .collect()
    }

    #[test]
    fn giving_up_is_found_in_the_crates() {
        let text = "fn f() { a.unwrap(); b.expect(\"b\"); panic!(\"c\"); d.map(Result::unwrap); }";
        assert_eq!(
            whats("crates/web/src/a.rs", text),
            ["unwrap()", "expect()", "panic!", "unwrap()"]
        );
    }

    #[test]
    fn tests_tools_and_milder_calls_pass() {
        assert!(whats("xtask/src/a.rs", "fn f() { a.unwrap(); }").is_empty());
        assert!(whats("crates/web/src/a.rs", "#[test]\nfn f() { a.unwrap(); }").is_empty());
        assert!(
            whats(
                "crates/web/src/a.rs",
                "#[expect(dead_code)]\nfn f() { a.unwrap_or(1); }"
            )
            .is_empty()
        );
    }
}
