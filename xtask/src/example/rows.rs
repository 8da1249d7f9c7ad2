//! The rows of one table, from a CSV file with a heading.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

/// A heading with this ending holds bytes, written in hexadecimal.
const BLOB_MARK: &str = ":blob";

/// Inserts every record of the file. An empty cell is null; the columns decide about the type.
pub(crate) fn insert_rows(connection: &Connection, table: &str, path: &Path) -> Result<usize> {
    let mut reader = csv::Reader::from_path(path)?;
    let headings: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let columns: Vec<&str> = headings
        .iter()
        .map(|heading| heading.trim_end_matches(BLOB_MARK))
        .collect();
    let marks = vec!["?"; columns.len()].join(", ");
    let sql = format!(
        "insert into {table} ({}) values ({marks})",
        columns.join(", ")
    );
    let mut statement = connection.prepare(&sql)?;
    let mut count = 0;
    for record in reader.records() {
        let record = record?;
        let values = headings
            .iter()
            .zip(&record)
            .map(|(heading, cell)| value(heading, cell))
            .collect::<Result<Vec<Value>>>()?;
        statement
            .execute(params_from_iter(values))
            .with_context(|| format!("record {}", count + 1))?;
        count += 1;
    }
    Ok(count)
}

fn value(heading: &str, cell: &str) -> Result<Value> {
    Ok(if cell.is_empty() {
        Value::Null
    } else if heading.ends_with(BLOB_MARK) {
        Value::Blob(bytes(cell)?)
    } else {
        Value::Text(cell.to_owned())
    })
}

fn bytes(text: &str) -> Result<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    ensure!(rest.is_empty(), "an odd number of hexadecimal digits");
    pairs
        .iter()
        .map(|pair| {
            let pair = std::str::from_utf8(pair)?;
            u8::from_str_radix(pair, 16).with_context(|| format!("`{pair}` is not hexadecimal"))
        })
        .collect()
}
