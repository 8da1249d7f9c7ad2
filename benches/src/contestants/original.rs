//! The original, in a virtual environment of its own.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::locations;
use crate::report;

/// The release that is compared with.
const REQUIREMENT: &str = "datasette==1.0a41";
/// What our package for plugins brings along besides what the original has: the same interpreter runs
/// our plugins.
const OURS: &str = "msgpack";

/// `DATASETTE_ORIGINAL`, otherwise an installation below the work folder, made if missing.
///
/// # Errors
/// A named binary that does not exist; no Python; no network for pip.
pub(super) fn binary() -> Result<PathBuf, Box<dyn Error>> {
    if let Some(named) = env::var_os("DATASETTE_ORIGINAL") {
        let named = PathBuf::from(named);
        if !named.is_file() {
            return Err(format!("DATASETTE_ORIGINAL: no file at {}", named.display()).into());
        }
        return Ok(named);
    }
    let environment = locations::work_folder().join(".venv");
    let binary = environment.join("bin").join("datasette");
    if !binary.is_file() {
        report::progress(&format!("installing {REQUIREMENT} (once)"));
        run(Command::new("python3")
            .args(["-m", "venv"])
            .arg(&environment))?;
        install(&environment)?;
    }
    Ok(binary)
}

fn install(environment: &Path) -> Result<(), Box<dyn Error>> {
    let python = environment.join("bin").join("python");
    run(Command::new(python).args(["-m", "pip", "install", "--quiet", REQUIREMENT, OURS]))
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let status = command.status()?;
    if status.success() {
        return Ok(());
    }
    Err(format!(
        "{} ended with {status}",
        command.get_program().to_string_lossy()
    )
    .into())
}
