//! Plugins written in Python, as far as files tell about them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datasette_hooks::{Plugin, PluginInfo};
use datasette_pyhost::{
    Environment, InstalledPlugin, OneFilePlugin, RestingPlugin, Search, find_installed,
    find_one_file,
};

use crate::failure::Failure;
use crate::output;

/// The names of the distributions whose plugins are wanted (CLI-205).
const WANTED: &str = "DATASETTE_LOAD_PLUGINS";

/// The plugins that were found. Nothing was started to find them.
#[derive(Debug, Default)]
pub(crate) struct PythonPlugins {
    /// The environment of the installed ones, if there is one.
    pub(crate) environment: Option<Environment>,
    /// In the order in which they are registered.
    pub(crate) installed: Vec<InstalledPlugin>,
    /// Files of the plugins directory.
    pub(crate) files: Vec<OneFilePlugin>,
}

impl PythonPlugins {
    /// Looks for them. `python` was named by an option of `command`.
    ///
    /// # Errors
    /// The named Python is none, a folder cannot be read, or plugins have the same name.
    pub(crate) fn find(
        command: &str,
        python: Option<PathBuf>,
        plugins_dir: Option<&Path>,
    ) -> Result<Self, Failure> {
        let files = match plugins_dir {
            Some(folder) => find_one_file(folder).map_err(|error| {
                let folder = folder.display();
                Failure::error(format!("Plugins cannot be read from {folder}: {error}"))
            })?,
            None => Vec::new(),
        };
        let environment = environment(command, python)?;
        let mut installed = Vec::new();
        let wanted = std::env::var_os(WANTED);
        let wanted = wanted.as_ref().map(|names| names.to_string_lossy());
        if let Some(environment) = &environment {
            let found = find_installed(environment, wanted.as_deref()).map_err(Failure::error)?;
            found.missing.iter().for_each(|name| not_found(name));
            installed = found.plugins;
        } else if let Some(wanted) = wanted {
            let names = wanted.split(',').filter(|name| !name.trim().is_empty());
            names.for_each(not_found);
        }
        Ok(Self {
            environment,
            installed,
            files,
        })
    }

    /// The installed ones as plugins that nothing calls.
    pub(crate) fn installed(&self) -> Vec<Arc<dyn Plugin>> {
        let plugins = self.installed.iter();
        plugins
            .map(|plugin| resting(plugin.info(Vec::new())))
            .collect()
    }

    /// Those of the plugins directory as plugins that nothing calls.
    pub(crate) fn files(&self) -> Vec<Arc<dyn Plugin>> {
        let plugins = self.files.iter();
        plugins
            .map(|plugin| resting(plugin.info(Vec::new())))
            .collect()
    }
}

/// The environment that is meant.
///
/// # Errors
/// The named Python is none.
pub(crate) fn environment(
    command: &str,
    python: Option<PathBuf>,
) -> Result<Option<Environment>, Failure> {
    let found = Search::of_process(python).find();
    found.map_err(|why| Failure::usage(command, format!("Invalid value for '--python': {why}")))
}

/// CLI-205, PLUG-10: the name as it was written.
fn not_found(name: &str) {
    output::tell(&format!("Plugin {name} could not be found"));
}

fn resting(info: PluginInfo) -> Arc<dyn Plugin> {
    Arc::new(RestingPlugin::new(info))
}
