//! Where a module is, without importing it: its static files and templates are beside it.

use std::path::{Path, PathBuf};

/// Finds modules in folders of packages.
pub(super) struct Modules<'a> {
    /// The folders that Python looks into, in order.
    pub(super) folders: &'a [PathBuf],
    /// Top-level modules that are elsewhere.
    pub(super) elsewhere: &'a [(String, PathBuf)],
}

impl Modules<'_> {
    /// The folder of that name beside a module (PLUG-35).
    ///
    /// A module that is a single file among all packages has none: what is beside it belongs to
    /// others.
    pub(super) fn beside(&self, module: &str, name: &str) -> Option<PathBuf> {
        let homes = self.homes(module);
        let mut folders = homes.iter().map(|home| home.join(name));
        folders.find(|folder| folder.is_dir())
    }

    /// The folders that belong to a module: one of a package, several of a package without
    /// `__init__.py`, whose parts may be in many places.
    fn homes(&self, module: &str) -> Vec<PathBuf> {
        let (mut starts, rest) = self.starts(module);
        let mut rest: Vec<&str> = rest.split('.').filter(|part| !part.is_empty()).collect();
        let single = rest.pop();
        starts.iter_mut().for_each(|start| start.extend(&rest));
        let Some(last) = single else {
            return packages(starts);
        };
        let inside: Vec<PathBuf> = starts.iter().map(|start| start.join(last)).collect();
        let homes = packages(inside);
        if !homes.is_empty() {
            return homes;
        }
        let has_file = |start: &PathBuf| start.join(last).with_extension("py").is_file();
        starts.into_iter().filter(has_file).take(1).collect()
    }

    /// Where the first part of a module's name may be, and the parts that follow.
    fn starts<'m>(&self, module: &'m str) -> (Vec<PathBuf>, &'m str) {
        let below = |name: &str| {
            let rest = module.strip_prefix(name)?;
            (rest.is_empty() || rest.starts_with('.')).then_some(rest)
        };
        let known = self
            .elsewhere
            .iter()
            .filter_map(|(name, path)| Some((path, below(name)?)));
        if let Some((path, rest)) = known.min_by_key(|(_, rest)| rest.len()) {
            return (vec![path.clone()], rest);
        }
        let (top, rest) = module.split_once('.').unwrap_or((module, ""));
        (self.folders.iter().map(|it| it.join(top)).collect(), rest)
    }
}

/// Which of the folders are the package: the first with `__init__.py`, unless a file of that name
/// comes before it; without any, all that are there.
fn packages(folders: Vec<PathBuf>) -> Vec<PathBuf> {
    for folder in &folders {
        if folder.join("__init__.py").is_file() {
            return vec![folder.clone()];
        }
        if is_single_file(folder) {
            return Vec::new();
        }
    }
    folders.into_iter().filter(|it| it.is_dir()).collect()
}

fn is_single_file(folder: &Path) -> bool {
    let mut file = folder.as_os_str().to_owned();
    file.push(".py");
    Path::new(&file).is_file()
}
