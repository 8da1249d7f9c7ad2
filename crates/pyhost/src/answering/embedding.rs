//! What a process that started the server asks of it, beyond what plugins may (OOP-25).

use std::sync::{Arc, Weak};

use bytes::Bytes;
use datasette_core::Fault;
use datasette_hooks::HostServices;
use futures_util::future::BoxFuture;
use serde::Deserialize;

use super::services::{Answered, answered, parsed};
use crate::channel::Answerer;
use crate::plugin::{Declared, RunningPlugins};
use crate::process::PythonHost;
use crate::protocol::Failure;

/// The site that a process made.
pub trait EmbeddedSite: Send + Sync {
    /// Its plugins are these from now on. Answers with the services that plugins reach. `is_start`
    /// the first time.
    fn plug<'a>(
        &'a self,
        plugins: RunningPlugins,
        root_enabled: bool,
        is_start: bool,
    ) -> BoxFuture<'a, Result<Arc<dyn HostServices>, Fault>>;

    /// Tasks of plugins may run from now on.
    fn launch_background_tasks(&self);

    /// Tasks end, writes that wait are done, and the databases close.
    fn close(&self) -> BoxFuture<'_, ()>;
}

pub(super) struct Commands {
    host: Weak<PythonHost>,
    site: Arc<dyn EmbeddedSite>,
}

#[derive(Deserialize)]
struct Plugged {
    declared: Declared,
    root_enabled: bool,
    is_start: bool,
}

impl PythonHost {
    /// Lets the process command its site, and its plugins reach the site's services.
    pub fn command(self: &Arc<Self>, site: Arc<dyn EmbeddedSite>, services: Arc<dyn HostServices>) {
        self.attach(services);
        let host = Arc::downgrade(self);
        self.services().obey(Arc::new(Commands { host, site }));
    }
}

impl Commands {
    async fn plug(&self, plugged: Plugged) -> Answered {
        let Some(host) = self.host.upgrade() else {
            return Err(Failure::failed("the site is closed"));
        };
        let plugins = RunningPlugins::declared(&host, plugged.declared);
        let site = &self.site;
        let plug = site.plug(plugins, plugged.root_enabled, plugged.is_start);
        host.attach(plug.await.map_err(Failure::from)?);
        answered(&())
    }

    async fn obey(&self, method: &str, params: &Bytes) -> Answered {
        match method {
            "site.plug" => self.plug(parsed(params)?).await,
            "site.launch" => {
                self.site.launch_background_tasks();
                answered(&())
            }
            "site.close" => {
                self.site.close().await;
                answered(&())
            }
            _ => Err(Failure::failed(format!("there is no command {method}"))),
        }
    }
}

impl Answerer for Commands {
    fn answer(self: Arc<Self>, method: String, params: Bytes) -> BoxFuture<'static, Answered> {
        Box::pin(async move { self.obey(&method, &params).await })
    }
}
