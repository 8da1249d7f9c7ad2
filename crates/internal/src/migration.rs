//! The tables of the internal database (INT-10 to INT-19) and the record that they were made.

use datasette_core::{Fault, Value};
use datasette_sqlite::{Limits, Writer};

use crate::cell::fault;

const SET: &str = "datasette_internal";
const INITIAL: &str = "0001_initial";

/// The record of migrations, in the form that programs for SQLite migrations share (INT-06).
const RECORD: &str = r#"
create table if not exists "_sqlite_migrations" (
    "id" integer primary key,
    "migration_set" text,
    "name" text,
    "applied_at" text
);
create unique index if not exists "idx__sqlite_migrations_migration_set_name"
    on "_sqlite_migrations" ("migration_set", "name");
"#;

/// Names, types, keys and references are read by plugins; do not change them.
const TABLES: &str = r#"
create table if not exists catalog_databases (
    database_name TEXT primary key,
    path TEXT,
    is_memory INTEGER,
    schema_version INTEGER
);
create table if not exists catalog_tables (
    database_name TEXT references catalog_databases(database_name),
    table_name TEXT,
    rootpage INTEGER,
    sql TEXT,
    primary key (database_name, table_name)
);
create table if not exists catalog_views (
    database_name TEXT references catalog_databases(database_name),
    view_name TEXT,
    rootpage INTEGER,
    sql TEXT,
    primary key (database_name, view_name)
);
create table if not exists catalog_columns (
    database_name TEXT references catalog_databases(database_name),
    table_name TEXT,
    cid INTEGER,
    name TEXT,
    type TEXT,
    "notnull" INTEGER,
    default_value TEXT,
    is_pk INTEGER,
    hidden INTEGER,
    primary key (database_name, table_name, name),
    foreign key (database_name, table_name)
        references catalog_tables(database_name, table_name)
);
create table if not exists catalog_indexes (
    database_name TEXT references catalog_databases(database_name),
    table_name TEXT,
    seq INTEGER,
    name TEXT,
    "unique" INTEGER,
    origin TEXT,
    partial INTEGER,
    primary key (database_name, table_name, name),
    foreign key (database_name, table_name)
        references catalog_tables(database_name, table_name)
);
create table if not exists catalog_foreign_keys (
    database_name TEXT references catalog_databases(database_name),
    table_name TEXT,
    id INTEGER,
    seq INTEGER,
    "table" TEXT,
    "from" TEXT,
    "to" TEXT,
    on_update TEXT,
    on_delete TEXT,
    match TEXT,
    primary key (database_name, table_name, id, seq),
    foreign key (database_name, table_name)
        references catalog_tables(database_name, table_name)
);
create table if not exists metadata_instance (
    key text unique,
    value text
);
create table if not exists metadata_databases (
    database_name text,
    key text,
    value text,
    unique (database_name, key)
);
create table if not exists metadata_resources (
    database_name text,
    resource_name text,
    key text,
    value text,
    unique (database_name, resource_name, key)
);
create table if not exists metadata_columns (
    database_name text,
    resource_name text,
    column_name text,
    key text,
    value text,
    unique (database_name, resource_name, column_name, key)
);
create table if not exists column_types (
    database_name TEXT not null,
    resource_name TEXT not null,
    column_name TEXT not null,
    column_type TEXT not null,
    config TEXT,
    primary key (database_name, resource_name, column_name)
);
create table if not exists queries (
    database_name TEXT not null,
    name TEXT not null,
    sql TEXT not null,
    title TEXT,
    description TEXT,
    description_html TEXT,
    options TEXT not null default '{}',
    parameters TEXT not null default '[]',
    is_write INTEGER not null default 0 check (is_write in (0, 1)),
    is_private INTEGER not null default 0 check (is_private in (0, 1)),
    is_trusted INTEGER not null default 0 check (is_trusted in (0, 1)),
    source TEXT not null default 'user',
    owner_id TEXT,
    created_at TEXT not null default CURRENT_TIMESTAMP,
    updated_at TEXT not null default CURRENT_TIMESTAMP,
    primary key (database_name, name)
);
create index if not exists queries_owner_idx on queries(owner_id);
"#;

/// Calls under a key that their client chose (WRITE-155). `actor` is JSON; `request` a SHA-256;
/// `begun_at` in seconds; `answer` is missing where it was not kept.
/// Made where it is missing and not recorded: the record says what the original says (INT-06).
const CALLS: &str = r#"
create table if not exists keyed_calls (
    actor TEXT not null,
    key TEXT not null,
    request BLOB not null,
    body_bytes INTEGER,
    begun_at INTEGER not null,
    is_done INTEGER not null default 0 check (is_done in (0, 1)),
    grants TEXT not null default '[]',
    answer BLOB,
    primary key (actor, key)
);
create index if not exists keyed_calls_begun_idx on keyed_calls(begun_at);
"#;

/// Makes what is missing. Tables that an earlier version made are kept with their content
/// (INT-07). Runs inside the transaction of the write lane.
pub(crate) fn apply(writer: &mut Writer<'_>) -> Result<(), Fault> {
    writer.execute_batch(RECORD).map_err(fault)?;
    writer.execute_batch(CALLS).map_err(fault)?;
    let names = [Value::from(SET), Value::from(INITIAL)];
    let (applied, _) = writer
        .batch_values(
            "select 1 from _sqlite_migrations where migration_set = ? and name = ?",
            &names,
            &Limits::NONE,
        )
        .map_err(fault)?;
    if !applied.is_empty() {
        return Ok(());
    }
    writer.execute_batch(TABLES).map_err(fault)?;
    writer
        .execute_values(
            "insert into _sqlite_migrations (migration_set, name, applied_at) \
             values (?, ?, strftime('%Y-%m-%d %H:%M:%f', 'now') || '000+00:00')",
            &names,
        )
        .map_err(fault)?;
    Ok(())
}
