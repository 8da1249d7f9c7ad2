//! What configuration says about a table, in the words of a question.

use datasette_config::table::{FacetConfig, Size, TableConfig};
use datasette_core::TableRef;
use datasette_query::{FacetKind, FacetRequest, PageSize, TableDefaults};

use crate::Instance;

/// The defaults of one table (CONFIG-01).
pub fn of(instance: &Instance, table: &TableRef) -> TableDefaults {
    instance
        .config
        .table(table.database().name(), table.name())
        .map(from_config)
        .unwrap_or_default()
}

fn from_config(config: &TableConfig) -> TableDefaults {
    TableDefaults {
        sort: config.sort.clone(),
        sort_desc: config.sort_desc.clone(),
        size: config.size.as_ref().map(size),
        sortable_columns: config.sortable_columns.clone(),
        facets: config.facets.iter().map(facet).collect(),
        facet_size: config.facet_size.as_ref().map(size),
        fts_table: config.fts_table.clone(),
        fts_pk: config.fts_pk.clone(),
        search_raw: config.searchmode.as_deref() == Some("raw"),
        label_column: config.label_column.clone(),
    }
}

fn size(size: &Size) -> PageSize {
    match size {
        Size::Exactly(rows) => PageSize::Rows(u32::try_from(*rows).unwrap_or(u32::MAX)),
        Size::Max => PageSize::Max,
        Size::Invalid(_) => PageSize::Invalid,
    }
}

fn facet(config: &FacetConfig) -> FacetRequest {
    match config {
        FacetConfig::Facet { kind, config } => {
            FacetRequest::configured(FacetKind::named(kind), config)
        }
        FacetConfig::Malformed => FacetRequest::malformed(),
    }
}
