//! Labels of referenced rows, found once for all rows of a page.

use std::collections::HashMap;
use std::sync::Arc;

use datasette_core::row::{BatchRow, Row};
use datasette_core::{Value, ValueRef};

/// A value as a key: numbers that are equal are one key, whatever their storage class.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum LabelKey {
    Integer(i64),
    Real(u64),
    Text(String),
    Blob(Vec<u8>),
}

impl LabelKey {
    fn of(value: ValueRef<'_>) -> Option<Self> {
        match value {
            ValueRef::Null => None,
            ValueRef::Integer(number) => Some(Self::Integer(number)),
            ValueRef::Real(number) => {
                let whole = number as i64;
                if whole as f64 == number {
                    Some(Self::Integer(whole))
                } else {
                    Some(Self::Real(number.to_bits()))
                }
            }
            // The values that labels are looked up for are valid text already.
            ValueRef::Text(text) => Some(Self::Text(String::from_utf8_lossy(text).into_owned())),
            ValueRef::Blob(bytes) => Some(Self::Blob(bytes.to_vec())),
        }
    }
}

/// The labels of one foreign key column: value to label.
#[derive(Clone, Debug, Default)]
pub struct ColumnLabels {
    labels: HashMap<LabelKey, Value>,
}

impl ColumnLabels {
    /// Remembers the label of a value.
    pub fn insert(&mut self, value: ValueRef<'_>, label: Value) {
        if let Some(key) = LabelKey::of(value) {
            self.labels.insert(key, label);
        }
    }

    /// The label of a value, where its row was found.
    pub fn get(&self, value: ValueRef<'_>) -> Option<ValueRef<'_>> {
        if self.labels.is_empty() {
            return None;
        }
        self.labels.get(&LabelKey::of(value)?).map(Value::as_ref)
    }
}

/// The labels of all expanded columns of a page, by place of the column in its rows. Cheap to
/// clone.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    columns: Vec<Option<Arc<ColumnLabels>>>,
}

impl Labels {
    /// No labels for rows of `columns` columns.
    pub fn none(columns: usize) -> Self {
        Self {
            columns: vec![None; columns],
        }
    }

    /// Sets the labels of the column at `index`.
    pub fn set(&mut self, index: usize, labels: ColumnLabels) {
        if let Some(slot) = self.columns.get_mut(index) {
            *slot = Some(Arc::new(labels));
        }
    }

    /// Whether the column at `index` was expanded.
    pub fn is_expanded(&self, index: usize) -> bool {
        self.columns.get(index).is_some_and(Option::is_some)
    }

    /// The label of a value of the column at `index`.
    pub fn get(&self, index: usize, value: ValueRef<'_>) -> Option<ValueRef<'_>> {
        self.columns.get(index)?.as_ref()?.get(value)
    }

    /// The row with its labels, for a sink.
    pub fn on<'a>(&'a self, row: BatchRow<'a>) -> LabelledRow<'a> {
        LabelledRow { row, labels: self }
    }
}

/// A row that knows the labels of its values.
#[derive(Debug)]
pub struct LabelledRow<'a> {
    row: BatchRow<'a>,
    labels: &'a Labels,
}

impl Row for LabelledRow<'_> {
    fn len(&self) -> usize {
        self.row.len()
    }

    fn value(&self, index: usize) -> ValueRef<'_> {
        self.row.get(index)
    }

    fn label(&self, index: usize) -> Option<ValueRef<'_>> {
        self.labels.get(index, self.row.get(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: LABEL-03, LABEL-10
    #[test]
    fn equal_numbers_share_a_label_and_null_has_none() {
        let mut labels = ColumnLabels::default();
        labels.insert(ValueRef::Integer(1), Value::from("one"));
        labels.insert(ValueRef::Integer(2), Value::Null);
        assert_eq!(
            labels.get(ValueRef::Real(1.0)),
            Some(ValueRef::Text(b"one"))
        );
        assert_eq!(labels.get(ValueRef::Text(b"1")), None);
        assert_eq!(labels.get(ValueRef::Integer(2)), Some(ValueRef::Null));
        assert_eq!(labels.get(ValueRef::Null), None);
    }
}
