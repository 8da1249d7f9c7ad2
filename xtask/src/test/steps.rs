//! The steps of `cargo xtask test`, cheapest first.
//!
//! Everything runs in the debug profile and from one build of the whole workspace, so that no
//! crate is compiled twice.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::run::{Site, Step};
use super::tool;
use super::{browser, debian, plugins, proxies, python};
use crate::check;
use crate::program::{self, cargo};

/// The binary that users run.
const SERVER: &str = "datasette";
/// The binary that compares it with the original.
const COMPARISON: &str = "datasette-compat";

/// Names the interpreter that plugins of tests run with.
const PYTHON: &str = "DATASETTE_TEST_PYTHON";

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
            program::run(
                cargo(&site.root)
                    .args([
                        "clippy",
                        "--workspace",
                        "--all-targets",
                        "--quiet",
                        "--keep-going",
                    ])
                    .args(["--", "--deny", "warnings"]),
            )
        },
    },
    Step {
        name: "build",
        what: "everything is built once, for all steps that follow",
        run: build,
    },
    Step {
        name: "check",
        what: "the house rules hold",
        run: |site| {
            check::run(&check::Arguments {
                binary: Some(built(site, SERVER)?),
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
        name: "python",
        what: "the package that plugins import: style, types, tests",
        run: |site| python::run(site, &built(site, SERVER)?),
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
            let python = python::environment(site)?.join("bin").join("python");
            program::run(
                Command::new(built(site, COMPARISON)?)
                    .args(["replay", "--python"])
                    .arg(python)
                    .current_dir(&site.root)
                    .env("DATASETTE_BINARY", built(site, SERVER)?),
            )
        },
    },
    Step {
        name: "plugins",
        what: "published plugins work, installed as users install them",
        run: |site| plugins::run(site, &built(site, SERVER)?, &built(site, COMPARISON)?),
    },
    Step {
        name: "browser",
        what: "the pages work in a real browser",
        run: |site| browser::run(site, &built(site, SERVER)?),
    },
    Step {
        name: "proxies",
        what: "nginx, Apache and HAProxy pass everything on, configured as the guide says",
        run: |site| proxies::run(site, || built(site, SERVER)),
    },
];

/// Where the server finds SpatiaLite, as far as this command can install it.
const SPATIALITE: [&str; 2] = [
    "/usr/lib/x86_64-linux-gnu/mod_spatialite.so",
    "/usr/local/lib/mod_spatialite.so",
];

/// Builds everything the way the tests want it, so that later steps find it done.
fn build(site: &Site) -> Result<()> {
    program::run(cargo(&site.root).args(["build", "--workspace", "--all-targets", "--quiet"]))
}

/// A binary of that build. Nothing is built when it is fresh.
fn built(site: &Site, name: &str) -> Result<PathBuf> {
    build(site)?;
    Ok(site.workspace.debug_binary(name))
}

/// Runs the tests with nextest; where it cannot be installed, with cargo's own runner.
fn unit(site: &Site) -> Result<()> {
    if !SPATIALITE.iter().any(|path| Path::new(path).exists())
        && let Err(error) =
            debian::install("the tests of SpatiaLite", &["libsqlite3-mod-spatialite"])
    {
        println!("SpatiaLite is missing, and what it can do is not tested: {error:#}");
    }
    let python = python::environment(site)?.join("bin").join("python");
    match tool::NEXTEST.installed(site) {
        Ok(tool) => program::run(
            cargo(&site.root)
                .env("PATH", tool::path_with(&tool)?)
                .env(PYTHON, python)
                .args(["nextest", "run", "--workspace"]),
        ),
        Err(error) => {
            println!("nextest cannot be installed ({error:#}); running the tests without it");
            program::run(cargo(&site.root).env(PYTHON, python).args([
                "test",
                "--workspace",
                "--all-targets",
                "--quiet",
            ]))
        }
    }
}
