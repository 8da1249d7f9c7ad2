//! `datasette.facets`: facets of columns, dates and arrays.

use std::sync::Arc;

use datasette_hooks::{
    Answer, FacetKind, FacetRequest, FacetScope, FacetSql, HookName, HookSet, Plugin, PluginInfo,
};
use datasette_query::facet::{FacetKind as Known, Rows};

use super::listed::built_in;

/// The plugin.
pub(super) struct Facets;

impl Plugin for Facets {
    fn name(&self) -> &str {
        "datasette.facets"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::RegisterFacetClasses])
    }

    fn info(&self) -> PluginInfo {
        built_in(self)
    }

    /// In the order of evaluation (FACET-07).
    fn register_facet_classes(&self) -> Answer<Vec<Arc<dyn FacetKind>>> {
        let kinds = [Known::Column, Known::Date, Known::Array];
        Ok(kinds
            .into_iter()
            .map(|kind| Arc::new(SqlFacet { kind }) as Arc<dyn FacetKind>)
            .collect())
    }
}

/// A kind whose statements `datasette_query` writes. Which columns are worth proposing is found out
/// for all three kinds together, from one sample of the rows, and not by a statement each.
struct SqlFacet {
    kind: Known,
}

impl FacetKind for SqlFacet {
    fn name(&self) -> &str {
        self.kind.name()
    }

    fn argument(&self) -> String {
        self.kind.argument()
    }

    fn results_sql(&self, scope: &FacetScope, request: &FacetRequest) -> Option<FacetSql> {
        let rows = Rows {
            sql: &scope.sql,
            columns: &scope.columns,
            facet_size: u32::try_from(scope.facet_size).unwrap_or(u32::MAX),
        };
        let (sql, params) = rows.results(&self.kind, &request.column)?;
        Some(FacetSql { sql, params })
    }
}
