//! A site for the process that started this one: a test suite of a plugin makes such sites, and runs
//! the plugins itself (OOP-25). It listens on no port; requests come over the connection to that
//! process, and the site ends with it.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use datasette_core::{Fault, FaultKind};
use datasette_engine::Plugins;
use datasette_hooks::HostServices;
use datasette_permissions::Flags;
use datasette_pyhost::{EmbeddedSite, ParentSockets, RunningPlugins};
use datasette_web::{App, built_in_plugins};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use serde_json::json;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use super::{Ending, serve};
use crate::args::ServeArguments;
use crate::assemble::{PythonPlace, assemble, furnish, named};
use crate::database_files::{self, DatabaseFiles};
use crate::failure::Failure;
use crate::output;

/// Threads that answer requests: suites make many sites, and each has one visitor.
const THREADS: usize = 2;

/// Makes the site, tells the other process that it is ready, and serves it until it has enough.
/// Sockets are made in `folder`, which belongs to that process. A line of JSON on standard output says
/// what came of it.
pub(crate) fn embedded(folder: &Path, arguments: &ServeArguments) -> Result<Ending, Failure> {
    let cannot = |error: std::io::Error| Failure::error(format!("The site cannot start: {error}"));
    let runtime = Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build()
        .map_err(cannot)?;
    let served = runtime.block_on(serve_parent(folder, arguments));
    if let Err(failure) = &served {
        output::say(&json!({"failed": failure.text()}).to_string());
    }
    let app = served.ok().flatten();
    // Databases wait for their lanes, and lanes for bodies that somebody reads.
    drop(runtime);
    serve::close(app);
    Ok(Ending::Code(0))
}

async fn serve_parent(
    folder: &Path,
    arguments: &ServeArguments,
) -> Result<Option<Arc<App>>, Failure> {
    let cannot = |error: std::io::Error| Failure::error(format!("The site cannot start: {error}"));
    let parent_ends = end_of_input().map_err(cannot)?;
    let site = assemble(arguments, false, PythonPlace::Parent).await?;
    site.fresh_internal.keep();
    let sockets = ParentSockets::bind(folder).map_err(cannot)?;
    output::say(&json!({"ready": true}).to_string());
    let services = site.app.services();
    let (enough, had_enough) = oneshot::channel();
    let embedded = Arc::new(Embedded {
        files: database_files::settle(named(arguments))?,
        arguments: arguments.clone(),
        current: Mutex::new(Some(site.app)),
        enough: Mutex::new(Some(enough)),
    });
    let connect = sockets.accept(|host| host.command(Arc::clone(&embedded) as _, services));
    let mut parent_ends = std::pin::pin!(parent_ends);
    let parent = tokio::select! {
        parent = connect => Some(parent.map_err(cannot)?),
        _ = &mut parent_ends => None,
    };
    if let Some(parent) = parent {
        tokio::select! {
            _ = parent.gone => {}
            _ = parent_ends => {}
            _ = had_enough => {}
        }
    }
    Ok(embedded.current.lock().take())
}

/// Is told when the other process has ended, however that happens: it holds the other end.
fn end_of_input() -> std::io::Result<oneshot::Receiver<()>> {
    let (telling, told) = oneshot::channel();
    thread::Builder::new()
        .name("parent".to_owned())
        .spawn(move || {
            let mut rest = Vec::new();
            let _ = std::io::stdin().read_to_end(&mut rest);
            let _ = telling.send(());
        })?;
    Ok(told)
}

/// The site of another process.
struct Embedded {
    arguments: ServeArguments,
    files: DatabaseFiles,
    current: Mutex<Option<Arc<App>>>,
    enough: Mutex<Option<oneshot::Sender<()>>>,
}

impl Embedded {
    async fn replug(
        &self,
        plugins: RunningPlugins,
        root_enabled: bool,
        is_start: bool,
    ) -> Result<Arc<dyn HostServices>, Fault> {
        let current = self.current.lock().clone();
        let app = current.ok_or_else(|| Fault::unavailable("The site is closed"))?;
        let mut plugins = Plugins {
            installed: plugins.installed,
            files: plugins.files,
            ..Plugins::default()
        };
        let surroundings = (&*app.instance.config, &app.urls);
        let (templates, mounts) = furnish(&self.arguments, &self.files, surroundings, &plugins)
            .map_err(|failure| Fault::new(FaultKind::Internal, failure.text()))?;
        plugins.built_in = built_in_plugins(&templates, &app.urls);
        let flags = Flags {
            root_enabled,
            default_deny: self.arguments.default_deny,
        };
        let instance = app.instance.with_plugins(plugins, flags).await?;
        if is_start {
            instance.store_configured_column_types().await?;
        }
        let app = app.with_plugins(Arc::new(instance), templates, mounts)?;
        app.prepare_templates().await?;
        let services = app.services();
        *self.current.lock() = Some(app);
        Ok(services)
    }
}

impl EmbeddedSite for Embedded {
    fn plug<'a>(
        &'a self,
        plugins: RunningPlugins,
        root_enabled: bool,
        is_start: bool,
    ) -> BoxFuture<'a, Result<Arc<dyn HostServices>, Fault>> {
        self.replug(plugins, root_enabled, is_start).boxed()
    }

    fn launch_background_tasks(&self) {
        if let Some(app) = &*self.current.lock() {
            app.launch_background_tasks();
        }
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {
            if let Some(enough) = self.enough.lock().take() {
                let _ = enough.send(());
            }
        }
        .boxed()
    }
}
