//! `cargo xtask gen`: references written from the program itself, and the check that they are fresh.

mod command_line;
mod configuration;
mod settings;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::check::Finding;
use crate::tree::Tree;
use crate::workspace::Workspace;
use crate::{program, tree};

/// What can be asked of `gen`.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Write nothing; fail when a reference is stale.
    #[arg(long)]
    check: bool,
    /// The built binary whose help is read; without it the debug build is made first.
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
}

/// One generated document: where it lies, and what it has to say or why that is not known.
struct Document {
    path: &'static str,
    text: Result<String>,
}

/// Writes the references, or compares them.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let root = tree::root();
    let workspace = Workspace::read(&root)?;
    if arguments.check {
        let findings = findings(&Tree::read(&root)?, &workspace, arguments.binary.as_deref());
        for finding in &findings {
            println!("{finding}");
        }
        if !findings.is_empty() {
            bail!("{} references are stale", findings.len());
        }
        return Ok(());
    }
    let mut failures = 0;
    for document in documents(&workspace, arguments.binary.as_deref()) {
        match &document.text {
            Ok(text) => write(&root, document.path, text)?,
            Err(error) => {
                println!("failed: {}: {error:#}", document.path);
                failures += 1;
            }
        }
    }
    if failures > 0 {
        bail!("{failures} references could not be written");
    }
    Ok(())
}

fn write(root: &Path, path: &str, text: &str) -> Result<()> {
    let place = root.join(path);
    let folder = place.parent().context("a document lies in a folder")?;
    fs::create_dir_all(folder)?;
    if fs::read_to_string(&place).is_ok_and(|known| known == text) {
        println!("is fresh: {path}");
    } else {
        fs::write(&place, text)?;
        println!("written: {path}");
    }
    Ok(())
}

/// The references that do not say what the program says.
pub(crate) fn findings(tree: &Tree, workspace: &Workspace, binary: Option<&Path>) -> Vec<Finding> {
    stale(tree, &documents(workspace, binary))
}

fn stale(tree: &Tree, documents: &[Document]) -> Vec<Finding> {
    documents
        .iter()
        .filter_map(|document| match &document.text {
            Err(error) => Some(Finding::at(
                document.path,
                format!("cannot be written: {error:#}"),
                "make the program say it",
            )),
            Ok(text) => {
                let is_fresh = tree
                    .text(document.path)
                    .is_some_and(|known| known.text == *text);
                (!is_fresh).then(|| Finding::at(document.path, "is stale", "run `cargo xtask gen`"))
            }
        })
        .collect()
}

fn documents(workspace: &Workspace, binary: Option<&Path>) -> Vec<Document> {
    vec![
        Document {
            path: "docs/reference/settings.md",
            text: Ok(settings::reference()),
        },
        Document {
            path: "docs/reference/configuration.md",
            text: Ok(configuration::reference()),
        },
        Document {
            path: "docs/reference/cli.md",
            text: built(workspace, binary).and_then(|binary| {
                command_line::reference(|words| command_line::help(&binary, words))
            }),
        },
    ]
}

/// The binary that was given, or a fresh debug build.
fn built(workspace: &Workspace, binary: Option<&Path>) -> Result<PathBuf> {
    if let Some(path) = binary {
        return Ok(path.to_path_buf());
    }
    let mut build = program::cargo(&tree::root());
    program::run(build.args(["build", "--quiet", "--package", "datasette"]))?;
    Ok(workspace.debug_binary("datasette"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> [Document; 1] {
        [Document {
            path: "docs/reference/a.md",
            text: Ok("new\n".to_owned()),
        }]
    }

    #[test]
    fn a_fresh_reference_passes() {
        let tree = Tree::of(&[("docs/reference/a.md", "new\n")]);
        assert!(stale(&tree, &document()).is_empty());
    }

    #[test]
    fn a_stale_or_missing_reference_is_found() {
        let tree = Tree::of(&[("docs/reference/a.md", "old\n")]);
        assert_eq!(stale(&tree, &document()).len(), 1);
        assert_eq!(stale(&Tree::default(), &document()).len(), 1);
    }

    #[test]
    fn a_reference_that_cannot_be_written_is_found() {
        let silent = Document {
            path: "docs/reference/a.md",
            text: Err(anyhow::anyhow!("says nothing")),
        };
        assert_eq!(stale(&Tree::default(), &[silent]).len(), 1);
    }
}
