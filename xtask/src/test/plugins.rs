//! Published plugins, installed as users install them, each seen at work (`compat/published`).
//!
//! They live in an environment of their own below the target folder, which is kept between runs.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::debian;
use super::run::Site;
use crate::program;

/// What is installed, each in one release.
const PLUGINS: &str = "compat/published/requirements.txt";
/// Where programs of this project read which environment is meant.
const PLACE: &str = "DATASETTE_VENV";

/// Installs the plugins with this server binary, and plays their cases against it.
pub(crate) fn run(site: &Site, server: &Path, comparison: &Path) -> Result<()> {
    let environment = site.workspace.target.join("tools").join("plugins");
    install(site, server, &environment)?;
    program::run(
        Command::new(comparison)
            .args(["plugins", "--environment"])
            .arg(&environment)
            .current_dir(&site.root)
            .env("DATASETTE_BINARY", server),
    )
}

/// What is there already is left as it is; the package that comes with the server is renewed.
fn install(site: &Site, server: &Path, environment: &Path) -> Result<()> {
    if !program::is_installed("python3") {
        debian::install("plugins", &["python3", "python3-venv"])?;
    }
    let mut install = Command::new(server);
    install
        .args(["install", "--requirement"])
        .arg(list(site))
        .current_dir(&site.root)
        .env(PLACE, environment)
        .env("PIP_QUIET", "1")
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    for other in ["VIRTUAL_ENV", "DATASETTE_PYTHON", "PYTHONPATH"] {
        install.env_remove(other);
    }
    if program::run(&mut install).is_ok() {
        return Ok(());
    }
    // Debian has the module that makes environments in a package of its own.
    debian::install("plugins", &["python3-venv"])?;
    program::run(&mut install).context("the plugins could not be installed")
}

fn list(site: &Site) -> PathBuf {
    site.root.join(PLUGINS)
}
