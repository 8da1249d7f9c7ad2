//! The folders in which an interpreter finds its packages.

use std::fs;
use std::path::{Path, PathBuf};

use super::distribution;
use super::search::Search;

/// What stands in `pyvenv.cfg`, as far as it matters here.
#[derive(Default)]
struct Settings {
    /// The folder of the interpreter that the environment was made with.
    home: Option<PathBuf>,
    /// Whether packages of that interpreter are seen, too.
    sees_all: bool,
    /// The version of Python: `3.11`.
    version: Option<String>,
}

/// The folders of the virtual environment in a folder; `None` if there is none.
pub(super) fn of_environment(root: &Path, search: &Search) -> Option<Vec<PathBuf>> {
    let settings = Settings::read(&fs::read_to_string(root.join("pyvenv.cfg")).ok()?);
    let version = settings.version.or_else(|| only_version(root));
    let mut folders = below(root, version.as_deref());
    if let (true, Some(version), Some(home)) = (settings.sees_all, &version, &settings.home) {
        let prefix = home.parent().unwrap_or(home);
        folders.extend(of_prefix(prefix, version, search));
    }
    Some(folders)
}

/// The folders of an interpreter of that version that belongs to no environment, whose programs
/// are in `{prefix}/bin`: the user's own packages, then those of everybody.
pub(super) fn of_prefix(prefix: &Path, version: &str, search: &Search) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Some(base) = &search.user_base {
        folders.push(packages(&base.join("lib"), version));
    }
    // Debian keeps what pip installs apart from its own packages.
    if prefix == Path::new("/usr") {
        let local = format!("/usr/local/lib/python{version}/dist-packages");
        folders.extend([
            PathBuf::from(local),
            PathBuf::from("/usr/lib/python3/dist-packages"),
        ]);
    }
    folders.retain(|folder| folder.is_dir());
    folders.extend(below(prefix, Some(version)));
    folders
}

/// The version of Python whose packages are below a folder, if there is just one.
pub(super) fn only_version(prefix: &Path) -> Option<String> {
    let entries = fs::read_dir(prefix.join("lib")).ok()?.flatten();
    let mut versions = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let version = name.strip_prefix("python3.")?;
        let found = packages(&prefix.join("lib"), &format!("3.{version}")).is_dir();
        found.then(|| format!("3.{version}"))
    });
    let only = versions.next()?;
    versions.next().is_none().then_some(only)
}

/// Whether a folder has the distribution of that name.
pub(super) fn holds_distribution(folder: &Path, name: &str) -> bool {
    distribution::listed(folder).is_ok_and(|listing| listing.named(name).next().is_some())
}

fn packages(lib: &Path, version: &str) -> PathBuf {
    lib.join(format!("python{version}")).join("site-packages")
}

/// The folders below a prefix that exist, each once.
fn below(prefix: &Path, version: Option<&str>) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if cfg!(windows) {
        folders.push(prefix.join("Lib").join("site-packages"));
    }
    if let Some(version) = version {
        folders.push(packages(&prefix.join("lib"), version));
        // A link to the same folder nearly everywhere, another folder on Fedora.
        if fs::symlink_metadata(prefix.join("lib64")).is_ok_and(|it| !it.is_symlink()) {
            folders.push(packages(&prefix.join("lib64"), version));
        }
    }
    folders.retain(|folder| folder.is_dir());
    folders
}

impl Settings {
    fn read(text: &str) -> Self {
        let mut settings = Self::default();
        for (key, value) in text.lines().filter_map(|line| line.split_once('=')) {
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "home" => settings.home = Some(PathBuf::from(value)),
                "include-system-site-packages" => {
                    settings.sees_all = value.eq_ignore_ascii_case("true");
                }
                // The standard library writes the first, other tools the second.
                "version" | "version_info" => {
                    let mut parts = value.split('.');
                    if let (Some(major), Some(minor)) = (parts.next(), parts.next()) {
                        settings.version = Some(format!("{major}.{minor}"));
                    }
                }
                _ => {}
            }
        }
        settings
    }
}
