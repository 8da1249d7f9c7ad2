//! What handlers can reach, from the moment the plugins start to the moment they stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use datasette_core::Fault;
use datasette_engine::{Instance, background};
use datasette_hooks::{Bus, Contribution, HookName, HostServices, HttpWrapper};
use datasette_permissions::RootToken;
use datasette_render::html::Templates;
use datasette_render::html::environment::Overlays;
use datasette_render::{StaticMounts, Urls};
use datasette_telemetry::{Meters, Telemetry};

use crate::host::Host;
use crate::messages::Messages;
use crate::plugin_routes::PluginRoutes;
use crate::route::Route;
use crate::unchanged::Tags;

/// What a server is made of.
pub struct AppParts {
    /// The instance that is served.
    pub instance: Arc<Instance>,
    /// The pages' templates.
    pub templates: Templates,
    /// Paths below `base_url`.
    pub urls: Urls,
    /// Folders whose files are served as they are.
    pub mounts: StaticMounts,
    /// Whether answers carry CORS headers (CACHE-12).
    pub cors: bool,
    /// Whether the socket speaks TLS, so that absolute URLs start with `https`.
    pub tls: bool,
    /// Whether tables and rows say how long they may be kept (CLI-143).
    pub cache_headers: bool,
    /// What signs the first visitor in as root who shows its token (AUTH-28).
    pub root_token: RootToken,
    /// What is counted.
    pub meters: Meters,
    /// Where spans and metrics go, if anywhere.
    pub telemetry: Option<Telemetry>,
}

/// The whole server but its socket. A struct of parts, cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The instance that is served.
    pub instance: Arc<Instance>,
    /// The pages' templates.
    pub templates: Templates,
    /// Paths below `base_url`.
    pub urls: Urls,
    /// Folders whose files are served as they are.
    pub mounts: StaticMounts,
    /// Whether answers carry CORS headers (CACHE-12).
    pub cors: bool,
    /// Whether the socket speaks TLS, so that absolute URLs start with `https`.
    pub tls: bool,
    /// Whether tables and rows say how long they may be kept (CLI-143).
    pub(crate) cache_headers: bool,
    /// What signs the first visitor in as root who shows its token (AUTH-28).
    pub(crate) root_token: Arc<RootToken>,
    /// What is counted.
    pub(crate) meters: Meters,
    /// Where spans and metrics go, if anywhere.
    pub(crate) telemetry: Option<Telemetry>,
    /// Makes the tags of pages.
    pub(crate) tags: Tags,
    /// Pages of plugins.
    pub(crate) routes: Arc<PluginRoutes>,
    /// What stands around every request, from the innermost outwards.
    pub(crate) wrappers: Arc<[Contribution<Arc<dyn HttpWrapper>>]>,
    /// Messages that wait for the answer to their request.
    pub(crate) messages: Arc<Messages>,
    /// What plugins may ask of the server; the bus only borrows it.
    host: Arc<dyn HostServices>,
    is_stopped: Arc<AtomicBool>,
}

/// What depends on the plugins.
struct Wired {
    tags: Tags,
    routes: Arc<PluginRoutes>,
    wrappers: Arc<[Contribution<Arc<dyn HttpWrapper>>]>,
}

impl Wired {
    fn by_plugins(instance: &Instance, templates: &Templates) -> Result<Self, Fault> {
        let bus = &instance.bus;
        let wrappers = match bus.implements(HookName::AsgiWrapper) {
            true => bus.asgi_wrapper(&bus.context(None, None))?,
            false => Vec::new(),
        };
        Ok(Self {
            tags: Tags::new(bus, templates.are_built_in()),
            routes: Arc::new(PluginRoutes::compile(&instance.declared.routes)),
            wrappers: wrappers.into(),
        })
    }
}

impl App {
    /// Joins the parts, lets plugins reach the server, and tells them that it starts (HOOK-04).
    ///
    /// # Errors
    /// A plugin refuses to start; its words are for the person who starts the server (HOOK-08).
    pub async fn start(parts: AppParts) -> Result<Arc<Self>, Fault> {
        let app = Self::join(parts)?;
        app.prepare_templates().await?;
        let bus = &app.instance.bus;
        if bus.implements(HookName::Startup) {
            // INT-33: plugins find everything in place.
            app.instance.registry.settled().await;
            bus.startup(&bus.context(None, None)).await?;
        }
        Ok(app)
    }

    /// Lets plugins add to the templates (HOOK-32).
    ///
    /// # Errors
    /// A plugin fails.
    pub async fn prepare_templates(&self) -> Result<(), Fault> {
        let bus = &self.instance.bus;
        let overlays = overlays(bus);
        if bus.implements(HookName::PrepareJinja2Environment) || overlays.is_some() {
            let context = bus.context(None, None);
            let additions = bus.prepare_jinja2_environment(&context).await?;
            self.templates.extend(additions, overlays);
        }
        Ok(())
    }

    /// Joins the parts and lets plugins reach the server, which they are not told of.
    ///
    /// # Errors
    /// A plugin cannot put itself around requests.
    pub fn join(parts: AppParts) -> Result<Arc<Self>, Fault> {
        let wired = Wired::by_plugins(&parts.instance, &parts.templates)?;
        let bus = Arc::clone(&parts.instance.bus);
        let app = Arc::new_cyclic(|app: &Weak<Self>| Self {
            tags: wired.tags,
            routes: wired.routes,
            wrappers: wired.wrappers,
            messages: Arc::default(),
            host: Arc::new(Host::new(app.clone())),
            is_stopped: Arc::default(),
            instance: parts.instance,
            templates: parts.templates,
            urls: parts.urls,
            mounts: parts.mounts,
            cors: parts.cors,
            tls: parts.tls,
            cache_headers: parts.cache_headers,
            root_token: Arc::new(parts.root_token),
            meters: parts.meters,
            telemetry: parts.telemetry,
        });
        bus.attach_host(&app.host);
        Ok(app)
    }

    /// The same server with an instance that has other plugins, and with their templates and files.
    /// What visitors have been told stays.
    ///
    /// # Errors
    /// A plugin cannot put itself around requests.
    pub fn with_plugins(
        &self,
        instance: Arc<Instance>,
        templates: Templates,
        mounts: StaticMounts,
    ) -> Result<Arc<Self>, Fault> {
        let wired = Wired::by_plugins(&instance, &templates)?;
        let bus = Arc::clone(&instance.bus);
        let app = Arc::new_cyclic(|app: &Weak<Self>| Self {
            tags: wired.tags,
            routes: wired.routes,
            wrappers: wired.wrappers,
            host: Arc::new(Host::new(app.clone())),
            instance,
            templates,
            mounts,
            ..self.clone()
        });
        bus.attach_host(&app.host);
        Ok(app)
    }

    /// The server for the time of one request (HOOK-153).
    pub(crate) fn for_request(self: &Arc<Self>) -> Arc<Self> {
        let instance = self.instance.for_request();
        match Arc::ptr_eq(&instance, &self.instance) {
            true => Arc::clone(self),
            false => self.with_instance(instance),
        }
    }

    /// The server as this instance has it.
    pub(crate) fn with_instance(&self, instance: Arc<Instance>) -> Arc<Self> {
        Arc::new(Self {
            instance,
            ..self.clone()
        })
    }

    /// The kind of page that a path leads to, one of [`crate::ROUTE_KINDS`]; the path is one below
    /// `base_url`, without its query string. Pages of plugins have no kind here.
    pub fn route_kind(&self, path: &str) -> &'static str {
        Route::find(path, &self.mounts).kind()
    }

    /// What plugins may ask of the server.
    pub fn services(&self) -> Arc<dyn HostServices> {
        Arc::clone(&self.host)
    }

    /// Starts what plugins have done beside the requests, now that all of them have started
    /// (BG-01). Not for a server that answers one request and ends (CLI-110).
    pub fn launch_background_tasks(&self) {
        self.instance.background.launch();
    }

    /// Tells plugins that the server stops, while their tasks still run and their queries still
    /// work (HOOK-12), then ends their tasks (BG-07). Only the first call counts. The databases
    /// close when the last holder of the app lets go, and drain their queued writes (BG-10).
    pub async fn stop(&self) {
        if self.is_stopped.swap(true, Ordering::AcqRel) {
            return;
        }
        let bus = &self.instance.bus;
        if bus.implements(HookName::Shutdown) {
            bus.shutdown(&bus.context(None, None)).await;
        }
        self.instance.background.stop(background::GRACE).await;
    }
}

/// The way to the templates that plugins have for a request, where any may have some (HOOK-35).
fn overlays(bus: &Arc<Bus>) -> Option<Overlays> {
    let hook = HookName::Jinja2EnvironmentFromRequest;
    bus.implements(hook).then(|| {
        let bus = Arc::clone(bus);
        let overlays: Overlays = Arc::new(move |request| {
            let context = bus.context(request.actor.as_ref(), Some(request));
            bus.jinja2_environment_from_request(&context)
        });
        overlays
    })
}
