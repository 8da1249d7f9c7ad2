//! Interpreters by name and place, and where their packages are.

use std::fs;
use std::path::{Path, PathBuf};

use super::environment::{Environment, Origin};
use super::search::Search;
use super::site_packages;

/// The folder of an environment that holds its programs.
pub(crate) const PROGRAMS: &str = if cfg!(windows) { "Scripts" } else { "bin" };

/// The file of the interpreter in that folder.
const PYTHON: &str = if cfg!(windows) {
    "python.exe"
} else {
    "python"
};

/// The interpreter of the environment in a folder.
pub(crate) fn inside(root: &Path) -> PathBuf {
    root.join(PROGRAMS).join(PYTHON)
}

/// The environment of the interpreter that was named.
///
/// # Errors
/// A sentence for the user.
pub(super) fn named(named: &Path, search: &Search) -> Result<Environment, String> {
    if named.is_dir() {
        let environment = search.in_folder(named, Origin::Named);
        return environment
            .ok_or_else(|| format!("'{}' is not a Python environment.", named.display()));
    }
    let Some(python) = on_path(named, &search.programs) else {
        return Err(format!("There is no Python '{}'.", named.display()));
    };
    of_program(&python, search).ok_or_else(|| {
        format!(
            "The packages of '{}' cannot be found without running it. Give the folder of a \
             virtual environment, or what this prints: {} -c \"import sys; print(sys.executable)\"",
            named.display(),
            named.display()
        )
    })
}

/// The environment of an interpreter.
pub(super) fn of_program(python: &Path, search: &Search) -> Option<Environment> {
    // Links are not followed here: the interpreter of an environment is one.
    let root = python.parent()?.parent()?;
    match search.in_folder(root, Origin::Named) {
        Some(environment) => Some(Environment {
            python: python.to_owned(),
            ..environment
        }),
        None => outside(python, search, Origin::Named),
    }
}

/// The packages of an interpreter that belongs to no environment.
pub(super) fn outside(python: &Path, search: &Search, origin: Origin) -> Option<Environment> {
    let real = python.canonicalize().ok()?;
    let prefix = real.parent()?.parent()?;
    let name = real.file_name()?.to_str()?;
    let version = match name.trim_end_matches(".exe").strip_prefix("python") {
        Some(version) if version.contains('.') => version.to_owned(),
        _ => site_packages::only_version(prefix)?,
    };
    let mut packages = search.python_path.clone();
    packages.extend(site_packages::of_prefix(prefix, &version, search));
    Some(Environment {
        python: python.to_owned(),
        packages,
        origin,
        isolated: false,
    })
}

/// An interpreter in a folder of programs.
pub(super) fn beside(programs: &Path) -> Option<PathBuf> {
    let names = ["python3", "python"].into_iter();
    names
        .map(|name| programs.join(name))
        .find(|python| is_program(python))
}

/// The program that a shell would start for that name.
pub(crate) fn on_path(named: &Path, folders: &[PathBuf]) -> Option<PathBuf> {
    if named.components().count() > 1 {
        return is_program(named).then(|| std::path::absolute(named).ok())?;
    }
    let mut folders = folders.iter();
    folders.find_map(|folder| {
        let path = folder.join(named);
        let windows = path.with_extension("exe");
        let candidates = [Some(path), cfg!(windows).then_some(windows)];
        candidates.into_iter().flatten().find(|it| is_program(it))
    })
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|it| it.is_file())
}
