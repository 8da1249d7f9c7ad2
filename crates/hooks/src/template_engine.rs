//! The template engine of plugins, for pages that the server's own cannot render (OOP-08, OOP-09).

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::page_value::PageValue;
use crate::plugin::Answer;
use crate::request::RequestInfo;

/// Renders pages outside of the server, from the server's templates and those that plugins add.
pub trait TemplateEngine: Send + Sync {
    /// The first of these templates that there is for the request.
    fn select<'a>(
        &'a self,
        candidates: &'a [String],
        request: Option<&'a RequestInfo>,
    ) -> BoxFuture<'a, Answer<Selection>>;

    /// Names of all templates that there are for the request.
    fn names<'a>(&'a self, request: Option<&'a RequestInfo>) -> BoxFuture<'a, Answer<Vec<String>>>;

    /// Renders a page.
    fn render<'a>(&'a self, page: EnginePage<'a>) -> BoxFuture<'a, Answer<EngineAnswer>>;
}

/// An engine, and what it has to be used for.
#[derive(Clone)]
pub struct EngineOffer {
    /// The engine.
    pub engine: Arc<dyn TemplateEngine>,
    /// What only it can do.
    pub claims: TemplateClaims,
}

impl std::fmt::Debug for EngineOffer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.claims.fmt(formatter)
    }
}

/// What templates can only use with the engine of plugins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct TemplateClaims {
    /// Why no page can do without it, where that is so: other delimiters, loaders and so on.
    #[serde(default)]
    pub everything: Option<String>,
    /// Whether requests may have environments of their own (HOOK-35).
    #[serde(default)]
    pub per_request: bool,
    /// Filters that were added or replaced.
    #[serde(default)]
    pub filters: BTreeSet<String>,
    /// Tests that were added or replaced.
    #[serde(default)]
    pub tests: BTreeSet<String>,
    /// Global names that were added or replaced.
    #[serde(default)]
    pub globals: BTreeSet<String>,
    /// Tags that were added.
    #[serde(default)]
    pub tags: BTreeSet<String>,
}

impl TemplateClaims {
    /// Adds what others claim.
    pub fn merge(&mut self, other: Self) {
        self.everything = self.everything.take().or(other.everything);
        self.per_request |= other.per_request;
        self.filters.extend(other.filters);
        self.tests.extend(other.tests);
        self.globals.extend(other.globals);
        self.tags.extend(other.tags);
    }
}

/// Which template it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Selection {
    /// The name of the first that exists.
    pub template: Option<String>,
    /// Whether the request has an environment of its own.
    pub is_own: bool,
}

/// A page to render.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct EnginePage<'a> {
    /// The template.
    pub template: &'a str,
    /// All its variables.
    pub variables: &'a IndexMap<String, PageValue>,
    /// The request, where there is one.
    pub request: Option<&'a RequestInfo>,
    /// The number that scripts of the page carry.
    pub nonce: &'a str,
}

/// A page that was rendered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct EngineAnswer {
    /// Its markup.
    pub html: String,
    /// What its templates need of the policy for scripts, as they note it.
    #[serde(default)]
    pub needs: u8,
    /// Whether a template showed the messages.
    #[serde(default)]
    pub messages_shown: bool,
    /// The status that a template asked for (CTX-90).
    #[serde(default)]
    pub status: Option<i64>,
    /// The headers that templates asked for.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// What a template said where it found nothing to show (ROUTE-54).
    #[serde(default)]
    pub not_found: Option<String>,
}

/// Where the server's templates come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TemplateFiles {
    /// Folders in the order in which they are searched.
    pub folders: Vec<PathBuf>,
    /// The built-in ones, which come last: names and sources.
    pub built_in: Vec<(&'static str, &'static str)>,
}

/// The variables that every page has (CTX-16), for a page that a plugin renders itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PageFrame {
    /// The variables, those of plugins included.
    pub variables: IndexMap<String, PageValue>,
    /// The number that scripts of the page carry.
    pub nonce: String,
}
