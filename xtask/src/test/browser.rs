//! The browser tests: Node runs them, Chromium shows the pages, the debug build serves them;
//! Python makes their database.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::debian;
use super::run::Site;
use crate::program;

/// Where the list of their packages lies; the tests are a folder below.
const ROOM: &str = "frontend";

/// A program the tests need, and the Debian package that brings it.
struct Need {
    programs: &'static [&'static str],
    package: &'static str,
}

const NEEDS: [Need; 4] = [
    Need {
        programs: &["node"],
        package: "nodejs",
    },
    Need {
        programs: &["npm"],
        package: "npm",
    },
    Need {
        programs: &["python3"],
        package: "python3",
    },
    Need {
        programs: &["chromium", "chromium-browser", "google-chrome"],
        package: "chromium",
    },
];

/// Installs what is missing and runs the tests against this server binary.
pub(crate) fn run(site: &Site, server: &Path) -> Result<()> {
    let folder = site.root.join(ROOM);
    if !folder.join("package.json").is_file() {
        bail!("{ROOM}/package.json is missing");
    }
    let missing: Vec<&str> = NEEDS
        .iter()
        .filter(|need| !need.programs.iter().any(|name| program::is_installed(name)))
        .map(|need| need.package)
        .collect();
    if !missing.is_empty() {
        debian::install("the browser tests", &missing)?;
    }
    program::run(npm(&folder).args(["ci", "--no-audit", "--no-fund"]))
        .context("the packages of the browser tests could not be installed")?;
    program::run(npm(&folder).arg("test").env("DATASETTE_BINARY", server))
}

fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder);
    command
}
