//! Rule `unfinished`: nothing is left for later and no test is switched off.

use super::finding::Finding;
use super::sources::Sources;
use crate::rust_source::Mention;
use crate::tree::Tree;

const MACROS: [&str; 3] = ["todo", "unimplemented", "dbg"];
/// What switches a test off, or others off in its favour, in the other languages.
const SWITCHES: [&str; 9] = [
    "test.skip(",
    "test.only(",
    "test.todo(",
    "describe.skip(",
    "describe.only(",
    "it.skip(",
    "it.only(",
    "pytest.mark.skip",
    "pytest.mark.xfail",
];

/// Stubs, traces of debugging and ignored tests.
pub(crate) fn check(tree: &Tree, sources: &Sources<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in &sources.all {
        for placed in source.everywhere(is_unfinished) {
            let (what, instead) = match &placed.mention {
                Mention::Attribute(_) => (
                    "an ignored test".to_owned(),
                    "assert what is true today and say so, or delete the test",
                ),
                Mention::Macro(name) | Mention::Method(name) => (
                    format!("{name}!"),
                    "write it whole, or leave it out until it can be",
                ),
            };
            findings.push(Finding::on(source.file, placed.line, what, instead));
        }
    }
    for file in tree.with_extension(&["py", "js", "mjs", "ts"]) {
        for (line, text) in file.numbered() {
            if let Some(switch) = SWITCHES.iter().find(|switch| text.contains(**switch)) {
                findings.push(Finding::on(
                    file,
                    line,
                    format!("`{switch}` switches tests off"),
                    "assert what is true today and say so, or delete the test",
                ));
            }
        }
    }
    findings
}

fn is_unfinished(mention: &Mention) -> bool {
    match mention {
        Mention::Macro(name) => MACROS.contains(&name.as_str()),
        Mention::Attribute(name) => name == "ignore",
        Mention::Method(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        let tree = Tree::of(&[(path, text)]);
        check(&tree, &Sources::of(&tree)).len()
    }

    #[test]
    fn stubs_and_ignored_tests_are_found() {
        assert_eq!(count("a.rs", "fn f() { todo!() }"), 1);
        assert_eq!(count("a.rs", "fn f() { unimplemented!(\"x\") }"), 1);
        assert_eq!(count("a.rs", "#[test]\n#[ignore]\nfn f() { dbg!(1); }"), 2);
        assert_eq!(count("frontend/tests/a.js", "  test.skip('x', f);\n"), 1);
        assert_eq!(count("python/tests/a.py", "@pytest.mark.skip\n"), 1);
    }

    #[test]
    fn finished_code_and_words_about_stubs_pass() {
        assert_eq!(
            count("a.rs", "/// No `todo!()` here.\nfn f() { g(); } // dbg!(x)"),
            0
        );
        assert_eq!(count("frontend/tests/a.js", "test('x', f);\n"), 0);
    }
}
