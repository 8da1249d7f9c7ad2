//! Cuts a page off a result that is one row longer, and remembers where the page ended.

use datasette_core::{Row, RowSink, SinkClosed, Value};

/// Passes the first `page_size` rows on. A further row is not passed on: it only tells that there
/// is a next page (PAGE-01).
pub(crate) struct PageSink<'a> {
    inner: &'a mut dyn RowSink,
    page_size: usize,
    passed: usize,
    columns: Vec<String>,
    last: Option<Vec<Value>>,
    more: bool,
    /// Columns beyond this many are for paging only and not shown.
    shown: usize,
}

impl<'a> PageSink<'a> {
    pub(crate) fn new(inner: &'a mut dyn RowSink, page_size: usize, shown: usize) -> Self {
        Self {
            inner,
            page_size,
            passed: 0,
            columns: Vec::new(),
            last: None,
            more: false,
            shown,
        }
    }

    /// How many rows were passed on.
    pub(crate) fn rows(&self) -> usize {
        self.passed
    }

    /// Names of the shown columns.
    pub(crate) fn into_columns(self) -> Vec<String> {
        self.columns
    }

    /// The whole last row of a page after which there is another.
    pub(crate) fn last_before_more(&self) -> Option<&Vec<Value>> {
        self.last.as_ref().filter(|_| self.more)
    }
}

struct Shown<'a> {
    row: &'a dyn Row,
    length: usize,
}

impl Row for Shown<'_> {
    fn len(&self) -> usize {
        self.length
    }
    fn value(&self, index: usize) -> datasette_core::ValueRef<'_> {
        self.row.value(index)
    }
    fn label(&self, index: usize) -> Option<datasette_core::ValueRef<'_>> {
        self.row.label(index)
    }
}

impl RowSink for PageSink<'_> {
    fn columns(&mut self, names: &[String]) {
        self.columns = names[..self.shown.min(names.len())].to_vec();
        self.inner.columns(&self.columns);
    }

    fn row(&mut self, row: &dyn Row) -> Result<(), SinkClosed> {
        if self.passed == self.page_size {
            self.more = self.page_size > 0;
            return Ok(());
        }
        self.passed += 1;
        if self.passed == self.page_size {
            self.last = Some(
                (0..row.len())
                    .map(|index| row.value(index).to_value())
                    .collect(),
            );
        }
        if row.len() > self.shown {
            return self.inner.row(&Shown {
                row,
                length: self.shown,
            });
        }
        self.inner.row(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasette_core::RowBatch;

    fn run(page_size: usize, rows: i64) -> (usize, Option<Vec<Value>>) {
        let mut batch = RowBatch::new();
        let mut sink = PageSink::new(&mut batch, page_size, 1);
        sink.columns(&["id".to_owned(), "hidden".to_owned()]);
        for id in 0..rows {
            sink.row(&vec![Value::Integer(id), Value::Integer(-id)])
                .unwrap();
        }
        let last = sink.last_before_more().cloned();
        assert_eq!(batch.column_names(), ["id"]);
        (batch.len(), last)
    }

    // Proves: PAGE-01, TABLE-19
    #[test]
    fn one_more_row_means_another_page() {
        assert_eq!(run(2, 2), (2, None));
        assert_eq!(
            run(2, 3),
            (2, Some(vec![Value::Integer(1), Value::Integer(-1)]))
        );
        assert_eq!(run(0, 1), (0, None));
    }
}
