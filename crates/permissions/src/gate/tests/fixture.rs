//! A configuration, a catalogue and a gate from a few words.

use std::sync::Arc;
use std::time::Duration;

use datasette_config::{AllowBlock, Config, DatabaseConfig, QueryConfig, TableConfig};
use datasette_core::clock::FixedClock;
use datasette_core::schema::Derivation;
use datasette_core::{
    Actor, Catalogue, DatabaseEntry, DatabaseSchema, StoredQuery, Table, TableKind,
};
use datasette_hooks::{Bus, Plugin};
use futures_util::FutureExt;
use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::default_plugins::{Authority, default_plugins};
use crate::gate::Gate;
use crate::signing::Signer;
use crate::sources::Flags;

pub(super) const ROOT: Flags = Flags {
    root_enabled: true,
    default_deny: false,
};

/// Gives the result of a future that never waits.
pub(super) fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("nothing to wait for")
}

pub(super) fn actor(properties: &Value) -> Option<Actor> {
    properties.as_object().cloned().map(Actor::new)
}

fn block(value: &Value) -> Option<AllowBlock> {
    AllowBlock::from_json(value).unwrap()
}

fn permissions(value: &Value) -> IndexMap<String, AllowBlock> {
    let entries = value.as_object().into_iter().flatten();
    entries
        .filter_map(|(action, value)| Some((action.clone(), block(value)?)))
        .collect()
}

fn members(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn table(value: &Value) -> TableConfig {
    TableConfig {
        allow: block(&value["allow"]),
        permissions: permissions(&value["permissions"]),
        ..TableConfig::default()
    }
}

fn query(value: &Value) -> QueryConfig {
    QueryConfig {
        allow: block(&value["allow"]),
        permissions: permissions(&value["permissions"]),
        ..QueryConfig::default()
    }
}

fn database(value: &Value) -> DatabaseConfig {
    let tables = members(&value["tables"]).into_iter();
    let queries = members(&value["queries"]).into_iter();
    DatabaseConfig {
        tables: tables.map(|(name, value)| (name, table(&value))).collect(),
        queries: queries.map(|(name, value)| (name, query(&value))).collect(),
        allow: block(&value["allow"]),
        allow_sql: block(&value["allow_sql"]),
        permissions: permissions(&value["permissions"]),
        ..DatabaseConfig::default()
    }
}

/// The permission part of a configuration.
pub(super) fn config(value: &Value) -> Config {
    let mut config = Config::default();
    config.instance.allow = block(&value["allow"]);
    config.instance.allow_sql = block(&value["allow_sql"]);
    config.instance.permissions = permissions(&value["permissions"]);
    let databases = members(&value["databases"]).into_iter();
    config.databases = databases
        .map(|(name, value)| (name, database(&value)))
        .collect();
    if let Some(allow) = value["settings"]["default_allow_sql"].as_bool() {
        config.settings.default_allow_sql = allow;
    }
    config
}

/// A gate whose bus has the default plugins after these.
pub(super) fn gate_with(value: &Value, flags: Flags, mut plugins: Vec<Arc<dyn Plugin>>) -> Gate {
    let config = Arc::new(config(value));
    plugins.extend(default_plugins(&Authority {
        config: Arc::clone(&config),
        flags,
        signer: Signer::new("secret"),
        clock: Arc::new(FixedClock(Duration::ZERO)),
    }));
    Gate::new(&config, Arc::new(Bus::new(plugins)), flags).unwrap()
}

pub(super) fn gate(value: &Value, flags: Flags) -> Gate {
    gate_with(value, flags, Vec::new())
}

fn named(name: &str, derivation: Derivation) -> (String, Arc<Table>) {
    let table = Table {
        name: name.to_owned(),
        kind: TableKind::Rowid,
        columns: Vec::new(),
        primary_key: Vec::new(),
        root_page: 2,
        sql: String::new(),
        indexes: Vec::new(),
        foreign_key_parts: Vec::new(),
        outgoing: Vec::new(),
        incoming: Vec::new(),
        fts_table: None,
        hidden: false,
        derivation,
        label_column: None,
    };
    (name.to_owned(), Arc::new(table))
}

/// A database: `name` is a table, `name<source` one that derives from `source`, `name<?` one whose
/// source cannot be found out.
pub(super) fn entry(name: &str, tables: impl IntoIterator<Item = String>) -> Arc<DatabaseEntry> {
    let tables = tables.into_iter().map(|table| match table.split_once('<') {
        None => named(&table, Derivation::None),
        Some((table, "?")) => named(table, Derivation::Unresolvable),
        Some((table, source)) => named(table, Derivation::From(source.to_owned())),
    });
    Arc::new(DatabaseEntry {
        name: name.to_owned(),
        route: name.to_owned(),
        path: None,
        is_mutable: true,
        is_memory: true,
        hash: None,
        schema: Arc::new(DatabaseSchema {
            tables: tables.collect(),
            ..DatabaseSchema::default()
        }),
    })
}

pub(super) fn catalogue(databases: &[(&str, &[&str])]) -> Catalogue {
    let own = |tables: &[&str]| {
        tables
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    Catalogue::new(
        databases
            .iter()
            .map(|(name, tables)| entry(name, own(tables))),
    )
}

pub(super) fn stored(database: &str, name: &str) -> StoredQuery {
    StoredQuery {
        database: database.to_owned(),
        name: name.to_owned(),
        source: "config".to_owned(),
        ..StoredQuery::default()
    }
}
