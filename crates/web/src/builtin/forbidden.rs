//! `datasette.forbidden`: refusals (ERR-07, ERR-08, ERR-11).

use datasette_core::Fault;
use datasette_hooks::{
    Answer, Context, HookName, HookSet, HttpResponse, Plugin, PluginInfo, Priority, RequestInfo,
    TemplateValue,
};
use datasette_render::Urls;
use datasette_render::html::Templates;
use futures_util::future::BoxFuture;
use serde_json::{Value as Json, json as value};

use super::{built_in, is_json_only, json};
use crate::visit::below_base;

/// The plugin.
pub(super) struct Forbidden {
    templates: Templates,
    urls: Urls,
}

impl Forbidden {
    pub(super) fn new(templates: &Templates, urls: &Urls) -> Self {
        Self {
            templates: templates.clone(),
            urls: urls.clone(),
        }
    }

    /// Refusals look at more than the path (ERR-07).
    fn wants_json(&self, request: &RequestInfo) -> bool {
        let is = |name: &str, test: &dyn Fn(&str) -> bool| request.header(name).is_some_and(test);
        let path = below_base(&request.path, self.urls.base_url());
        path.ends_with(".json")
            || is_json_only(&path)
            || is("accept", &|accept| accept.contains("application/json"))
            || is("content-type", &|sent| sent == "application/json")
    }
}

impl Plugin for Forbidden {
    fn name(&self) -> &str {
        "datasette.forbidden"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::Forbidden])
    }

    /// After all others (HOOK-164).
    fn priority(&self, _hook: HookName) -> Priority {
        Priority::Last
    }

    fn info(&self) -> PluginInfo {
        built_in(self)
    }

    fn forbidden<'a>(
        &'a self,
        context: &'a Context<'a>,
        message: &'a str,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        Box::pin(async move {
            let fault = Fault::forbidden(message);
            let request = context.request();
            if request.is_some_and(|request| self.wants_json(request)) {
                return Ok(Some(json(&fault)));
            }
            let variables = [
                ("ok", Json::Bool(false)),
                ("error", value!(message)),
                ("status", value!(fault.status())),
                ("title", value!("Forbidden")),
            ];
            let variables = variables
                .into_iter()
                .map(|(name, value)| (name.to_owned(), TemplateValue::Data(value)))
                .collect();
            // An ordinary page, with everything around it (ERR-11).
            let host = context.host();
            let template = match self.templates.has_own("403.html") {
                true => "403.html",
                false => "error.html",
            };
            let page = host.render_page(template, variables, request, None);
            let mut refused = page.await?;
            refused.status = fault.status();
            Ok(Some(refused))
        })
    }
}
