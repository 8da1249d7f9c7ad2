//! The floor's inserts: one connection per file, one transaction per row.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use rusqlite::{Connection, ToSql};
use serde_json::{Value, json};

use super::schema;

/// The connections that write, by the name of their file.
#[derive(Clone)]
pub(super) struct Writer(Arc<Mutex<HashMap<String, Connection>>>);

impl Writer {
    /// Opens what can be opened for writing.
    pub(super) fn new(files: &[PathBuf]) -> Self {
        let open = |file: &PathBuf| {
            let name = file.file_stem()?.to_string_lossy().into_owned();
            Some((name, Connection::open(file).ok()?))
        };
        Self(Arc::new(Mutex::new(
            files.iter().filter_map(open).collect(),
        )))
    }

    /// Inserts the row of a body like `{"row": {...}}` and answers it with its key, as the others
    /// do; `None` when that fails.
    pub(super) async fn insert(
        &self,
        database: String,
        table: String,
        body: Bytes,
    ) -> Option<Vec<u8>> {
        let connections = Arc::clone(&self.0);
        let job = move || {
            let connections = connections.lock().unwrap_or_else(PoisonError::into_inner);
            store(connections.get(&database)?, &table, &body)
        };
        tokio::task::spawn_blocking(job).await.ok()?
    }
}

fn store(connection: &Connection, table: &str, body: &[u8]) -> Option<Vec<u8>> {
    let mut body: Value = serde_json::from_slice(body).ok()?;
    let row = body.get_mut("row")?.as_object_mut()?;
    let names: Vec<String> = row.keys().map(|name| schema::quoted(name)).collect();
    let places = vec!["?"; names.len()].join(", ");
    let (names, table) = (names.join(", "), schema::quoted(table));
    let sql = format!("insert into {table} ({names}) values ({places})");
    let values: Vec<Box<dyn ToSql>> = row
        .values()
        .map(|value| -> Box<dyn ToSql> {
            match value {
                Value::String(text) => Box::new(text.clone()),
                Value::Number(number) => Box::new(number.as_f64()),
                _ => Box::new(rusqlite::types::Null),
            }
        })
        .collect();
    let mut statement = connection.prepare_cached(&sql).ok()?;
    let key = statement.insert(rusqlite::params_from_iter(values)).ok()?;
    row.insert("id".to_owned(), json!(key));
    serde_json::to_vec(&json!({"ok": true, "rows": [row]})).ok()
}
