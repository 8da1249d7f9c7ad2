//! Rule `whitespace`: no line ends in blanks, and a file ends with one newline.

use super::finding::Finding;
use crate::tree::Tree;

/// Recorded answers of the original are kept byte for byte.
const RECORDED: &str = "compat/goldens";

/// Lines that end in blanks, carriage returns, and files without a last newline.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.texts.iter().filter(|file| !file.is_under(RECORDED)) {
        for (index, text) in file.text.split('\n').enumerate() {
            if text.ends_with([' ', '\t', '\r']) {
                findings.push(Finding::on(
                    file,
                    index + 1,
                    "ends in white space",
                    "delete the blanks at the end",
                ));
            }
        }
        if !file.text.is_empty() && (!file.text.ends_with('\n') || file.text.ends_with("\n\n")) {
            findings.push(Finding::at(
                &file.path,
                "does not end with exactly one newline",
                "end the last line once",
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn blanks_at_the_end_are_found() {
        assert_eq!(count("a.md", "one \ntwo\t\nthree\n"), 2);
        assert_eq!(count("a.md", "one\r\n"), 1);
        assert_eq!(count("a.md", "one"), 1);
        assert_eq!(count("a.md", "one\n\n"), 1);
    }

    #[test]
    fn clean_files_and_recorded_answers_pass() {
        assert_eq!(count("a.md", "one\n\ntwo\n"), 0);
        assert_eq!(count("a.md", ""), 0);
        assert_eq!(count("compat/goldens/a.csv", "one \r\n"), 0);
    }
}
