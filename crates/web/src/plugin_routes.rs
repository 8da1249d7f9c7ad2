//! Pages of plugins, tried before the server's own (HOOK-113 to HOOK-128).

use std::sync::Arc;

use axum::body::Body;
use datasette_core::Fault;
use datasette_hooks::{Contribution, HttpRequest, Route, View, settle};
use regex::Regex;

use crate::http;
use crate::reply::{NoCors, Reply};
use crate::visit::Visit;

/// The pages in the order in which they are tried.
#[derive(Default)]
pub(crate) struct PluginRoutes {
    routes: Vec<Compiled>,
}

struct Compiled {
    written: String,
    plugin: String,
    pattern: Regex,
    view: Arc<dyn View>,
}

/// A page with the named parts of the path that led to it, undecoded (HOOK-116).
pub(crate) struct Found {
    /// The pattern, as the plugin wrote it.
    pub(crate) written: String,
    plugin: String,
    view: Arc<dyn View>,
    /// The named parts.
    pub(crate) url_vars: Vec<(String, String)>,
}

impl PluginRoutes {
    /// Compiles the patterns. One that cannot be compiled costs its page.
    pub(crate) fn compile(routes: &[Contribution<Route>]) -> Self {
        let compile = |route: &Contribution<Route>| {
            // Anchored at the start only (HOOK-113).
            match Regex::new(&format!("^(?:{})", route.value.pattern)) {
                Ok(pattern) => Some(Compiled {
                    plugin: route.plugin.clone(),
                    written: route.value.pattern.clone(),
                    pattern,
                    view: Arc::clone(&route.value.view),
                }),
                Err(error) => {
                    tracing::error!(plugin = route.plugin, "a route is left out: {error}");
                    None
                }
            }
        };
        Self {
            routes: routes.iter().filter_map(compile).collect(),
        }
    }

    /// The first page whose pattern matches the raw path below `base_url` (HOOK-114, HOOK-115).
    pub(crate) fn find(&self, path: &str) -> Option<Found> {
        self.routes.iter().find_map(|route| {
            let parts = route.pattern.captures(path)?;
            let names = route.pattern.capture_names().flatten();
            Some(Found {
                written: route.written.clone(),
                plugin: route.plugin.clone(),
                view: Arc::clone(&route.view),
                url_vars: names
                    .filter_map(|name| {
                        let part = parts.name(name)?;
                        Some((name.to_owned(), part.as_str().to_owned()))
                    })
                    .collect(),
            })
        })
    }
}

/// The answer of a page.
///
/// # Errors
/// The page refuses on purpose, or fails: 500.
pub(crate) async fn answer(visit: &Visit, found: Found, body: Body) -> Result<Reply, Fault> {
    let context = visit.hooks();
    let request = HttpRequest {
        info: visit.info.clone(),
        body: datasette_hooks::Body::Stream(http::stream(body)),
    };
    let answered = settle(async { found.view.respond(&context, request).await }).await;
    // A page says by itself what other sites may read of it.
    let reply = |response| {
        let mut reply = http::reply(response);
        reply.extensions_mut().insert(NoCors);
        reply
    };
    answered
        .map(reply)
        .map_err(|error| error.into_fault(&found.plugin, "register_routes"))
}
