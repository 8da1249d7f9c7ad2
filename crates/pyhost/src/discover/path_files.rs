//! Folders that `.pth` files add, and where packages in development really are.
//!
//! Read are lines that name a folder, and the table of modules in the finders that setuptools
//! writes for editable installs. Not read are other lines with code (`import ...`): only Python
//! knows what they do. A plugin is found all the same, since its distribution is in the folder of
//! packages; what can be missed is where its module is, and with it static files and templates.

use std::fs;
use std::path::{Path, PathBuf};

/// What the files of one folder add.
#[derive(Debug, Default)]
pub(super) struct Additions {
    /// Further folders with packages, in order.
    pub(super) folders: Vec<PathBuf>,
    /// Modules with their folders or files.
    pub(super) modules: Vec<(String, PathBuf)>,
}

impl Additions {
    /// Reads the files of that name in a folder of packages.
    pub(super) fn read(folder: &Path, files: &[String]) -> Self {
        let mut additions = Self::default();
        for file in files {
            let Ok(text) = fs::read(folder.join(file)) else {
                continue;
            };
            for line in String::from_utf8_lossy(&text).lines() {
                additions.take(folder, line.trim_end());
            }
        }
        additions
    }

    fn take(&mut self, folder: &Path, line: &str) {
        if line.starts_with('#') || line.trim().is_empty() {
            return;
        }
        if let Some(code) = line.strip_prefix("import ") {
            let module = code.split([';', ' ', ',']).next().unwrap_or_default();
            if module.starts_with("__editable__") && !module.contains(['/', '.']) {
                let finder = fs::read_to_string(folder.join(format!("{module}.py")));
                self.modules.extend(mapping(&finder.unwrap_or_default()));
            }
            return;
        }
        let added = folder.join(line);
        let known = added == folder || self.folders.contains(&added);
        if !known && !line.starts_with("import\t") && added.is_dir() {
            self.folders.push(added);
        }
    }
}

/// The table `MAPPING: dict[str, str] = {'module': '/folder', ...}` of a finder. Texts are read as
/// Python writes them; a table that is written in another way gives nothing.
fn mapping(finder: &str) -> Vec<(String, PathBuf)> {
    let line = finder.lines().find(|line| line.starts_with("MAPPING"));
    let table = line.and_then(|line| line.split_once('{'));
    let Some((_, mut rest)) = table else {
        return Vec::new();
    };
    let mut modules = Vec::new();
    while let Some((name, after)) = quoted(rest) {
        let value = after.trim_start().strip_prefix(':').and_then(quoted);
        let Some((path, after)) = value else {
            break;
        };
        modules.push((name, PathBuf::from(path)));
        rest = after.trim_start().trim_start_matches(',');
    }
    modules
}

/// A text in quotes at the start, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|it| matches!(it, '\'' | '"'))?;
    let mut read = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((place, character)) = characters.next() {
        match character {
            '\\' => read.push(match characters.next()?.1 {
                plain @ ('\\' | '\'' | '"') => plain,
                // A character by its number: no folder that people name.
                _ => return None,
            }),
            end if end == quote => return Some((read, &text[place + 1..])),
            other => read.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_finders_are_read() {
        let finder = "import sys\nfrom pathlib import Path\n\n\
                      MAPPING: dict[str, str] = {'a': '/src/a', \"b\": '/it\\'s/C:\\\\b'}\n\
                      NAMESPACES: dict[str, list[str]] = {}\n";
        let expected = [("a", "/src/a"), ("b", "/it's/C:\\b")];
        let expected = expected.map(|(name, path)| (name.to_owned(), PathBuf::from(path)));
        assert_eq!(mapping(finder), expected);
        for odd in [
            "",
            "MAPPING = {}",
            "MAPPING = {'a': f()}",
            "MAPPING = {'a",
            "MAPPING",
        ] {
            assert_eq!(mapping(odd), [], "{odd}");
        }
    }
}
