//! Rule `arrows`: a crate uses only the crates that ARCHITECTURE.md lets it use.

use super::architecture::{self, Arrow};
use super::finding::Finding;
use crate::workspace::{Kind, Package, Workspace};

/// The crate that only tests may use.
const TESTKIT: &str = "datasette-testkit";

/// Compares the listed arrows with what the manifests say. Dev-dependencies are free.
pub(crate) fn check(arrows: &[Arrow], workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &workspace.packages {
        match arrows.iter().find(|arrow| arrow.from == package.folder) {
            Some(arrow) => findings.extend(unlisted(package, arrow, workspace)),
            None => findings.push(Finding::at(
                architecture::PATH,
                format!("the arrows do not name `{}`", package.folder),
                "add a line for it to the arrows, with one sentence on why it is a crate of its own",
            )),
        }
    }
    for arrow in arrows {
        for folder in std::iter::once(&arrow.from).chain(&arrow.to) {
            if !workspace
                .packages
                .iter()
                .any(|package| package.folder == *folder)
            {
                findings.push(Finding::at(
                    architecture::PATH,
                    format!("the arrows name `{folder}`, which is not in the workspace"),
                    "delete the name, or write the crate",
                ));
            }
        }
    }
    findings
}

fn unlisted(package: &Package, arrow: &Arrow, workspace: &Workspace) -> Vec<Finding> {
    let manifest = format!("{}/Cargo.toml", package.folder);
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind != Kind::Dev)
        .filter_map(|dependency| workspace.package(&dependency.name))
        .filter_map(|used| {
            if used.name == TESTKIT {
                return Some(Finding::at(
                    &manifest,
                    format!("{TESTKIT} is a normal dependency"),
                    "move it to [dev-dependencies]; nothing users run may contain the test world",
                ));
            }
            (!arrow.to.contains(&used.folder)).then(|| {
                Finding::at(
                    &manifest,
                    format!("no arrow leads from {} to {}", package.folder, used.folder),
                    format!(
                        "move what is shared to a crate both may use, or pass it in; change the arrows in {} only with its reason",
                        architecture::PATH
                    ),
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::samples::{package, workspace};

    fn arrow(from: &str, to: &[&str]) -> Arrow {
        Arrow {
            from: from.to_owned(),
            to: to.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn listed_arrows_and_free_test_dependencies_pass() {
        let workspace = workspace(vec![
            package("datasette-core", "crates/core", &[]),
            package(
                "datasette-testkit",
                "crates/testkit",
                &[("datasette-core", Kind::Normal)],
            ),
            package(
                "datasette-query",
                "crates/query",
                &[
                    ("datasette-core", Kind::Normal),
                    ("datasette-testkit", Kind::Dev),
                    ("serde", Kind::Normal),
                ],
            ),
        ]);
        let arrows = [
            arrow("crates/core", &[]),
            arrow("crates/testkit", &["crates/core"]),
            arrow("crates/query", &["crates/core"]),
        ];
        assert_eq!(check(&arrows, &workspace), []);
    }

    #[test]
    fn an_unlisted_arrow_a_missing_crate_and_the_test_world_are_found() {
        let workspace = workspace(vec![
            package(
                "datasette-core",
                "crates/core",
                &[("datasette-query", Kind::Build)],
            ),
            package("datasette-testkit", "crates/testkit", &[]),
            package(
                "datasette-query",
                "crates/query",
                &[("datasette-testkit", Kind::Normal)],
            ),
            package("datasette-web", "crates/web", &[]),
        ]);
        let arrows = [
            arrow("crates/core", &[]),
            arrow("crates/testkit", &[]),
            arrow("crates/query", &["crates/core", "crates/gone"]),
        ];
        let whats: Vec<String> = check(&arrows, &workspace)
            .into_iter()
            .map(|finding| finding.what)
            .collect();
        assert_eq!(
            whats,
            [
                "no arrow leads from crates/core to crates/query",
                "datasette-testkit is a normal dependency",
                "the arrows do not name `crates/web`",
                "the arrows name `crates/gone`, which is not in the workspace",
            ]
        );
    }
}
