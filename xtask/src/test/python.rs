//! The tests of the Python package that plugins import: its style, its types, its behaviour.
//!
//! They run in an environment of their own below the target folder, which is made anew when the
//! list of its packages changes.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::debian;
use super::run::Site;
use crate::program;

/// Where the package and its tests lie.
const ROOM: &str = "python";
/// What the package and its tests need, each in one release.
const PACKAGES: &str = "python/test-requirements.txt";

/// Makes the environment when it is not there, and runs everything in it. `server` is the program that
/// sites of tests run in.
pub(crate) fn run(site: &Site, server: &Path) -> Result<()> {
    let environment = environment(site)?;
    let room = site.root.join(ROOM);
    for (tool, arguments) in [
        ("ruff", &["format", "--check", "--quiet"][..]),
        ("ruff", &["check", "--quiet"]),
        ("mypy", &["datasette"]),
        ("pytest", &[]),
    ] {
        program::run(
            Command::new(environment.join("bin").join(tool))
                .args(arguments)
                .current_dir(&room)
                .env("RUFF_CACHE_DIR", environment.join("ruff"))
                .env("MYPY_CACHE_DIR", environment.join("mypy"))
                .env("DATASETTE_BINARY", server)
                .env("PYTHONDONTWRITEBYTECODE", "1"),
        )?;
    }
    Ok(())
}

/// The folder of the environment. Tests that run plugins use its interpreter, too.
pub(super) fn environment(site: &Site) -> Result<PathBuf> {
    let folder = site.workspace.target.join("tools").join("python");
    let list = site.root.join(PACKAGES);
    let wanted = read(&list)?;
    let note = folder.join("installed.txt");
    if note.is_file() && read(&note)? == wanted {
        return Ok(folder);
    }
    if !program::is_installed("python3") {
        debian::install(
            "the tests of the Python package",
            &["python3", "python3-venv"],
        )?;
    }
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(&folder);
    if program::run(&mut make).is_err() {
        // Debian has the module in a package of its own.
        debian::install("the tests of the Python package", &["python3-venv"])?;
        program::run(&mut make)?;
    }
    program::run(
        Command::new(folder.join("bin").join("python"))
            .args(["-m", "pip", "install", "--quiet"])
            .args(["--disable-pip-version-check", "--requirement"])
            .arg(&list),
    )
    .context("what the tests of the Python package need could not be installed")?;
    std::fs::write(&note, wanted).with_context(|| format!("could not write {}", note.display()))?;
    Ok(folder)
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))
}
