//! What a hunt knows about a database: tables, columns, keys and some values of each column.

use std::path::Path;

use anyhow::{Context, Result};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

/// Values remembered per column.
const SAMPLES: usize = 8;

/// One database.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) database: String,
    pub(super) tables: Vec<Table>,
}

/// One table or view.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// The hidden column of an FTS5 table that is called like the table: its value is a number of
    /// the cursor, which differs from one query to the next.
    pub(super) cursor: Option<String>,
    /// Whether it is a view with a column called `rowid`: the original takes its rows for those of a
    /// table, and some of their pages work (ROW-03).
    pub(super) has_own_rowid: bool,
    /// Tables that refer to this one.
    pub(super) referring: Vec<Referring>,
    /// Rows as identifiers: the text of each key column (or the rowid).
    pub(super) keys: Vec<Vec<String>>,
}

/// A table that refers to another one.
#[derive(Debug)]
pub(super) struct Referring {
    pub(super) table: String,
    pub(super) columns: Vec<Column>,
}

/// One column with some of its values as text.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) values: Vec<String>,
}

impl Schema {
    pub(super) fn read(file: &Path) -> Result<Self> {
        let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let stem = file.file_stem().context("a database is a file")?;
        let mut statement = connection.prepare(
            "select name from sqlite_schema where type in ('table', 'view') order by name",
        )?;
        let names: Vec<String> = statement
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut tables = Vec::new();
        for name in &names {
            // A view over a missing table has no columns to ask about.
            tables.extend(table(&connection, name).ok());
        }
        refer(&connection, &mut tables)?;
        Ok(Self {
            database: stem.to_string_lossy().into_owned(),
            tables,
        })
    }
}

/// Notes with each table which others refer to it.
fn refer(connection: &Connection, tables: &mut [Table]) -> Result<()> {
    let mut statement = connection.prepare("select \"table\" from pragma_foreign_key_list(?)")?;
    let mut found = Vec::new();
    for table in tables.iter() {
        let targets = statement.query_map([&table.name], |row| row.get::<_, String>(0))?;
        for target in targets {
            found.push((target?, table.name.clone(), table.columns.clone()));
        }
    }
    for (target, table, columns) in found {
        if let Some(one) = tables.iter_mut().find(|one| one.name == target) {
            one.referring.push(Referring { table, columns });
        }
    }
    Ok(())
}

fn shows_cursor(connection: &Connection, name: &str) -> bool {
    let sql = "select count(*) from pragma_table_xinfo(?1) where name = ?1 and hidden = 1";
    connection
        .query_row(sql, [name], |row| row.get(0))
        .unwrap_or(0)
        > 0
}

fn table(connection: &Connection, name: &str) -> Result<Table> {
    let quoted = format!("\"{}\"", name.replace('"', "\"\""));
    let mut statement =
        connection.prepare("select name, pk from pragma_table_xinfo(?) order by cid")?;
    let columns: Vec<(String, i64)> = statement
        .query_map([name], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut pks: Vec<&(String, i64)> = columns.iter().filter(|(_, pk)| *pk > 0).collect();
    pks.sort_by_key(|(_, pk)| *pk);
    let mut keys: Vec<String> = pks.iter().map(|(name, _)| quote(name)).collect();
    if keys.is_empty() {
        keys.push("rowid".to_owned());
    }
    let sql = format!("select {} from {quoted} limit {SAMPLES}", keys.join(", "));
    let keys = texts(connection, &sql).unwrap_or_default();
    let is_view = "select type = 'view' from sqlite_schema where name = ?";
    let is_view: bool = connection.query_row(is_view, [name], |row| row.get(0))?;
    let has_own_rowid = is_view && columns.iter().any(|(name, _)| name == "rowid");
    let columns = columns.into_iter().map(|(name, _)| {
        let column = quote(&name);
        let sql = format!("select distinct {column} from {quoted} limit {SAMPLES}");
        let values = texts(connection, &sql)
            .unwrap_or_default()
            .into_iter()
            .flatten()
            .collect();
        Column { name, values }
    });
    Ok(Table {
        name: name.to_owned(),
        columns: columns.collect(),
        cursor: shows_cursor(connection, name).then(|| name.to_owned()),
        has_own_rowid,
        referring: Vec::new(),
        keys,
    })
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn texts(connection: &Connection, sql: &str) -> Result<Vec<Vec<String>>> {
    let mut statement = connection.prepare(sql)?;
    let width = statement.column_count();
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let cells: Result<Vec<String>, rusqlite::Error> = (0..width)
            .map(|index| row.get_ref(index).map(text))
            .collect();
        found.push(cells?);
    }
    Ok(found)
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            String::from_utf8_lossy(bytes).chars().take(60).collect()
        }
    }
}
