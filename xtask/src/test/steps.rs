//! The steps of `cargo xtask test`, cheapest first.
//!
//! Everything runs in the debug profile and from one build of the whole workspace, so that no
//! crate is compiled twice.

use anyhow::Result;

use super::browser;
use super::run::{Site, Step};
use super::tool;
use crate::program::{self, cargo};
use crate::{check, workspace::Workspace};

/// The package and the binary that users run.
const SERVER: &str = "datasette";

/// In the order in which they run.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "format",
        what: "the sources are formatted",
        run: |site| program::run(cargo(&site.root).args(["fmt", "--all", "--check"])),
    },
    Step {
        name: "clippy",
        what: "the compiler and clippy have nothing to say",
        run: |site| {
            program::run(cargo(&site.root).args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--quiet",
                "--",
                "--deny",
                "warnings",
            ]))
        },
    },
    Step {
        name: "build",
        what: "everything is built once, for all steps that follow",
        run: |site| program::run(cargo(&site.root).args(["build", "--workspace", "--all-targets"])),
    },
    Step {
        name: "check",
        what: "the house rules hold",
        run: |site| {
            check::run(&check::Arguments {
                binary: Some(server(&site.workspace)),
                ..check::Arguments::default()
            })
        },
    },
    Step {
        name: "unit",
        what: "tests inside and beside the crates",
        run: unit,
    },
    Step {
        name: "doc",
        what: "examples in the documentation of the crates",
        run: |site| {
            program::run(cargo(&site.root).args(["test", "--workspace", "--doc", "--quiet"]))
        },
    },
    Step {
        name: "deny",
        what: "licences and sources of the libraries, and who may name them",
        run: |site| {
            let tool = tool::DENY.installed(site)?;
            program::run(
                cargo(&site.root)
                    .env("PATH", tool::path_with(&tool)?)
                    .args([
                        "deny",
                        "--workspace",
                        "check",
                        "bans",
                        "licenses",
                        "sources",
                    ]),
            )
        },
    },
    Step {
        name: "compat",
        what: "answers are the recorded answers of the original",
        run: |site| {
            program::run(
                cargo(&site.root)
                    .args([
                        "run",
                        "--quiet",
                        "--package",
                        "datasette-compat",
                        "--",
                        "replay",
                    ])
                    .env("DATASETTE_BINARY", server(&site.workspace)),
            )
        },
    },
    Step {
        name: "browser",
        what: "the pages work in a real browser",
        run: |site| browser::run(site, &server(&site.workspace)),
    },
];

fn server(workspace: &Workspace) -> std::path::PathBuf {
    workspace.debug_binary(SERVER)
}

/// Runs the tests with nextest; where it cannot be installed, with cargo's own runner.
fn unit(site: &Site) -> Result<()> {
    match tool::NEXTEST.installed(site) {
        Ok(tool) => program::run(
            cargo(&site.root)
                .env("PATH", tool::path_with(&tool)?)
                .args(["nextest", "run", "--workspace"]),
        ),
        Err(error) => {
            println!("nextest cannot be installed ({error:#}); running the tests without it");
            program::run(cargo(&site.root).args([
                "test",
                "--workspace",
                "--all-targets",
                "--quiet",
            ]))
        }
    }
}
