//! What `datasette install` and `datasette uninstall` do.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::make::make;
use super::package::{self, NAME, VERSION};
use super::pip;
use super::probe::{self, OLDEST, Probed, version_text};
use super::record::record;
use crate::discover::{Environment, Search, installed_version};

/// What to install.
#[derive(Clone, Debug, Default)]
pub struct InstallRequest {
    /// Whether newer versions replace those that are there.
    pub upgrade: bool,
    /// A project in development, installed from where it is.
    pub editable: Option<OsString>,
    /// A file with requirements.
    pub requirement: Option<PathBuf>,
    /// Packages, as pip understands them.
    pub packages: Vec<OsString>,
}

impl InstallRequest {
    /// Whether there is nothing to install.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty() && self.editable.is_none() && self.requirement.is_none()
    }

    /// The words for pip, in the order that scripts know (CLI-186).
    fn words(&self) -> Vec<OsString> {
        let mut words = Vec::new();
        if self.upgrade {
            words.push("--upgrade".into());
        }
        if let Some(path) = &self.editable {
            words.extend(["--editable".into(), path.clone()]);
        }
        if let Some(file) = &self.requirement {
            words.extend(["-r".into(), file.clone().into_os_string()]);
        }
        words.extend(self.packages.iter().cloned());
        words
    }

    /// Whether one of the packages is the one that plugins import.
    fn names_our_package(&self) -> bool {
        let end = |it: char| !it.is_ascii_alphanumeric() && !matches!(it, '-' | '_' | '.');
        let mut names = self.packages.iter().filter_map(|word| word.to_str());
        names.any(|word| {
            word.split(end)
                .next()
                .is_some_and(|it| it.eq_ignore_ascii_case(NAME))
        })
    }
}

/// Installs packages into the environment that owns the plugins (PLUG-26); answers the exit code of
/// pip, which shares our streams. Without an environment one is made. The package that plugins
/// import is put there first, and no requirement replaces it. `tell` is told what takes time.
///
/// # Errors
/// A sentence for the user: pip cannot be run.
pub fn install(
    environment: Option<Environment>,
    search: &Search,
    request: &InstallRequest,
    tell: &mut dyn FnMut(&str),
) -> Result<u8, String> {
    let environment = match environment {
        Some(environment) => environment,
        None => make(search, tell)?,
    };
    let python = usable(&environment)?;
    let kept = Kept::of(&environment, search, request.names_our_package())?;
    let folder = tempfile::tempdir().map_err(no_place)?;
    let constraints = folder.path().join("constraints.txt");
    let version = match &kept {
        Kept::Version(version) => version,
        Kept::Ours => VERSION,
    };
    let requirement = format!("{NAME}=={version}");
    fs::write(&constraints, format!("{requirement}\n")).map_err(no_place)?;
    if matches!(kept, Kept::Ours) {
        let code = bring(&python, folder.path(), tell)?;
        if code != 0 {
            return Ok(code);
        }
    }
    let mut words: Vec<OsString> = vec!["install".into(), "-c".into(), constraints.into()];
    words.extend(request.words());
    let code = pip::run(&python, words)?;
    if code == 0 {
        record(&environment, search);
    }
    Ok(code)
}

/// Installs the package that plugins import, with what it needs; answers the exit code of pip. Its
/// wheel is put into the folder.
///
/// # Errors
/// A sentence for the user: pip cannot be run.
pub(super) fn bring(
    python: &Path,
    folder: &Path,
    tell: &mut dyn FnMut(&str),
) -> Result<u8, String> {
    package::write_wheel(folder).map_err(no_place)?;
    tell(&format!("Installing what plugins need from {NAME} itself"));
    let requirement = format!("{NAME}=={VERSION}");
    let links = ["install", "--disable-pip-version-check", "--find-links"].map(OsStr::new);
    let words = [&links[..], &[folder.as_os_str(), requirement.as_ref()]].concat();
    pip::run(python, words)
}

/// What to say where nothing can be written for a while.
pub(super) fn no_place(error: io::Error) -> String {
    format!("There is no place for temporary files: {error}")
}

/// Removes packages from the environment that owns the plugins; answers the exit code of pip, which
/// shares our streams and may ask (CLI-188).
///
/// # Errors
/// A sentence for the user: pip cannot be run.
pub fn uninstall(
    environment: &Environment,
    packages: &[OsString],
    yes: bool,
) -> Result<u8, String> {
    let python = usable(environment)?;
    let mut words: Vec<OsString> = vec!["uninstall".into()];
    words.extend(packages.iter().cloned());
    words.extend(yes.then(|| "-y".into()));
    pip::run(&python, words)
}

/// The interpreter of an environment, if pip can run there.
fn usable(environment: &Environment) -> Result<PathBuf, String> {
    let Probed {
        version, has_pip, ..
    } = probe::probe(&environment.python)?;
    let python = environment.python.display();
    if version < OLDEST {
        return Err(format!(
            "Plugins need {} or newer; {environment} is {}.",
            version_text(OLDEST),
            version_text(version)
        ));
    }
    if !has_pip {
        return Err(format!(
            "There is no pip for {environment}. Python can add it: {python} -m ensurepip"
        ));
    }
    Ok(environment.python.clone())
}

/// What becomes of the package that plugins import.
enum Kept {
    /// What is there stays, at this version.
    Version(String),
    /// This program's is to be installed.
    Ours,
}

impl Kept {
    /// `replace` says that the user named the package.
    fn of(environment: &Environment, search: &Search, replace: bool) -> Result<Self, String> {
        match installed_version(environment, NAME) {
            Some(version) if version == VERSION => Ok(Self::Version(version)),
            // Pip would take this program out with it.
            Some(version) if holds_program(environment, search) => Ok(Self::Version(version)),
            Some(version) if !package::is_ours(&version) && !replace => Err(format!(
                "The package {NAME} {version} is installed for {environment}. This program has \
                 its own, which would replace it there. If you want that, run: datasette install \
                 {NAME}. To use an environment of its own, leave the active one."
            )),
            _ => Ok(Self::Ours),
        }
    }
}

/// Whether this program is one of those of the environment.
fn holds_program(environment: &Environment, search: &Search) -> bool {
    let folder = |path: &Path| path.parent()?.canonicalize().ok();
    let program = search.program.as_deref().and_then(folder);
    program.is_some() && program == folder(&environment.python)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packages(words: &[&str]) -> InstallRequest {
        InstallRequest {
            packages: words.iter().map(OsString::from).collect(),
            ..InstallRequest::default()
        }
    }

    // Proves: CLI-186
    #[test]
    fn pip_is_told_in_the_known_order() {
        let request = InstallRequest {
            upgrade: true,
            editable: Some(".".into()),
            requirement: Some(PathBuf::from("needs.txt")),
            ..packages(&["b", "a==1"])
        };
        let expected = [
            "--upgrade",
            "--editable",
            ".",
            "-r",
            "needs.txt",
            "b",
            "a==1",
        ];
        assert_eq!(request.words(), expected.map(OsString::from));
        assert_eq!(packages(&["a"]).words(), ["a"]);
        assert!(packages(&[]).is_empty() && !packages(&["a"]).is_empty());
    }

    #[test]
    fn our_package_is_known_by_its_name() {
        for named in [
            "datasette",
            "Datasette==1.0",
            "datasette[test]",
            "datasette >= 1",
        ] {
            assert!(packages(&["x", named]).names_our_package(), "{named}");
        }
        for other in ["datasette-vega", "datasette_vega", "./datasette", "x"] {
            assert!(!packages(&[other]).names_our_package(), "{other}");
        }
    }
}
