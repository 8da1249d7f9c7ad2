//! The repository as the checks see it: every text file that is tracked or about to be.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// One text file: its path from the repository's root, with `/` between the parts, and its text.
#[derive(Clone, Debug)]
pub(crate) struct TextFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl TextFile {
    /// The part of the name after its last dot, or nothing.
    pub(crate) fn extension(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// Whether the file lies in this folder, given without a final slash.
    pub(crate) fn is_under(&self, folder: &str) -> bool {
        is_under(&self.path, folder)
    }

    /// The lines with their numbers, counted from 1.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }
}

/// Whether a path lies in this folder, given without a final slash.
pub(crate) fn is_under(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.starts_with('/'))
}

/// The files of the repository. Files that are not UTF-8 are known by path only.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) paths: Vec<String>,
    pub(crate) texts: Vec<TextFile>,
}

impl Tree {
    /// Reads what git tracks, and what it would track if asked to add everything.
    pub(crate) fn read(root: &Path) -> Result<Tree> {
        let listing = Command::new("git")
            .args([
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .current_dir(root)
            .output()
            .context("git could not be started")?;
        if !listing.status.success() {
            bail!("git ls-files: {}", String::from_utf8_lossy(&listing.stderr));
        }
        let mut paths: Vec<String> = String::from_utf8_lossy(&listing.stdout)
            .split('\0')
            .filter(|path| !path.is_empty())
            .map(str::to_owned)
            .collect();
        paths.sort();
        paths.dedup();
        let mut tree = Tree::default();
        for path in paths {
            // A file that was deleted but is still in the index is no longer part of the house.
            let Ok(bytes) = std::fs::read(root.join(&path)) else {
                continue;
            };
            if let Ok(text) = String::from_utf8(bytes)
                && !text.contains('\0')
            {
                tree.texts.push(TextFile {
                    path: path.clone(),
                    text,
                });
            }
            tree.paths.push(path);
        }
        Ok(tree)
    }

    /// A tree made of samples, for the tests of the rules.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::default();
        for (path, text) in files {
            tree.paths.push((*path).to_owned());
            tree.texts.push(TextFile {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
            });
        }
        tree
    }

    /// The text of one file.
    pub(crate) fn text(&self, path: &str) -> Option<&TextFile> {
        self.texts.iter().find(|file| file.path == path)
    }

    /// Whether this path is a file of the tree or a folder with files in it.
    pub(crate) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.paths
            .iter()
            .any(|known| known == path || is_under(known, path))
    }

    /// Files with one of these extensions.
    pub(crate) fn with_extension<'a>(
        &'a self,
        extensions: &'a [&str],
    ) -> impl Iterator<Item = &'a TextFile> {
        self.texts
            .iter()
            .filter(move |file| extensions.contains(&file.extension()))
    }
}

/// The repository's root: the folder above this crate.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
