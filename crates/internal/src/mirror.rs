//! The catalogue as rows: what the internal tables say about attached databases (INT-25 to
//! INT-29).

use datasette_core::{DatabaseEntry, Fault, Table, Value};
use datasette_sqlite::{Limits, Writer};

use crate::cell::{fault, flag, optional};
use crate::internal::Internal;

/// Children before the rows they refer to.
const CATALOGUE: [&str; 6] = [
    "catalog_columns",
    "catalog_foreign_keys",
    "catalog_indexes",
    "catalog_views",
    "catalog_tables",
    "catalog_databases",
];

impl Internal {
    /// Replaces the rows of one database in one transaction (INT-28).
    pub async fn mirror(&self, entry: &DatabaseEntry) -> Result<(), Fault> {
        let entry = entry.clone();
        self.database()
            .write(move |writer| {
                for table in CATALOGUE {
                    forget(writer, table, &entry.name)?;
                }
                put_database(writer, &entry)
            })
            .await
    }

    /// Removes the rows of all databases except those named (INT-29).
    pub async fn forget_missing(&self, names: &[String]) -> Result<(), Fault> {
        let names = names.to_vec();
        self.database()
            .write(move |writer| {
                for table in CATALOGUE {
                    let sql = format!("select distinct database_name from {table}");
                    let (rows, _) = writer
                        .batch_values(&sql, &[], &Limits::NONE)
                        .map_err(fault)?;
                    let known = rows.rows().filter_map(|row| crate::cell::text(row.get(0)));
                    for name in known.filter(|name| !names.contains(name)) {
                        forget(writer, table, &name)?;
                    }
                }
                Ok(())
            })
            .await
    }
}

fn forget(writer: &mut Writer<'_>, table: &str, name: &str) -> Result<(), Fault> {
    let sql = format!("delete from {table} where database_name = ?");
    writer
        .execute_values(&sql, &[Value::from(name)])
        .map_err(fault)?;
    Ok(())
}

fn put_database(writer: &mut Writer<'_>, entry: &DatabaseEntry) -> Result<(), Fault> {
    let path = entry.path.as_ref().map(|path| path.to_string_lossy());
    put(
        writer,
        "insert into catalog_databases (database_name, path, is_memory, schema_version) \
         values (?, ?, ?, ?)",
        &[
            Value::from(entry.name.as_str()),
            optional(path.as_deref()),
            flag(entry.is_memory),
            Value::Integer(entry.schema.version),
        ],
    )?;
    for table in entry.schema.tables.values() {
        if table.is_view() {
            put_view(writer, &entry.name, table)?;
        } else {
            put_table(writer, &entry.name, table)?;
        }
    }
    Ok(())
}

fn put_view(writer: &mut Writer<'_>, database: &str, view: &Table) -> Result<(), Fault> {
    put(
        writer,
        "insert into catalog_views (database_name, view_name, rootpage, sql) values (?, ?, ?, ?)",
        &place(database, view),
    )
}

fn put_table(writer: &mut Writer<'_>, database: &str, table: &Table) -> Result<(), Fault> {
    put(
        writer,
        "insert into catalog_tables (database_name, table_name, rootpage, sql) \
         values (?, ?, ?, ?)",
        &place(database, table),
    )?;
    let of = || [Value::from(database), Value::from(table.name.as_str())];
    for (cid, column) in (0..).zip(&table.columns) {
        let [database, table] = of();
        put(
            writer,
            "insert or replace into catalog_columns (database_name, table_name, cid, name, type, \
             \"notnull\", default_value, is_pk, hidden) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            &[
                database,
                table,
                Value::Integer(cid),
                Value::from(column.name.as_str()),
                Value::from(column.declared_type.as_str()),
                flag(column.not_null),
                optional(column.default.as_deref()),
                Value::Integer(column.primary_key_position.into()),
                Value::Integer(column.hidden.into()),
            ],
        )?;
    }
    for key in &table.foreign_key_parts {
        let [database, table] = of();
        put(
            writer,
            "insert into catalog_foreign_keys (database_name, table_name, id, seq, \"table\", \
             \"from\", \"to\", on_update, on_delete, match) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            &[
                database,
                table,
                Value::Integer(key.id),
                Value::Integer(key.sequence),
                Value::from(key.table.as_str()),
                Value::from(key.from.as_str()),
                optional(key.to.as_deref()),
                Value::from(key.on_update.as_str()),
                Value::from(key.on_delete.as_str()),
                Value::from(key.match_clause.as_str()),
            ],
        )?;
    }
    for index in &table.indexes {
        let [database, table] = of();
        put(
            writer,
            "insert into catalog_indexes (database_name, table_name, seq, name, \"unique\", \
             origin, partial) values (?, ?, ?, ?, ?, ?, ?)",
            &[
                database,
                table,
                Value::Integer(index.sequence),
                Value::from(index.name.as_str()),
                flag(index.unique),
                Value::from(index.origin.as_str()),
                flag(index.partial),
            ],
        )?;
    }
    Ok(())
}

fn place(database: &str, table: &Table) -> [Value; 4] {
    [
        Value::from(database),
        Value::from(table.name.as_str()),
        Value::Integer(table.root_page),
        Value::from(table.sql.as_str()),
    ]
}

fn put(writer: &mut Writer<'_>, sql: &str, values: &[Value]) -> Result<(), Fault> {
    writer.execute_values(sql, values).map_err(fault)?;
    Ok(())
}
