//! Starts the process and makes plugins of what it declares.

use std::sync::Arc;

use bytes::Bytes;
use datasette_hooks::{HookError, HookName, Plugin};
use tokio::sync::oneshot;

use super::declared::{Declared, DeclaredSegment, Origin, Rank};
use super::earlier::Earlier;
use super::known::Known;
use super::life::{Attaching, Ending};
use super::listed::Listed;
use super::segment::Segment;
use super::start::Start;
use super::wrapper::Wrapping;
use crate::process::{Interpreter, PythonHost, Verdict};

/// The plugins of a Python process.
#[derive(Default)]
pub struct RunningPlugins {
    /// Those of installed distributions.
    pub installed: Vec<Arc<dyn Plugin>>,
    /// Those of files in the plugins directory.
    pub files: Vec<Arc<dyn Plugin>>,
    /// Where they have not started yet: whether they are what they were taken for.
    pub verdict: Option<oneshot::Receiver<Verdict>>,
}

/// Starts the process, which loads its plugins, and answers with them. `start` is what the process
/// is told about the site.
///
/// With `versions`, which tells the plugins apart from others and from earlier versions of
/// themselves, plugins that are known from an earlier start are not waited for, unless one of their
/// hooks is called at the start.
///
/// # Errors
/// Python does not start, or a plugin cannot be loaded (PLUG-05).
pub async fn load(
    interpreter: Interpreter,
    start: &Start,
    versions: Option<&str>,
) -> Result<RunningPlugins, HookError> {
    let known = versions.and_then(|versions| Known::of(&interpreter, start, versions));
    let Some(known) = known else {
        let (host, declared, _) = PythonHost::start(interpreter, start).await?;
        return Ok(running(host, declared, start));
    };
    if let Some(declared) = known.read() {
        let tell = move |declared: &Bytes| known.write(declared);
        let (host, declared, verdict) =
            PythonHost::start_early(interpreter, start, declared, tell)?;
        return Ok(RunningPlugins {
            verdict: Some(verdict),
            ..running(host, declared, start)
        });
    }
    let (host, declared, bytes) = PythonHost::start(interpreter, start).await?;
    known.write(&bytes);
    Ok(running(host, declared, start))
}

/// The plugins of a process.
fn running(host: Arc<PythonHost>, declared: Declared, start: &Start) -> RunningPlugins {
    host.services().asked_by(Arc::downgrade(&host));
    let mut plugins = RunningPlugins::default();
    // Of one rank, the last to be registered is called first: the process can ask before any of its
    // plugins starts, is told that all have started, and ends after all of them.
    plugins.installed.push(Arc::new(Ending {
        host: Arc::clone(&host),
        serving: start.serving,
    }));
    let prepares = plugins.declare(&host, declared);
    plugins.files.push(Arc::new(Attaching { host, prepares }));
    plugins
}

impl RunningPlugins {
    /// What a process declares that is not started and ended by the server.
    pub(crate) fn declared(host: &Arc<PythonHost>, declared: Declared) -> Self {
        let mut plugins = Self::default();
        plugins.declare(host, declared);
        plugins
    }

    /// Takes what was declared; answers whether it prepares templates.
    fn declare(&mut self, host: &Arc<PythonHost>, declared: Declared) -> bool {
        for plugin in declared.plugins {
            let origin = plugin.origin;
            self.of(origin).push(Arc::new(Listed(plugin)));
        }
        let wraps = |(_, _, segment): &(Origin, Rank, DeclaredSegment)| {
            let asgi_wrapper = HookName::AsgiWrapper.name();
            segment.hooks.iter().any(|hook| hook == asgi_wrapper)
        };
        if declared.segments.iter().any(wraps) {
            self.files.push(Arc::new(Wrapping(Arc::clone(host))));
        }
        let mut prepares = false;
        for (origin, rank, segment) in declared.segments {
            let segment = Segment::new(Arc::clone(host), origin, rank, segment);
            prepares |= segment.declares(HookName::PrepareJinja2Environment);
            self.of(origin).push(Arc::new(segment));
        }
        self.installed.push(Arc::new(Earlier {
            host: Arc::clone(host),
            declared: declared.earlier,
        }));
        prepares
    }

    fn of(&mut self, origin: Origin) -> &mut Vec<Arc<dyn Plugin>> {
        match origin {
            Origin::Installed => &mut self.installed,
            Origin::Files => &mut self.files,
        }
    }
}
