//! Pages that plugins add.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::context::Context;
use crate::http::{HttpRequest, HttpResponse};
use crate::plugin::Answer;

/// Answers the requests of a route. No permission has been checked (HOOK-124).
pub trait View: Send + Sync {
    /// The response; named parts of the path are in `request.info.url_vars` (HOOK-116).
    fn respond<'a>(
        &'a self,
        context: &'a Context<'a>,
        request: HttpRequest,
    ) -> BoxFuture<'a, Answer<HttpResponse>>;
}

/// A page that a plugin adds. Tried before the server's own, first match wins (HOOK-115).
#[derive(Clone)]
pub struct Route {
    /// A regular expression over the raw path without `base_url`, anchored at its start only
    /// (HOOK-113, HOOK-114).
    pub pattern: String,
    /// What answers.
    pub view: Arc<dyn View>,
}

impl Route {
    /// A page at the paths that match.
    pub fn new(pattern: impl Into<String>, view: impl View + 'static) -> Self {
        Self {
            pattern: pattern.into(),
            view: Arc::new(view),
        }
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Route({:?})", self.pattern)
    }
}
