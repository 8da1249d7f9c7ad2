//! Making the environment that belongs to this program.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::probe::{self, version_text};
use crate::discover::{Environment, Search};

/// Makes the environment, with the interpreter that is found on the path.
///
/// # Errors
/// A sentence for the user.
pub(super) fn make(search: &Search, tell: &mut dyn FnMut(&str)) -> Result<Environment, String> {
    let Some(folder) = &search.managed else {
        return Err(
            "There is no place for a Python environment: no home folder is known. \
                    Name one with the environment variable DATASETTE_VENV."
                .to_owned(),
        );
    };
    let python = probe::find(&search.programs)?;
    if !python.makes_environments {
        let (major, minor) = python.version;
        return Err(format!(
            "{} ({}) cannot make an environment for plugins: its modules venv and ensurepip are \
             missing. On Debian and Ubuntu they come with: apt install python{major}.{minor}-venv",
            version_text(python.version),
            python.program.display()
        ));
    }
    tell(&format!(
        "Making an environment for plugins in {} with {}",
        folder.display(),
        version_text(python.version)
    ));
    let existed = folder.exists();
    let made = run(&python.program, folder).and_then(|()| {
        let environment = search.find()?;
        environment.ok_or_else(|| "no environment came of it".to_owned())
    });
    made.map_err(|why| {
        // What is half made would be taken for an environment next time.
        if !existed {
            let _ = fs::remove_dir_all(folder);
        }
        format!(
            "The environment for plugins could not be made in {}: {why}",
            folder.display()
        )
    })
}

fn run(python: &Path, folder: &Path) -> Result<(), String> {
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent).map_err(|error| error.to_string())?;
    }
    let mut command = Command::new(python);
    command
        .args(["-I", "-m", "venv"])
        .arg(folder)
        .stdin(Stdio::null());
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    // The module writes to both.
    let said = [output.stdout, output.stderr].concat();
    Err(String::from_utf8_lossy(&said).trim().to_owned())
}
