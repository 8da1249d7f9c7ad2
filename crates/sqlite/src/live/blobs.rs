//! Blobs in tables, and whole databases as files.

use std::path::Path;

use datasette_core::live::{BlobPlace, LiveError};
use rusqlite::blob::Blob;
use rusqlite::{Connection, backup};

use super::errors;

fn opened<'a>(
    connection: &'a Connection,
    place: BlobPlace<'_>,
    writable: bool,
) -> Result<Blob<'a>, LiveError> {
    let BlobPlace {
        schema,
        table,
        column,
        rowid,
    } = place;
    connection
        .blob_open(schema, table, column, rowid, !writable)
        .map_err(errors::of_driver)
}

/// The size of a blob.
pub(super) fn size(
    connection: &Connection,
    place: BlobPlace<'_>,
    writable: bool,
) -> Result<u64, LiveError> {
    Ok(opened(connection, place, writable)?.len() as u64)
}

fn position(start: u64) -> Result<usize, LiveError> {
    usize::try_from(start).map_err(|_| LiveError::misuse("data longer than blob length"))
}

/// Some bytes of a blob.
pub(super) fn read(
    connection: &Connection,
    place: BlobPlace<'_>,
    start: u64,
    length: u64,
) -> Result<Vec<u8>, LiveError> {
    let blob = opened(connection, place, false)?;
    let start = position(start)?.min(blob.len());
    let length = position(length)?.min(blob.len() - start);
    let mut bytes = vec![0; length];
    blob.read_at_exact(&mut bytes, start)
        .map_err(errors::of_driver)?;
    Ok(bytes)
}

/// Overwrites some bytes of a blob.
pub(super) fn write(
    connection: &Connection,
    place: BlobPlace<'_>,
    start: u64,
    bytes: &[u8],
) -> Result<(), LiveError> {
    let mut blob = opened(connection, place, true)?;
    let start = position(start)?;
    if start > blob.len() || bytes.len() > blob.len() - start {
        return Err(LiveError::misuse("data longer than blob length"));
    }
    blob.write_at(bytes, start).map_err(errors::of_driver)
}

/// Copies a database of the connection, as it is in the open transaction, to a file.
pub(super) fn copy_to(connection: &Connection, schema: &str, file: &Path) -> Result<(), LiveError> {
    let nobody: Option<fn(backup::Progress)> = None;
    connection
        .backup(schema, file, nobody)
        .map_err(errors::of_driver)
}
