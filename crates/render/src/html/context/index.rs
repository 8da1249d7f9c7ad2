//! `index.html` (CTX-88).

use datasette_hooks::ActionItem;
use minijinja::context;
use minijinja::value::Value;
use serde_json::Value as Json;

use super::{action_links, slot};
use crate::html::data::{data, list};

/// The variables of the index page.
#[derive(Debug)]
pub struct IndexContext<'a> {
    /// Databases as in the JSON (INDEX-05).
    pub databases: &'a [Json],
    /// Metadata of the instance.
    pub metadata: Json,
    /// Whether an anonymous visitor may not see the page.
    pub private: bool,
    /// Whether search engines are sent away (INDEX-16).
    pub noindex: bool,
    /// HTML of plugins.
    pub top: String,
    /// Entries of the actions menu.
    pub actions: Vec<ActionItem>,
}

impl IndexContext<'_> {
    /// As template variables.
    pub fn variables(&self) -> Value {
        context! {
            databases => list(self.databases),
            metadata => data(&self.metadata),
            private => self.private,
            noindex => self.noindex,
            top_homepage => slot(&self.top),
            homepage_actions => action_links(&self.actions),
        }
    }
}
