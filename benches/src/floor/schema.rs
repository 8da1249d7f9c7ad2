//! What the floor has to know of its files: read once, when it starts.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::json;

/// Rows on a page.
pub(crate) const PAGE: usize = 100;

/// A table, with everything about it that can be written beforehand.
#[derive(Debug)]
pub(crate) struct Table {
    /// Place of its file in the list of files.
    pub(crate) file: usize,
    /// Column names in order.
    pub(crate) columns: Vec<String>,
    /// Per column what precedes its value in a JSON row: `{"id": ` or `, "name": `.
    pub(crate) keys: Vec<Vec<u8>>,
    /// Place of the one primary key column, if there is just one.
    pub(crate) primary_key: Option<usize>,
    /// Selects one row more than a page.
    pub(crate) page_sql: String,
    /// Selects the row with primary key `?1`.
    pub(crate) row_sql: String,
    /// Selects everything.
    pub(crate) all_sql: String,
    /// Database and table in the body of a row's JSON.
    pub(crate) row_head: Vec<u8>,
    /// Primary keys in the body of a row's JSON, up to the value.
    pub(crate) row_tail: Vec<u8>,
}

/// All files and their tables.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    tables: HashMap<String, HashMap<String, Table>>,
}

impl Schema {
    /// Reads the tables of all `files`; each file is a database named like its stem.
    ///
    /// # Errors
    /// A file SQLite cannot read.
    pub(crate) fn read(files: &[PathBuf]) -> rusqlite::Result<Self> {
        let mut schema = Self::default();
        for (place, file) in files.iter().enumerate() {
            let database = file
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let connection = open(file)?;
            let mut names = connection.prepare(
                "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'",
            )?;
            let names = names
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()?;
            let mut tables = HashMap::new();
            for name in names {
                let table = read_table(&connection, place, &database, &name)?;
                tables.insert(name, table);
            }
            schema.tables.insert(database, tables);
        }
        Ok(schema)
    }

    /// The table with exactly this name.
    pub(crate) fn table(&self, database: &str, table: &str) -> Option<&Table> {
        self.tables.get(database)?.get(table)
    }
}

/// Opens a file for reading, without SQLite's own locks: each connection stays on one thread.
///
/// # Errors
/// A file SQLite cannot open.
pub(crate) fn open(file: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
}

fn read_table(
    connection: &Connection,
    file: usize,
    database: &str,
    name: &str,
) -> rusqlite::Result<Table> {
    let mut info = connection.prepare("select name, pk from pragma_table_info(?1) order by cid")?;
    let info = info
        .query_map([name], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(String, i64)>>>()?;
    let mut marked = info.iter().enumerate().filter(|(_, (_, key))| *key > 0);
    let primary_key = match (marked.next(), marked.next()) {
        (Some((place, _)), None) => Some(place),
        _ => None,
    };
    let columns: Vec<String> = info.into_iter().map(|(column, _)| column).collect();
    let key = primary_key.map_or("rowid", |place| columns[place].as_str());
    let selected: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
    let select = format!("select {} from {}", selected.join(", "), quoted(name));

    let mut keys = Vec::new();
    for (place, column) in columns.iter().enumerate() {
        let mut text = if place == 0 {
            b"{".to_vec()
        } else {
            b", ".to_vec()
        };
        json::write_string(&mut text, column.as_bytes());
        text.extend_from_slice(b": ");
        keys.push(text);
    }
    let mut row_head = b"{\"ok\": true, \"database\": ".to_vec();
    json::write_string(&mut row_head, database.as_bytes());
    row_head.extend_from_slice(b", \"table\": ");
    json::write_string(&mut row_head, name.as_bytes());
    row_head.extend_from_slice(b", \"rows\": [");
    let mut row_tail = b"], \"primary_keys\": [".to_vec();
    json::write_string(&mut row_tail, key.as_bytes());
    row_tail.extend_from_slice(b"], \"primary_key_values\": [");
    Ok(Table {
        file,
        keys,
        primary_key,
        page_sql: format!("{select} order by {} limit {}", quoted(key), PAGE + 1),
        row_sql: format!("{select} where {} = ?1", quoted(key)),
        all_sql: format!("{select} order by {}", quoted(key)),
        columns,
        row_head,
        row_tail,
    })
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
