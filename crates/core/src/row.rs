//! Rows on their way from SQLite to a body: the view of one row, the sink it flows into, and the
//! compact batch for pages that must look at all rows before they write the first.

use crate::value::{Value, ValueRef};

/// One row, valid until the next one is asked for.
pub trait Row {
    /// How many values the row has.
    fn len(&self) -> usize;

    /// The value at `index`, which is below [`Row::len`].
    fn value(&self, index: usize) -> ValueRef<'_>;

    /// The label of the row that the value at `index` refers to, where labels were asked for and
    /// one was found: `Some(Null)` is a found row whose label is NULL (LABEL-10).
    fn label(&self, _index: usize) -> Option<ValueRef<'_>> {
        None
    }

    /// Whether the row has no values at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The reader of a body has gone; no more rows are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SinkClosed;

/// What rows flow into: a format's body under construction. Runs on the database's own thread, so
/// it must not block longer than writing bytes takes (a streaming sink may wait for its reader).
pub trait RowSink: Send {
    /// Called once, before the first row and also when there are none.
    fn columns(&mut self, names: &[String]);

    /// Called for each row in order. `Err` stops the query.
    fn row(&mut self, row: &dyn Row) -> Result<(), SinkClosed>;
}

/// Rows copied into two flat buffers: two allocations that grow, whatever the number of rows.
#[derive(Clone, Debug, Default)]
pub struct RowBatch {
    columns: Vec<String>,
    cells: Vec<Cell>,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(usize, usize),
    Blob(usize, usize),
}

impl RowBatch {
    /// An empty batch; its columns are set by [`RowSink::columns`].
    pub fn new() -> Self {
        Self::default()
    }

    /// The column names.
    pub fn column_names(&self) -> &[String] {
        &self.columns
    }

    /// How many rows are held.
    pub fn len(&self) -> usize {
        if self.columns.is_empty() {
            0
        } else {
            self.cells.len() / self.columns.len()
        }
    }

    /// Whether no row is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row at `index`, which is below [`RowBatch::len`].
    pub fn at(&self, index: usize) -> BatchRow<'_> {
        BatchRow {
            batch: self,
            start: index * self.columns.len(),
        }
    }

    /// All rows in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = BatchRow<'_>> {
        (0..self.len()).map(|index| self.at(index))
    }

    /// Drops all rows after the first `length`.
    pub fn truncate(&mut self, length: usize) {
        self.cells.truncate(length * self.columns.len());
    }

    fn append(&mut self, bytes: &[u8]) -> (usize, usize) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        (start, self.bytes.len())
    }
}

impl RowSink for RowBatch {
    fn columns(&mut self, names: &[String]) {
        self.columns = names.to_vec();
    }

    fn row(&mut self, row: &dyn Row) -> Result<(), SinkClosed> {
        for index in 0..row.len() {
            let cell = match row.value(index) {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(number) => Cell::Integer(number),
                ValueRef::Real(number) => Cell::Real(number),
                ValueRef::Text(bytes) => {
                    let (start, end) = self.append(bytes);
                    Cell::Text(start, end)
                }
                ValueRef::Blob(bytes) => {
                    let (start, end) = self.append(bytes);
                    Cell::Blob(start, end)
                }
            };
            self.cells.push(cell);
        }
        Ok(())
    }
}

/// One row of a [`RowBatch`].
#[derive(Clone, Copy, Debug)]
pub struct BatchRow<'a> {
    batch: &'a RowBatch,
    start: usize,
}

impl<'a> BatchRow<'a> {
    /// The value at `index`, borrowed from the batch rather than from this row.
    pub fn get(&self, index: usize) -> ValueRef<'a> {
        match self.batch.cells[self.start + index] {
            Cell::Null => ValueRef::Null,
            Cell::Integer(number) => ValueRef::Integer(number),
            Cell::Real(number) => ValueRef::Real(number),
            Cell::Text(start, end) => ValueRef::Text(&self.batch.bytes[start..end]),
            Cell::Blob(start, end) => ValueRef::Blob(&self.batch.bytes[start..end]),
        }
    }

    /// The name of the column at `index`.
    pub fn column_name(&self, index: usize) -> &'a str {
        &self.batch.columns[index]
    }

    /// Copies the whole row.
    pub fn to_values(&self) -> Vec<Value> {
        (0..self.len())
            .map(|index| self.get(index).to_value())
            .collect()
    }
}

impl Row for BatchRow<'_> {
    fn len(&self) -> usize {
        self.batch.columns.len()
    }

    fn value(&self, index: usize) -> ValueRef<'_> {
        self.get(index)
    }
}

impl Row for [Value] {
    fn len(&self) -> usize {
        <[Value]>::len(self)
    }

    fn value(&self, index: usize) -> ValueRef<'_> {
        self[index].as_ref()
    }
}

impl Row for Vec<Value> {
    fn len(&self) -> usize {
        self.as_slice().len()
    }

    fn value(&self, index: usize) -> ValueRef<'_> {
        self[index].as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_gives_back_what_flowed_in() {
        let mut batch = RowBatch::new();
        batch.columns(&["a".to_owned(), "b".to_owned()]);
        let first = vec![Value::Integer(1), Value::from("one")];
        let second = vec![Value::Null, Value::Blob(vec![1, 2])];
        batch.row(&first).unwrap();
        batch.row(&second).unwrap();
        assert_eq!(batch.len(), 2);
        assert_eq!(batch.at(0).to_values(), first);
        assert_eq!(batch.at(1).to_values(), second);
        batch.truncate(1);
        assert_eq!(batch.rows().len(), 1);
    }
}
