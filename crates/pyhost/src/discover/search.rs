//! Where a Python environment is looked for, and in which order.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::environment::{Environment, Origin};
use super::interpreter;
use super::site_packages;

/// The folder of the managed environment, instead of the one among the user's data.
const MANAGED: &str = "DATASETTE_VENV";

/// What says which environment is meant. The first that is one counts, from the top.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// The interpreter that was named: a program, a name on the path, or the folder of an
    /// environment.
    pub python: Option<PathBuf>,
    /// The environment that is active in the shell.
    pub active: Option<PathBuf>,
    /// Where `datasette install` makes an environment, whether or not it is there.
    pub managed: Option<PathBuf>,
    /// This program, which may be part of an environment.
    pub program: Option<PathBuf>,
    /// Folders that Python looks into first (`PYTHONPATH`).
    pub python_path: Vec<PathBuf>,
    /// The folder below which interpreters outside of environments find the user's own packages.
    pub user_base: Option<PathBuf>,
    /// The folders in which programs are found (`PATH`).
    pub programs: Vec<PathBuf>,
}

impl Search {
    /// What the environment variables and the place of this program say. `python` is the
    /// interpreter that was named, if one was.
    pub fn of_process(python: Option<PathBuf>) -> Self {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let folder = |name: &str| set(name).map(PathBuf::from);
        let list = |name: &str| {
            let value: OsString = set(name).unwrap_or_default();
            let paths = env::split_paths(&value);
            paths.filter(|path| !path.as_os_str().is_empty()).collect()
        };
        let user_base = match set("PYTHONNOUSERSITE") {
            Some(_) => None,
            None => folder("PYTHONUSERBASE").or_else(|| Some(env::home_dir()?.join(".local"))),
        };
        Self {
            python,
            active: folder("VIRTUAL_ENV"),
            managed: folder(MANAGED).or_else(|| Some(user_data()?.join("datasette").join("venv"))),
            program: env::current_exe().ok(),
            python_path: list("PYTHONPATH"),
            user_base,
            programs: list("PATH"),
        }
    }

    /// The environment whose plugins are used; `None` where there is none. Reads a handful of
    /// files and starts nothing.
    ///
    /// # Errors
    /// A sentence for the user: the named interpreter is none, or its packages cannot be found.
    pub fn find(&self) -> Result<Option<Environment>, String> {
        if let Some(named) = &self.python {
            return interpreter::named(named, self).map(Some);
        }
        let known = [
            (self.active.as_deref(), Origin::Active),
            (self.managed.as_deref(), Origin::Managed),
        ];
        let environment = known
            .into_iter()
            .find_map(|(root, origin)| self.in_folder(root?, origin));
        Ok(environment.or_else(|| self.own()))
    }

    /// The environment in a folder, if it is one.
    pub(super) fn in_folder(&self, root: &Path, origin: Origin) -> Option<Environment> {
        let mut packages = self.python_path.clone();
        packages.extend(site_packages::of_environment(root, self)?);
        Some(Environment {
            python: interpreter::inside(root),
            packages,
            origin,
            isolated: true,
        })
    }

    /// The environment that this program was installed into, by pip and its like: the one whose
    /// folder of programs it is in.
    fn own(&self) -> Option<Environment> {
        let programs = self.program.as_deref()?.parent()?;
        let root = programs.parent()?;
        if let Some(environment) = self.in_folder(root, Origin::Own) {
            return Some(environment);
        }
        // Beside an interpreter that is no environment's it counts only when Python's packages
        // name it: /usr/local/bin is a place for programs of every kind.
        let python = interpreter::beside(programs)?;
        let environment = interpreter::outside(&python, self, Origin::Own)?;
        let ours = |folder: &PathBuf| site_packages::holds_distribution(folder, "datasette");
        environment.packages.iter().any(ours).then_some(environment)
    }
}

/// The folder for data of the user's programs.
#[cfg(not(any(windows, target_os = "macos")))]
fn user_data() -> Option<PathBuf> {
    let named = env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    // The convention says that a relative path does not count.
    let named = named.filter(|path| path.is_absolute());
    named.or_else(|| Some(env::home_dir()?.join(".local").join("share")))
}

/// The folder for data of the user's programs.
#[cfg(target_os = "macos")]
fn user_data() -> Option<PathBuf> {
    Some(env::home_dir()?.join("Library/Application Support"))
}

/// The folder for data of the user's programs.
#[cfg(windows)]
fn user_data() -> Option<PathBuf> {
    env::var_os("LOCALAPPDATA").map(PathBuf::from)
}
