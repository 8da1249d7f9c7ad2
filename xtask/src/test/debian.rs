//! Packages of Debian that some tests want.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::program;

/// Installs packages for `whom`, when this user may.
///
/// # Errors
/// They may not, or it fails; with advice.
pub(super) fn install(whom: &str, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let advice = format!("install them first, on Debian with `sudo apt-get install {list}`");
    if !program::is_installed("apt-get") || !is_root()? {
        bail!("{whom} need {list}: {advice}");
    }
    println!("installing for {whom}: {list}");
    program::run(Command::new("apt-get").args(["update", "--quiet"])).context(advice.clone())?;
    program::run(
        Command::new("apt-get")
            .args(["install", "--yes", "--quiet", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
    .context(advice)
}

fn is_root() -> Result<bool> {
    Ok(program::output_of(Command::new("id").arg("-u"))?.trim() == "0")
}
