//! `cargo xtask gen`: references written from the program itself, and the check that they are fresh.

mod command_line;
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

/// One generated document: where it lies and what it has to say.
struct Document {
    path: &'static str,
    text: String,
}

/// Writes the references, or compares them.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let root = tree::root();
    let workspace = Workspace::read(&root)?;
    if arguments.check {
        let findings = findings(&Tree::read(&root)?, &workspace, arguments.binary.as_deref())?;
        for finding in &findings {
            println!("{finding}");
        }
        if !findings.is_empty() {
            bail!("{} references are stale", findings.len());
        }
        return Ok(());
    }
    for document in documents(&workspace, arguments.binary.as_deref())? {
        let path = root.join(document.path);
        let folder = path.parent().context("a document lies in a folder")?;
        fs::create_dir_all(folder)?;
        if fs::read_to_string(&path).is_ok_and(|known| known == document.text) {
            println!("is fresh: {}", document.path);
        } else {
            fs::write(&path, &document.text)?;
            println!("written: {}", document.path);
        }
    }
    Ok(())
}

/// The references that do not say what the program says.
pub(crate) fn findings(
    tree: &Tree,
    workspace: &Workspace,
    binary: Option<&Path>,
) -> Result<Vec<Finding>> {
    Ok(stale(tree, &documents(workspace, binary)?))
}

fn stale(tree: &Tree, documents: &[Document]) -> Vec<Finding> {
    documents
        .iter()
        .filter(|document| {
            tree.text(document.path)
                .is_none_or(|known| known.text != document.text)
        })
        .map(|document| Finding::at(document.path, "is stale", "run `cargo xtask gen`"))
        .collect()
}

fn documents(workspace: &Workspace, binary: Option<&Path>) -> Result<Vec<Document>> {
    let binary = match binary {
        Some(path) => path.to_path_buf(),
        None => {
            program::run(program::cargo(&tree::root()).args([
                "build",
                "--quiet",
                "--package",
                "datasette",
            ]))?;
            workspace.debug_binary("datasette")
        }
    };
    Ok(vec![
        Document {
            path: "docs/reference/settings.md",
            text: settings::reference(),
        },
        Document {
            path: "docs/reference/cli.md",
            text: command_line::reference(|words| command_line::help(&binary, words))?,
        },
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> [Document; 1] {
        [Document {
            path: "docs/reference/a.md",
            text: "new\n".to_owned(),
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
}
