//! Cargo subcommands that the tests need, installed below the target folder when missing.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::run::Site;
use crate::program;

/// A cargo subcommand and the release we use.
pub(crate) struct Tool {
    package: &'static str,
    version: &'static str,
}

/// Runs tests side by side, each in a process of its own.
pub(crate) const NEXTEST: Tool = Tool {
    package: "cargo-nextest",
    version: "0.9.151",
};

/// Judges licences, sources and bans.
pub(crate) const DENY: Tool = Tool {
    package: "cargo-deny",
    version: "0.20.2",
};

impl Tool {
    /// The program, from the path or from our own folder; built there when it is missing.
    ///
    /// A debug build: it is made three times as fast, and the tool is not what takes the time.
    pub(crate) fn installed(&self, site: &Site) -> Result<PathBuf> {
        let name = format!("{}{}", self.package, std::env::consts::EXE_SUFFIX);
        if program::is_installed(&name) {
            return Ok(PathBuf::from(name));
        }
        let root = site.workspace.target.join("tools");
        let own = root.join("bin").join(&name);
        if own.is_file() {
            return Ok(own);
        }
        println!(
            "{} is missing: building {} into {} (some minutes, once)",
            self.package,
            self.version,
            root.display()
        );
        program::run(
            program::cargo(&site.root)
                .args(["install", "--quiet", "--locked", "--debug", "--version", self.version])
                .arg("--root")
                .arg(&root)
                .arg(self.package)
                .env("CARGO_TARGET_DIR", root.join("build"))
                .env("CARGO_PROFILE_DEV_DEBUG", "0"),
        )
        .with_context(|| {
            format!(
                "{} could not be built; without a network, install it beforehand with `cargo install --locked {}`",
                self.package, self.package
            )
        })?;
        Ok(own)
    }
}

/// The search path with a tool's folder in front, so that cargo finds its subcommand.
pub(crate) fn path_with(tool: &Path) -> Result<OsString> {
    let known = std::env::var_os("PATH").unwrap_or_default();
    let folder = tool
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folders = folder
        .map(Path::to_path_buf)
        .into_iter()
        .chain(std::env::split_paths(&known));
    std::env::join_paths(folders).context("the search path has a folder that cannot be named")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_of_our_own_is_found_first() {
        let path = path_with(Path::new("target/tools/bin/cargo-deny")).unwrap();
        let first = std::env::split_paths(&path).next().unwrap();
        assert_eq!(first, Path::new("target/tools/bin"));
    }

    #[test]
    fn a_tool_on_the_path_needs_nothing_added() {
        let path = path_with(Path::new("cargo-deny")).unwrap();
        assert_eq!(path, std::env::var_os("PATH").unwrap());
    }
}
