//! Where the two binaries are: the original, and ours.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::args::Selection;
use crate::layout::Layout;

/// Names an existing binary of the original.
const VARIABLE: &str = "DATASETTE_ORIGINAL";

/// The release the goldens belong to, read from `compat/original.txt`.
pub(crate) fn version(layout: &Layout) -> Result<String> {
    let text = std::fs::read_to_string(layout.original_version())
        .context("compat/original.txt names the release of the original")?;
    Ok(text.trim().to_owned())
}

/// The binary of the original, installed first where that is needed. Its release is checked.
pub(crate) fn original(layout: &Layout) -> Result<PathBuf> {
    let wanted = version(layout)?;
    let binary = match std::env::var_os(VARIABLE) {
        Some(path) => PathBuf::from(path),
        None => install(layout, &wanted)?,
    };
    let output = Command::new(&binary)
        .arg("--version")
        .output()
        .with_context(|| format!("cannot run {}", binary.display()))?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !said.trim().ends_with(&wanted) {
        bail!(
            "{} says {:?}, but goldens belong to {wanted}",
            binary.display(),
            said.trim()
        );
    }
    Ok(binary)
}

fn install(layout: &Layout, version: &str) -> Result<PathBuf> {
    let folder = layout.virtualenv();
    let scripts = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let binary = scripts.join("datasette");
    if !binary.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        let package = format!("datasette=={version}");
        run(Command::new(scripts.join("pip")).args(["install", "--quiet", &package]))?;
    }
    Ok(binary)
}

fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot run {command:?}"))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(())
}

/// The Python that runs plugins of ours: the one that was named, else that of the tests of the
/// package, if it is there.
pub(crate) fn python(layout: &Layout, selection: &Selection) -> Option<PathBuf> {
    let made = layout.target().join("tools/python/bin/python");
    let made = Some(made).filter(|path| path.exists());
    // A link must not be followed: the environment is found beside it.
    let made = made.and_then(|path| std::path::absolute(path).ok());
    selection.python.clone().or(made)
}

/// Our binary: named by `DATASETTE_BINARY`, else the release build, else the debug build.
pub(crate) fn ours(layout: &Layout) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("DATASETTE_BINARY") {
        return Ok(PathBuf::from(path));
    }
    ["release", "debug"]
        .iter()
        .map(|profile| layout.target().join(profile).join("datasette"))
        .find(|path| path.exists())
        .context("no built binary; run `cargo build -p datasette` or set DATASETTE_BINARY")
}
