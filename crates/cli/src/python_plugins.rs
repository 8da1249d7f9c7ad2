//! Plugins written in Python: found by looking at files, and run where a site needs them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datasette_hooks::{HookSet, Plugin, PluginInfo};
use datasette_pyhost::{
    Environment, InstalledPlugin, Interpreter, OneFilePlugin, RestingPlugin, RunningPlugins,
    Search, Start, find_installed, find_one_file,
};

use serde::Deserialize;

use crate::failure::Failure;
use crate::output;
use crate::python_telling::told;

/// The names of the distributions whose plugins are wanted (CLI-205).
const WANTED: &str = "DATASETTE_LOAD_PLUGINS";

/// A folder with the Python package of this server, instead of the one that comes with the program:
/// for those who work on it.
const PACKAGE: &str = "DATASETTE_PYTHON_PACKAGE";

/// Lists plugins. `-c` puts the working folder first, where anything may lie.
const LISTING: &str = "import sys
if sys.path[0] == '':
    del sys.path[0]
from datasette._host.listing import write
write()";

/// The plugins that were found. Nothing was started to find them.
#[derive(Debug, Default)]
pub(crate) struct PythonPlugins {
    /// The environment of the installed ones, if there is one.
    pub(crate) environment: Option<Environment>,
    /// In the order in which they are registered.
    pub(crate) installed: Vec<InstalledPlugin>,
    /// Files of the plugins directory.
    pub(crate) files: Vec<OneFilePlugin>,
    /// That directory.
    folder: Option<PathBuf>,
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
            folder: plugins_dir.map(Path::to_owned),
        })
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.installed.is_empty() && self.files.is_empty()
    }

    /// Starts the process that runs them; `start` is what it is told about the site. Where there are
    /// none nothing is started.
    ///
    /// # Errors
    /// There is no Python for them, or one of them cannot be loaded (PLUG-05).
    pub(crate) async fn run(self, mut start: Start) -> Result<RunningPlugins, Failure> {
        if self.is_empty() {
            return Ok(RunningPlugins::default());
        }
        // Only a server has visitors who would wait.
        let versions = start.serving.then(|| self.versions());
        start.plugins_dir = self.folder.map(|folder| folder.display().to_string());
        let interpreter = interpreter(self.environment)?;
        datasette_pyhost::load(interpreter, &start, versions.as_deref())
            .await
            .map_err(|error| Failure::error(error.to_string()))
    }

    /// All of them as listings show them, hooks included, which only Python knows (PLUG-36): it
    /// loads them.
    ///
    /// # Errors
    /// There is no Python for them, or one of them cannot be loaded (PLUG-05).
    pub(crate) fn listed(self) -> Result<Vec<Arc<dyn Plugin>>, Failure> {
        if self.is_empty() {
            return Ok(Vec::new());
        }
        let interpreter = interpreter(self.environment)?;
        let found: Vec<Told> = told(|answer| {
            let mut command = interpreter.command();
            command.args(["-c", LISTING]).arg(answer).args(&self.folder);
            Ok(command)
        })?;
        Ok(found
            .into_iter()
            .map(|plugin| resting(plugin.info()))
            .collect())
    }

    /// What tells these plugins apart from others and from what they were before.
    fn versions(&self) -> String {
        let installed = self.installed.iter();
        let installed = installed.map(|plugin| format!("{plugin:?}"));
        let files = self.files.iter().map(|plugin| {
            // A file that cannot be read is told when it is loaded.
            let text = std::fs::read_to_string(&plugin.path).unwrap_or_default();
            format!("{}\n{text}", plugin.name)
        });
        installed.chain(files).collect::<Vec<_>>().join("\n")
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

/// What Python tells about a plugin.
#[derive(Deserialize)]
struct Told {
    name: String,
    version: Option<String>,
    static_path: Option<PathBuf>,
    templates_path: Option<PathBuf>,
    hooks: Vec<String>,
}

impl Told {
    fn info(self) -> PluginInfo {
        PluginInfo {
            has_static: self.static_path.is_some(),
            templates: self.templates_path.is_some(),
            version: self.version,
            hooks: self.hooks,
            static_path: self.static_path,
            templates_path: self.templates_path,
            ..PluginInfo::new(&self.name, HookSet::default())
        }
    }
}

/// What runs the plugins of an environment.
///
/// # Errors
/// There is none, and none can be made.
pub(crate) fn interpreter(environment: Option<Environment>) -> Result<Interpreter, Failure> {
    if let (Some(package), Some(environment)) = (std::env::var_os(PACKAGE), &environment) {
        return Ok(Interpreter {
            program: environment.python.clone(),
            module_folders: vec![package.into()],
        });
    }
    let search = Search::of_process(None);
    datasette_pyhost::ready(environment, &search, &mut output::tell).map_err(Failure::error)
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
