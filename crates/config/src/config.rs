//! The whole configuration, typed.

use std::sync::Arc;

use datasette_core::{ColumnTypeAssignment, StoredQuery};
use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::allow::AllowBlock;
use crate::metadata::Metadata;
use crate::origin::Origin;
use crate::query::QueryConfig;
use crate::settings::Settings;
use crate::table::TableConfig;

/// Everything that files and flags say.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The settings.
    pub settings: Settings,
    /// What concerns the whole instance.
    pub instance: InstanceConfig,
    /// Databases by name (CONF-27), attached or not (CONF-06).
    pub databases: IndexMap<String, DatabaseConfig>,
    /// The merged configuration as written, secrets included; pages show what
    /// [`crate::redact::redact`] leaves of it.
    pub raw: Value,
    /// The metadata, free of what configuration took over (CONF-95, CONF-96).
    pub metadata: Metadata,
    /// Lines for the operator about keys that do nothing and are nearly one that does.
    pub warnings: Vec<String>,
    /// Where what was said.
    pub origin: Arc<Origin>,
}

/// Keys of the root that concern the whole instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InstanceConfig {
    /// Who may see anything (CONF-23).
    pub allow: Option<AllowBlock>,
    /// Who may run their own SQL (CONF-26).
    pub allow_sql: Option<AllowBlock>,
    /// Who may do what, by full action name (CONF-22).
    pub permissions: IndexMap<String, AllowBlock>,
    /// Plugin configuration by plugin name (CONF-21).
    pub plugins: Map<String, Value>,
    /// Style sheets added to every page (CONF-75).
    pub extra_css_urls: Vec<AssetUrl>,
    /// Scripts added to every page (CONF-75).
    pub extra_js_urls: Vec<AssetUrl>,
}

/// One item of `extra_css_urls` or `extra_js_urls`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssetUrl {
    /// The URL; one that starts with `/` lies under `base_url` (CONF-80).
    pub url: String,
    /// The subresource integrity hash (CONF-77).
    pub sri: Option<String>,
    /// Whether a script is a module (CONF-78).
    pub module: bool,
}

/// What configuration says about one database.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DatabaseConfig {
    /// Tables and views by exact name (CONF-09, CONF-28).
    pub tables: IndexMap<String, TableConfig>,
    /// Stored queries by name (CONF-29).
    pub queries: IndexMap<String, QueryConfig>,
    /// Who may see it and what is in it (CONF-24).
    pub allow: Option<AllowBlock>,
    /// Who may run their own SQL in it (CONF-26).
    pub allow_sql: Option<AllowBlock>,
    /// Who may do what, by full action name (CONF-22).
    pub permissions: IndexMap<String, AllowBlock>,
    /// Plugin configuration by plugin name (CONF-21).
    pub plugins: Map<String, Value>,
}

impl Config {
    /// What is said about the database of exactly that name.
    pub fn database(&self, name: &str) -> Option<&DatabaseConfig> {
        self.databases.get(name)
    }

    /// What is said about the table or view of exactly that name (CONF-09).
    pub fn table(&self, database: &str, table: &str) -> Option<&TableConfig> {
        self.databases.get(database)?.tables.get(table)
    }

    /// The configured query of that name.
    pub fn query(&self, database: &str, name: &str) -> Option<&QueryConfig> {
        self.databases.get(database)?.queries.get(name)
    }

    /// All configured queries as they are stored, in order.
    pub fn stored_queries(&self) -> impl Iterator<Item = StoredQuery> {
        self.databases.iter().flat_map(|(database, config)| {
            config
                .queries
                .iter()
                .map(move |(name, query)| query.to_stored(database, name))
        })
    }

    /// All configured column types, in order.
    pub fn column_types(&self) -> impl Iterator<Item = ColumnTypeAssignment> {
        self.databases.iter().flat_map(|(database, config)| {
            config.tables.iter().flat_map(move |(table, config)| {
                config
                    .column_types
                    .iter()
                    .map(move |(column, given)| ColumnTypeAssignment {
                        database: database.clone(),
                        resource: table.clone(),
                        column: column.clone(),
                        type_name: given.type_name.clone(),
                        config: given.config.clone(),
                    })
            })
        })
    }
}
