//! Plugins among the installed distributions.

use std::path::PathBuf;

use super::distribution::{self, Distribution, Listing};
use super::entry_points::{EntryPoint, entry_points};
use super::environment::Environment;
use super::module_home::Modules;
use super::path_files::Additions;

/// The group of entry points that are plugins (PLUG-02).
const GROUP: &str = "datasette";

/// An installed plugin that was found, but not loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledPlugin {
    /// Under which name it is registered, and what is imported for it.
    pub entry: EntryPoint,
    /// The name of its distribution, by which listings and settings know it (PLUG-34).
    pub distribution: String,
    /// The version of its distribution.
    pub version: Option<String>,
    /// The folder of its static files.
    pub static_folder: Option<PathBuf>,
    /// The folder of its templates.
    pub templates_folder: Option<PathBuf>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// In the order in which they are registered (PLUG-13).
    pub plugins: Vec<InstalledPlugin>,
    /// Distributions that were asked for by name and are not there, as they were written (PLUG-10).
    pub missing: Vec<String>,
}

/// The plugins of an environment. `wanted` is the value of `DATASETTE_LOAD_PLUGINS`: names of the
/// distributions to look at, separated by commas (PLUG-07 to PLUG-12); all without it.
///
/// Folders that cannot be read have no plugins, as for Python.
///
/// # Errors
/// A sentence for the user: two of the wanted plugins have the same name (PLUG-12).
pub fn find_installed(environment: &Environment, wanted: Option<&str>) -> Result<Found, String> {
    let mut folders = Folders::default();
    folders.read(&environment.packages);
    match wanted {
        None => Ok(folders.all()),
        Some(wanted) => folders.wanted(wanted),
    }
}

/// The version of the distribution that an import finds in an environment.
pub(crate) fn installed_version(environment: &Environment, name: &str) -> Option<String> {
    let mut folders = Folders::default();
    folders.read(&environment.packages);
    let mut named = folders.listings.iter().flat_map(|it| it.named(name));
    named.next()?.metadata().version
}

/// The folders that Python looks into, and what is in them.
#[derive(Default)]
struct Folders {
    paths: Vec<PathBuf>,
    listings: Vec<Listing>,
    elsewhere: Vec<(String, PathBuf)>,
}

impl Folders {
    /// Lists folders, and those that their files add, which come behind all of them.
    fn read(&mut self, packages: &[PathBuf]) {
        let mut added = Vec::new();
        for folder in packages {
            let listing = distribution::listed(folder).unwrap_or_default();
            let additions = Additions::read(folder, &listing.path_files);
            added.extend(additions.folders);
            self.elsewhere.extend(additions.modules);
            self.paths.push(folder.clone());
            self.listings.push(listing);
        }
        for folder in added {
            if !self.paths.contains(&folder) {
                let listing = distribution::listed(&folder);
                self.listings.push(listing.unwrap_or_default());
                self.paths.push(folder);
            }
        }
    }

    fn all(&self) -> Found {
        let mut found = Found::default();
        let all = self.listings.iter().flat_map(|it| &it.distributions);
        for distribution in all {
            for plugin in self.plugins(distribution) {
                // The first of a name counts (PLUG-04).
                if !found
                    .plugins
                    .iter()
                    .any(|it| it.entry.name == plugin.entry.name)
                {
                    found.plugins.push(plugin);
                }
            }
        }
        found
    }

    fn wanted(&self, wanted: &str) -> Result<Found, String> {
        let mut found = Found::default();
        // Names are not trimmed, so that a blank before one makes it another (PLUG-09).
        for name in wanted.split(',').filter(|name| !name.trim().is_empty()) {
            let mut named = self.listings.iter().flat_map(|it| it.named(name));
            let Some(distribution) = named.next() else {
                found.missing.push(name.to_owned());
                continue;
            };
            for plugin in self.plugins(distribution) {
                let same = |it: &InstalledPlugin| it.entry.name == plugin.entry.name;
                if let Some(first) = found.plugins.iter().find(|it| same(it)) {
                    return Err(clash(first, &plugin));
                }
                found.plugins.push(plugin);
            }
        }
        Ok(found)
    }

    fn plugins(&self, distribution: &Distribution) -> Vec<InstalledPlugin> {
        let Some(text) = distribution.entry_points() else {
            return Vec::new();
        };
        let entries = entry_points(&text, GROUP);
        if entries.is_empty() {
            return Vec::new();
        }
        let metadata = distribution.metadata();
        let name = metadata
            .name
            .unwrap_or_else(|| distribution.key().to_owned());
        let modules = Modules {
            folders: &self.paths,
            elsewhere: &self.elsewhere,
        };
        let plugin = |entry: EntryPoint| {
            // An object inside of a module has no files of its own.
            let module = entry.module().filter(|_| !entry.value.contains(':'));
            let beside = |name: &str| modules.beside(module?, name);
            InstalledPlugin {
                distribution: name.clone(),
                version: metadata.version.clone(),
                static_folder: beside("static"),
                templates_folder: beside("templates"),
                entry,
            }
        };
        entries.into_iter().map(plugin).collect()
    }
}

fn clash(first: &InstalledPlugin, second: &InstalledPlugin) -> String {
    if first.distribution == second.distribution {
        return format!("DATASETTE_LOAD_PLUGINS names {} twice", first.distribution);
    }
    format!(
        "DATASETTE_LOAD_PLUGINS: {} and {} both have a plugin with the name '{}'",
        first.distribution, second.distribution, second.entry.name
    )
}
