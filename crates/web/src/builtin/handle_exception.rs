//! `datasette.handle_exception`: failures as the request wants them (ERR-03 to ERR-06, ERR-09).

use datasette_core::Fault;
use datasette_hooks::{
    Answer, Context, HookName, HookSet, HttpResponse, Plugin, PluginInfo, Priority, RequestInfo,
};
use datasette_render::Urls;
use datasette_render::html::{Templates, error};
use futures_util::future::BoxFuture;

use super::{built_in, is_json_only, json, text};
use crate::http;
use crate::visit::below_base;

/// The plugin.
pub(super) struct HandleException {
    templates: Templates,
    urls: Urls,
}

impl HandleException {
    pub(super) fn new(templates: &Templates, urls: &Urls) -> Self {
        Self {
            templates: templates.clone(),
            urls: urls.clone(),
        }
    }

    async fn answer(&self, request: &RequestInfo, fault: &Fault) -> HttpResponse {
        let path = below_base(&request.path, self.urls.base_url());
        if path.ends_with(".json") || is_json_only(&path) {
            return json(fault);
        }
        let is_text = [".csv", "/-/schema", "/-/schema.md"];
        if is_text.iter().any(|end| path.ends_with(end)) {
            return text(fault);
        }
        match error::bare(&self.templates, &self.urls, Some(request), fault).await {
            Ok(page) => http::page(fault.status(), page),
            Err(broken) => {
                // A template that fails must not take the message with it.
                tracing::error!(cause = ?broken.cause().map(ToString::to_string), "error page: {broken}");
                text(fault)
            }
        }
    }
}

impl Plugin for HandleException {
    fn name(&self) -> &str {
        "datasette.handle_exception"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::HandleException])
    }

    /// After all others (HOOK-169).
    fn priority(&self, _hook: HookName) -> Priority {
        Priority::Last
    }

    fn info(&self) -> PluginInfo {
        built_in(self)
    }

    fn handle_exception<'a>(
        &'a self,
        context: &'a Context<'a>,
        fault: &'a Fault,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        Box::pin(async move {
            Ok(match context.request() {
                Some(request) => Some(self.answer(request, fault).await),
                None => None,
            })
        })
    }
}
