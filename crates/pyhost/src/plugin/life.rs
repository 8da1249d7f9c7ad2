//! The process around the hooks of start and end: plugins can reach the server before any of them
//! starts, and the process ends after all of them were told.

use std::sync::Arc;

use datasette_hooks::{
    Answer, Context, HookError, HookName, HookSet, Plugin, Priority, TemplateAdditions,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;

use crate::process::PythonHost;

/// The server's services reach the process before any plugin starts.
pub(super) struct Attaching {
    pub(super) host: Arc<PythonHost>,
    /// Whether plugins prepare templates, which is before they start.
    pub(super) prepares: bool,
}

impl Attaching {
    async fn attach(&self, context: &Context<'_>) -> Answer<()> {
        // A process that is not there yet is told when it comes.
        let is_starting = self.host.is_starting();
        self.host.attach(context.shared_host());
        self.host.note_started();
        match is_starting {
            true => Ok(()),
            false => self.host.ask("attached", &()).await,
        }
    }
}

impl Plugin for Attaching {
    fn name(&self) -> &str {
        "python"
    }

    fn implements(&self) -> HookSet {
        let hooks = HookSet::of(&[HookName::Startup, HookName::Shutdown]);
        match self.prepares {
            true => hooks.with(HookName::PrepareJinja2Environment),
            false => hooks,
        }
    }

    fn priority(&self, _hook: HookName) -> Priority {
        Priority::First
    }

    fn is_listed(&self) -> bool {
        false
    }

    fn startup<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        self.attach(context).boxed()
    }

    fn prepare_jinja2_environment<'a>(
        &'a self,
        context: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<TemplateAdditions>> {
        async {
            self.attach(context).await?;
            Ok(TemplateAdditions::default())
        }
        .boxed()
    }

    fn shutdown<'a>(&'a self, _context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        async { self.host.ask("land", &()).await }.boxed()
    }
}

/// What stands around the server is put there when every plugin has started, and the process ends
/// when every plugin was told that the server stops.
pub(super) struct Ending {
    pub(super) host: Arc<PythonHost>,
    /// Whether requests come over a socket; what stands around is told then (HOOK-17).
    pub(super) serving: bool,
}

#[derive(Serialize)]
struct Launch {
    serving: bool,
}

impl Plugin for Ending {
    fn name(&self) -> &str {
        "python"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::Startup, HookName::Shutdown])
    }

    fn priority(&self, _hook: HookName) -> Priority {
        Priority::Last
    }

    fn is_listed(&self) -> bool {
        false
    }

    fn startup<'a>(&'a self, _context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        let launch = Launch {
            serving: self.serving,
        };
        async move {
            self.host.note_launched(launch.serving);
            if self.host.is_starting() {
                return Ok(());
            }
            let launched = self.host.ask_patiently("launch", &launch).await;
            launched.map_err(|error| match error {
                HookError::Failed(why) | HookError::Raised(why, _) => HookError::Startup(why),
                other => other,
            })
        }
        .boxed()
    }

    fn shutdown<'a>(&'a self, _context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        async {
            self.host.stop().await;
            Ok(())
        }
        .boxed()
    }
}
