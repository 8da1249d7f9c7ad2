//! `datasette plugins`: which plugins there are.

use std::sync::Arc;

use datasette_config::Config;
use datasette_core::ContentSecurity;
use datasette_core::clock::SystemClock;
use datasette_engine::Plugins;
use datasette_hooks::{Bus, Plugin};
use datasette_permissions::{Authority, Flags, Signer};
use datasette_render::html::Templates;
use datasette_render::{StaticMounts, Urls};
use datasette_web::built_in_plugins;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::PrettyFormatter;

use super::Ending;
use crate::args::PluginsArguments;
use crate::failure::Failure;
use crate::output;
use crate::python_plugins::PythonPlugins;

/// Lists them as JSON, or as requirements (CLI-180 to CLI-185); `more` are compiled in.
pub(crate) fn plugins(
    arguments: &PluginsArguments,
    more: Vec<Arc<dyn Plugin>>,
) -> Result<Ending, Failure> {
    // Nothing is signed or decided here: the plugins are only looked at.
    let authority = Authority {
        config: Arc::new(Config::default()),
        flags: Flags::default(),
        signer: Signer::new(""),
        clock: Arc::new(SystemClock),
    };
    let urls = Urls::new("/");
    let mounts = StaticMounts::default();
    let templates = Templates::new(Vec::new(), &urls, &mounts, ContentSecurity::default());
    let options = &arguments.plugins;
    let folder = options.plugins_dir.as_deref();
    let python = PythonPlugins::find("plugins", options.environment.python(), folder)?;
    // Versions stand beside the plugins; what they implement only they know.
    let (installed, mut files) = match arguments.requirements {
        true => (python.installed(), python.files()),
        false => (python.listed()?, Vec::new()),
    };
    files.extend(more);
    let plugins = Plugins {
        installed,
        built_in: built_in_plugins(&templates, &urls),
        files,
    };
    let infos = Bus::new(plugins.all(&authority)).infos(arguments.all);
    if arguments.requirements {
        for info in &infos {
            if let Some(version) = &info.version {
                output::say(&format!("{}=={version}", info.name));
            }
        }
        return Ok(Ending::Code(0));
    }
    let mut json = Vec::new();
    let formatter = PrettyFormatter::with_indent(b"    ");
    infos
        .serialize(&mut Serializer::with_formatter(&mut json, formatter))
        .map_err(|error| Failure::error(error.to_string()))?;
    output::say(&String::from_utf8_lossy(&json));
    Ok(Ending::Code(0))
}
