//! What the server does with failures, as the plugins that `datasette plugins --all` lists.

mod forbidden;
mod handle_exception;

use std::sync::Arc;

use datasette_hooks::{HttpResponse, Plugin, PluginInfo};
use datasette_render::Urls;
use datasette_render::html::Templates;

/// The plugins of formats and HTTP, for [`datasette_engine::Plugins::built_in`].
pub fn built_in_plugins(templates: &Templates, urls: &Urls) -> Vec<Arc<dyn Plugin>> {
    let mut plugins = datasette_render::builtin::plugins();
    plugins.push(Arc::new(handle_exception::HandleException::new(
        templates, urls,
    )));
    plugins.push(Arc::new(forbidden::Forbidden::new(templates, urls)));
    plugins
}

/// What listings show about a plugin that is part of the server (PLUG-31).
fn built_in(plugin: &dyn Plugin) -> PluginInfo {
    let mut info = PluginInfo::new(plugin.name(), plugin.implements());
    info.built_in = true;
    info
}

/// Endpoints without a suffix that speak JSON only, by their path below `base_url`.
fn is_json_only(path: &str) -> bool {
    path.ends_with("/-/count") || path == "/-/jump"
}

/// The error body that all JSON errors share (ERR-01).
fn json(fault: &datasette_core::Fault) -> HttpResponse {
    let body = crate::problem::body(fault);
    HttpResponse::new(fault.status(), "application/json; charset=utf-8", body)
}

fn text(fault: &datasette_core::Fault) -> HttpResponse {
    HttpResponse::new(fault.status(), "text/plain; charset=utf-8", fault.message())
}
