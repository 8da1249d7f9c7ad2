//! The contents of the databases of a server, for comparison after writes.

use std::path::Path;

use anyhow::Result;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value, json};

use crate::answer::hex;

/// Schema and rows of every `.db` file in the folder.
pub(crate) fn contents(folder: &Path) -> Result<Value> {
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "db"));
    files.sort();
    let mut databases = Map::new();
    for file in files {
        let name = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        databases.insert(name, database(&file)?);
    }
    Ok(databases.into())
}

fn database(file: &Path) -> Result<Value> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let schema = rows(
        &connection,
        "select type, name, tbl_name, sql from sqlite_schema order by type, name",
    )?;
    let mut tables = Map::new();
    let mut statement = connection.prepare(
        "select name from sqlite_schema where type = 'table' and rootpage != 0 order by name",
    )?;
    let names: Vec<String> = statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for name in names {
        let quoted = name.replace('"', "\"\"");
        let count: usize = connection
            .prepare(&format!("select * from \"{quoted}\""))?
            .column_count();
        let order: Vec<String> = (1..=count).map(|number| number.to_string()).collect();
        let sql = format!("select * from \"{quoted}\" order by {}", order.join(", "));
        tables.insert(name, rows(&connection, &sql)?);
    }
    Ok(json!({"schema": schema, "tables": tables}))
}

fn rows(connection: &Connection, sql: &str) -> Result<Value> {
    let mut statement = connection.prepare(sql)?;
    let width = statement.column_count();
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let cells: Result<Vec<Value>, rusqlite::Error> = (0..width)
            .map(|index| row.get_ref(index).map(cell))
            .collect();
        rows.push(Value::from(cells?));
    }
    Ok(rows.into())
}

fn cell(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => json!({"real": number.to_string()}),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => json!({"text": hex(bytes)}),
        },
        ValueRef::Blob(bytes) => json!({"blob": hex(bytes)}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_storage_class_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open(folder.path().join("a.db")).unwrap();
        let sql = "create table t(v); insert into t values (1), ('1'), (x'31'), (1.0), (null);";
        connection.execute_batch(sql).unwrap();
        let found = contents(folder.path()).unwrap();
        let rows = &found["a"]["tables"]["t"];
        assert_eq!(
            rows,
            &json!([[null], [1], [{"real": "1"}], ["1"], [{"blob": "31"}]])
        );
    }
}
