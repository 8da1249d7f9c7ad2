//! Values of templates that live in Python, and the engine that can use them.

use std::sync::Arc;

use datasette_core::{Fault, FaultKind};
use datasette_hooks::{
    Answer, EngineAnswer, EngineOffer, EnginePage, ForeignValue, HookError, RequestInfo, Selection,
    TemplateAdditions, TemplateClaims, TemplateEngine, TemplateValue,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::process::PythonHost;
use crate::protocol::{Failure, FailureKind};

/// A value as it crosses.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RemoteValue {
    /// Data.
    Data(Json),
    /// HTML that is trusted.
    Html(String),
    /// What stays in Python: its number, and how it looks.
    Foreign(u64, String),
}

impl From<RemoteValue> for TemplateValue {
    fn from(value: RemoteValue) -> Self {
        match value {
            RemoteValue::Data(data) => Self::Data(data),
            RemoteValue::Html(html) => Self::Html(html),
            RemoteValue::Foreign(id, shown) => Self::Foreign(ForeignValue { id, shown }),
        }
    }
}

/// Jinja2 itself, in the process of the plugins.
struct Jinja {
    host: Arc<PythonHost>,
}

/// What plugins claim for Jinja2, as an addition to the templates of the server.
pub(super) fn additions(host: &Arc<PythonHost>, claims: TemplateClaims) -> TemplateAdditions {
    let engine = Arc::new(Jinja {
        host: Arc::clone(host),
    });
    TemplateAdditions {
        engine: Some(EngineOffer { engine, claims }),
        ..TemplateAdditions::default()
    }
}

#[derive(Serialize)]
struct Choice<'a> {
    candidates: &'a [String],
    request: Option<&'a RequestInfo>,
}

#[derive(Serialize)]
struct Listing<'a> {
    request: Option<&'a RequestInfo>,
}

/// What rendering came to.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Came {
    Page(EngineAnswer),
    Failed(Failure),
}

impl TemplateEngine for Jinja {
    fn select<'a>(
        &'a self,
        candidates: &'a [String],
        request: Option<&'a RequestInfo>,
    ) -> BoxFuture<'a, Answer<Selection>> {
        async move {
            let choice = Choice {
                candidates,
                request,
            };
            self.host.ask("select_template", &choice).await
        }
        .boxed()
    }

    fn names<'a>(&'a self, request: Option<&'a RequestInfo>) -> BoxFuture<'a, Answer<Vec<String>>> {
        async move { self.host.ask("list_templates", &Listing { request }).await }.boxed()
    }

    fn render<'a>(&'a self, page: EnginePage<'a>) -> BoxFuture<'a, Answer<EngineAnswer>> {
        async move {
            match self.host.ask_patiently("render_page", &page).await? {
                Came::Page(answer) => Ok(answer),
                Came::Failed(failure) => Err(failed(failure)),
            }
        }
        .boxed()
    }
}

/// A template that failed: its author is told on the page, as with any other template.
fn failed(failure: Failure) -> HookError {
    match failure.kind {
        FailureKind::Failed | FailureKind::Sql | FailureKind::Interrupted => {
            let cause = failure.traceback.unwrap_or_default();
            let fault = Fault::new(FaultKind::Internal, failure.message);
            HookError::Refused(fault.caused_by(cause))
        }
        _ => failure.into(),
    }
}
