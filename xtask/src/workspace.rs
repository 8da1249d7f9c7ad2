//! The workspace as cargo describes it: packages, their folders, their dependencies.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::program;

/// When a dependency is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Normal,
    Build,
    Dev,
}

/// One line of a package's dependencies.
#[derive(Clone, Debug)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// One member of the workspace; `folder` is its path from the root.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) folder: String,
    pub(crate) dependencies: Vec<Dependency>,
}

/// The members, and where cargo puts what it builds.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    pub(crate) packages: Vec<Package>,
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Asks `cargo metadata`.
    pub(crate) fn read(root: &Path) -> Result<Workspace> {
        let text = program::output_of(program::cargo(root).args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
        ]))?;
        Workspace::parse(&text)
    }

    /// Reads the document that `cargo metadata --no-deps` prints.
    pub(crate) fn parse(text: &str) -> Result<Workspace> {
        let document: Value =
            serde_json::from_str(text).context("cargo metadata printed no JSON")?;
        let root = document["workspace_root"].as_str().unwrap_or_default();
        let packages = document["packages"]
            .as_array()
            .context("cargo metadata names no packages")?
            .iter()
            .map(|package| read_package(root, package))
            .collect();
        let target = document["target_directory"]
            .as_str()
            .context("cargo metadata names no target directory")?;
        Ok(Workspace {
            packages,
            target: PathBuf::from(target),
        })
    }

    /// The member with this package name.
    pub(crate) fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }

    /// Where the debug build of a binary lies.
    pub(crate) fn debug_binary(&self, name: &str) -> PathBuf {
        self.target
            .join("debug")
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// Where the release build of a binary lies.
    pub(crate) fn release_binary(&self, name: &str) -> PathBuf {
        self.target
            .join("release")
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}

fn read_package(root: &str, package: &Value) -> Package {
    let manifest = package["manifest_path"].as_str().unwrap_or_default();
    let folder = manifest
        .strip_prefix(root)
        .unwrap_or(manifest)
        .trim_start_matches(['/', '\\'])
        .trim_end_matches("Cargo.toml")
        .trim_end_matches(['/', '\\'])
        .replace('\\', "/");
    let dependencies = package["dependencies"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|dependency| Dependency {
            name: dependency["name"].as_str().unwrap_or_default().to_owned(),
            kind: match dependency["kind"].as_str() {
                Some("dev") => Kind::Dev,
                Some("build") => Kind::Build,
                _ => Kind::Normal,
            },
        })
        .collect();
    Package {
        name: package["name"].as_str().unwrap_or_default().to_owned(),
        folder,
        dependencies,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_becomes_folders_names_and_kinds() {
        let text = r#"{"workspace_root": "/somewhere", "target_directory": "/somewhere/target",
            "packages": [{"name": "datasette-query", "manifest_path": "/somewhere/crates/query/Cargo.toml",
              "dependencies": [{"name": "datasette-core", "kind": null}, {"name": "proptest", "kind": "dev"}]}]}"#;
        let workspace = Workspace::parse(text).unwrap();
        let query = workspace.package("datasette-query").unwrap();
        assert_eq!(query.folder, "crates/query");
        assert_eq!(query.dependencies[0].kind, Kind::Normal);
        assert_eq!(query.dependencies[1].kind, Kind::Dev);
        assert!(
            workspace
                .debug_binary("datasette")
                .starts_with("/somewhere/target/debug")
        );
    }
}
