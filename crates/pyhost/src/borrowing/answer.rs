//! Answers to what Python wants done with a connection: `[30, error, in transaction, total changes,
//! result]`.

use datasette_core::live::{LiveError, LiveSink, Ran, Standing};
use datasette_core::{Row, RowSink, SinkClosed, ValueRef};
use rmp::Marker;
use rmp::encode;
use serde::Serialize;

use super::stage::ANSWER;

/// The kind of extension that stands for text that is not valid UTF-8.
const BROKEN_TEXT: i8 = 1;

/// Rows become so many bytes before the rest waits to be asked for.
const FULL: usize = 256 * 1024;

/// Rows on their way.
pub(super) struct Part {
    columns: Option<Vec<String>>,
    count: u32,
    most: u32,
    bytes: Vec<u8>,
}

impl Part {
    /// At most so many rows.
    pub(super) fn new(most: u32) -> Self {
        Self {
            columns: None,
            count: 0,
            most,
            bytes: Vec::new(),
        }
    }
}

impl RowSink for Part {
    fn columns(&mut self, names: &[String]) {
        self.columns = Some(names.to_vec());
    }

    fn row(&mut self, row: &dyn Row) -> Result<(), SinkClosed> {
        self.count += 1;
        let length = u32::try_from(row.len()).unwrap_or(u32::MAX);
        // Writing to memory does not fail.
        let _ = encode::write_array_len(&mut self.bytes, length);
        for index in 0..row.len() {
            value(&mut self.bytes, row.value(index));
        }
        Ok(())
    }
}

impl LiveSink for Part {
    fn is_full(&self) -> bool {
        self.count >= self.most || self.bytes.len() >= FULL
    }
}

fn value(bytes: &mut Vec<u8>, value: ValueRef<'_>) {
    // Writing to memory does not fail.
    match value {
        ValueRef::Null => bytes.push(Marker::Null.to_u8()),
        ValueRef::Integer(number) => {
            let _ = encode::write_sint(bytes, number);
        }
        ValueRef::Real(number) => {
            let _ = encode::write_f64(bytes, number);
        }
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => {
                let _ = encode::write_str(bytes, text);
            }
            Err(_) => {
                let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
                let _ = encode::write_ext_meta(bytes, length, BROKEN_TEXT);
                bytes.extend_from_slice(text);
            }
        },
        ValueRef::Blob(blob) => {
            let _ = encode::write_bin(bytes, blob);
        }
    }
}

fn head(standing: Standing) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(64);
    let _ = encode::write_array_len(&mut bytes, 5);
    let _ = encode::write_uint(&mut bytes, u64::from(ANSWER));
    bytes.push(Marker::Null.to_u8());
    bytes.push(match standing.in_transaction {
        true => Marker::True.to_u8(),
        false => Marker::False.to_u8(),
    });
    let _ = encode::write_uint(&mut bytes, standing.total_changes);
    bytes
}

/// It was done, and this came of it.
pub(super) fn done(standing: Standing, result: &impl Serialize) -> Vec<u8> {
    let mut bytes = head(standing);
    bytes.extend(rmp_serde::to_vec_named(result).unwrap_or_else(|_| vec![Marker::Null.to_u8()]));
    bytes
}

/// A statement ran: `[columns, open, changes, last rowid, text with its values, rows]`.
pub(super) fn ran(standing: Standing, ran: &Ran, part: &Part) -> Vec<u8> {
    let mut bytes = head(standing);
    bytes.reserve(part.bytes.len() + 256);
    let _ = encode::write_array_len(&mut bytes, 6);
    let told = (
        &part.columns,
        ran.open,
        ran.changes,
        ran.last_insert_rowid,
        &ran.expanded,
    );
    // The values without the head of their array, which has one more.
    let told = rmp_serde::to_vec(&told).unwrap_or_default();
    bytes.extend_from_slice(told.get(1..).unwrap_or_default());
    let _ = encode::write_array_len(&mut bytes, part.count);
    bytes.extend_from_slice(&part.bytes);
    bytes
}

/// It was not done.
pub(super) fn failed(standing: Standing, error: &LiveError) -> Vec<u8> {
    let told = (
        ANSWER,
        Some((error.code, &error.message)),
        standing.in_transaction,
        standing.total_changes,
        (),
    );
    rmp_serde::to_vec(&told).unwrap_or_default()
}
