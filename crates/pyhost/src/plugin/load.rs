//! Starts the process and makes plugins of what it declares.

use std::sync::Arc;

use datasette_hooks::{HookError, Plugin};

use super::declared::{Declared, Origin};
use super::listed::Listed;
use super::segment::{Attaching, Segment};
use super::start::Start;
use crate::process::{Interpreter, PythonHost};

/// The plugins of a Python process.
#[derive(Default)]
pub struct PythonPlugins {
    /// Those of installed distributions.
    pub installed: Vec<Arc<dyn Plugin>>,
    /// Those of files in the plugins directory.
    pub files: Vec<Arc<dyn Plugin>>,
}

/// Starts the process, which loads its plugins, and answers with them. `start` is what the process
/// is told about the site.
///
/// # Errors
/// Python does not start, or a plugin cannot be loaded (PLUG-05).
pub async fn load(interpreter: Interpreter, start: &Start) -> Result<PythonPlugins, HookError> {
    let (host, declared): (Arc<PythonHost>, Declared) =
        PythonHost::start(interpreter, start).await?;
    let mut plugins = PythonPlugins::default();
    // The last to be registered is called first: the server is there before any plugin starts.
    for plugin in declared.plugins {
        let origin = plugin.origin;
        plugins.of(origin).push(Arc::new(Listed(plugin)));
    }
    for (origin, rank, segment) in declared.segments {
        let segment = Segment::new(Arc::clone(&host), origin, rank, segment);
        plugins.of(origin).push(Arc::new(segment));
    }
    plugins.files.push(Arc::new(Attaching(host)));
    Ok(plugins)
}

impl PythonPlugins {
    fn of(&mut self, origin: Origin) -> &mut Vec<Arc<dyn Plugin>> {
        match origin {
            Origin::Installed => &mut self.installed,
            Origin::Files => &mut self.files,
        }
    }
}
