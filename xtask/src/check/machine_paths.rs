//! Rule `machine-paths`: the repository knows no folder of anybody's machine.

use super::finding::Finding;
use crate::tree::Tree;

/// Folders that exist on one machine and not on the next. The sources of this rule are excused
/// in the list of exceptions.
const FOLDERS: [&str; 8] = [
    "/work/",
    "/tmp/",
    "/root/",
    "/home/",
    "/opt/",
    "/Users/",
    "/var/folders/",
    "/private/",
];

/// Absolute paths of machines in text files.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.texts {
        for (line, text) in file.numbered() {
            if let Some(folder) = FOLDERS.iter().find(|folder| names_folder(text, folder)) {
                findings.push(Finding::on(
                    file,
                    line,
                    format!("names a path below {folder}"),
                    "use a path relative to the repository, or a temporary folder made by the test",
                ));
            }
        }
    }
    findings
}

/// Whether the folder stands in the text as an absolute path, not as the tail of a longer one.
fn names_folder(text: &str, folder: &str) -> bool {
    text.match_indices(folder).any(|(at, _)| {
        text[..at]
            .chars()
            .next_back()
            .is_none_or(|before| !before.is_alphanumeric() && !"._-~/*}>)".contains(before))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        check(&Tree::of(&[("docs/a.md", text)])).len()
    }

    #[test]
    fn absolute_paths_are_found() {
        assert_eq!(count("let path = \"/home/me/data.db\";"), 1);
        assert_eq!(count("cd /tmp/x && ls\nok\n/root/y"), 2);
    }

    #[test]
    fn tails_of_longer_paths_and_urls_pass() {
        assert_eq!(
            count("examples/home/ and compat/work/ and https://example.com/home/x"),
            0
        );
        assert_eq!(count("the folder ./tmp/ is made by the test"), 0);
    }
}
