//! What plugins declared when the instance started.

use std::sync::Arc;

use datasette_core::Fault;
use datasette_hooks::{
    Bus, ColumnType, Contribution, FacetKind, MagicParameter, OutputRenderer, Route,
};
use indexmap::IndexMap;

/// Everything that is declared once and used by many requests.
#[derive(Default)]
pub struct Declared {
    /// Kinds of facets in the order of evaluation.
    pub facet_kinds: Arc<[Arc<dyn FacetKind>]>,
    /// Types of columns by name.
    pub column_types: IndexMap<String, Arc<dyn ColumnType>>,
    /// Output formats by extension, without `json` and `csv` unless a plugin replaces `json`.
    pub renderers: IndexMap<String, Arc<dyn OutputRenderer>>,
    /// Magic parameters by prefix.
    pub magic_parameters: IndexMap<String, MagicParameter>,
    /// Pages in the order in which they are tried.
    pub routes: Vec<Contribution<Route>>,
}

impl Declared {
    /// Asks all plugins.
    ///
    /// # Errors
    /// Plugins contradict each other, or one of them fails in a way that must not be passed over.
    pub(crate) fn by_plugins(bus: &Bus) -> Result<Self, Fault> {
        let context = bus.context(None, None);
        Ok(Self {
            facet_kinds: bus.register_facet_classes()?.into(),
            column_types: bus.register_column_types(&context)?,
            renderers: bus.register_output_renderer(&context)?,
            magic_parameters: bus.register_magic_parameters(&context)?,
            routes: bus.register_routes(&context)?,
        })
    }
}
