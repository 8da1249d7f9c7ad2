//! Rule `promises`: a library that belongs to one room is named by no other.

use super::architecture::{self, Promise};
use super::finding::Finding;
use crate::workspace::{Kind, Workspace};

/// Compares the promises with the manifests. Dev-dependencies are free: a test may look at a
/// result with another library.
pub(crate) fn check(promises: &[Promise], workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for promise in promises {
        for package in &workspace.packages {
            let names_it = package.dependencies.iter().any(|dependency| {
                dependency.name == promise.library && dependency.kind != Kind::Dev
            });
            if names_it && !promise.rooms.contains(&package.folder) {
                findings.push(Finding::at(
                    &format!("{}/Cargo.toml", package.folder),
                    format!("names {}", promise.library),
                    format!(
                        "go through {}, which keeps {} behind its own types",
                        promise.rooms.first().map_or("nobody", String::as_str),
                        promise.library
                    ),
                ));
            }
        }
        for room in &promise.rooms {
            if !workspace
                .packages
                .iter()
                .any(|package| package.folder == *room)
            {
                findings.push(Finding::at(
                    architecture::PATH,
                    format!(
                        "the promise about {} names `{room}`, which is not in the workspace",
                        promise.library
                    ),
                    "delete the name",
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::samples::{package, workspace};

    fn promise() -> Vec<Promise> {
        vec![Promise {
            library: "rusqlite".to_owned(),
            rooms: vec!["crates/sqlite".to_owned()],
        }]
    }

    #[test]
    fn the_promised_room_and_tests_may() {
        let workspace = workspace(vec![
            package(
                "datasette-sqlite",
                "crates/sqlite",
                &[("rusqlite", Kind::Normal)],
            ),
            package(
                "datasette-query",
                "crates/query",
                &[("rusqlite", Kind::Dev)],
            ),
        ]);
        assert_eq!(check(&promise(), &workspace), []);
    }

    #[test]
    fn no_other_room_may() {
        let workspace = workspace(vec![
            package("datasette-sqlite", "crates/sqlite", &[]),
            package(
                "datasette-query",
                "crates/query",
                &[("rusqlite", Kind::Build)],
            ),
        ]);
        let findings = check(&promise(), &workspace);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path, "crates/query/Cargo.toml");
    }

    #[test]
    fn a_promise_about_a_room_that_is_gone_is_found() {
        assert_eq!(check(&promise(), &workspace(Vec::new())).len(), 1);
    }
}
