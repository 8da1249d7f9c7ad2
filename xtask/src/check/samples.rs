//! Small workspaces and files for the tests of the rules.

use std::path::PathBuf;

use crate::workspace::{Dependency, Kind, Package, Workspace};

pub(super) fn package(name: &str, folder: &str, dependencies: &[(&str, Kind)]) -> Package {
    Package {
        name: name.to_owned(),
        folder: folder.to_owned(),
        dependencies: dependencies
            .iter()
            .map(|(name, kind)| Dependency {
                name: (*name).to_owned(),
                kind: *kind,
            })
            .collect(),
    }
}

pub(super) fn workspace(packages: Vec<Package>) -> Workspace {
    Workspace {
        packages,
        target: PathBuf::from("target"),
    }
}
