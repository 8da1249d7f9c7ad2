//! Rows as templates see them (CTX-56, CTX-57): made once, handed out cell by cell.

use std::sync::Arc;

use datasette_core::{RowBatch, ValueRef};
use minijinja::value::{Enumerator, Object, ObjectRepr, Value, from_args};
use minijinja::{Error, ErrorKind, State};

use crate::css_class::css_class;
use crate::json::writer;

/// One column of the HTML table.
#[derive(Debug)]
pub struct Head {
    name: Value,
    css_class: Value,
    text: String,
}

impl Head {
    /// A column of that name.
    pub fn new(name: &str) -> Self {
        Self {
            name: Value::from(name),
            css_class: Value::from(css_class(name).into_owned()),
            text: name.to_owned(),
        }
    }
}

/// One cell: its HTML and its class; the value behind it stays in the batch.
#[derive(Debug)]
pub struct Shown {
    /// Index into the heads.
    pub head: usize,
    /// The trusted HTML.
    pub html: Value,
    /// `pk`, `str`, `int`, `float`, `bytes` or `none` (HTML-55).
    pub value_type: &'static str,
    /// Column of the batch; `None` for the link column.
    pub source: Option<usize>,
}

/// One row.
#[derive(Debug)]
pub struct ShownRow {
    /// Its cells in the order of the heads.
    pub cells: Vec<Shown>,
    /// The row identifier in URL form; `None` for rows of a view.
    pub row_path: Option<String>,
    /// The row identifier as text.
    pub pk_path: Option<String>,
    /// The text of the label column.
    pub label: Option<String>,
}

/// All rows of a page.
#[derive(Debug)]
pub struct ShownRows {
    /// The columns of the HTML table.
    pub heads: Vec<Head>,
    /// The rows.
    pub rows: Vec<ShownRow>,
    /// The values.
    pub batch: RowBatch,
}

impl ShownRows {
    /// The list for templates.
    pub fn into_value(self) -> Value {
        let shared = Arc::new(self);
        Value::from_object(RowList { shared })
    }

    fn raw(&self, row: usize, source: Option<usize>) -> Value {
        match source {
            Some(column) => raw_value(self.batch.at(row).get(column)),
            None => Value::from(self.rows[row].pk_path.clone()),
        }
    }
}

/// A database value as a template value.
pub fn raw_value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::from(()),
        ValueRef::Integer(number) => Value::from(number),
        ValueRef::Real(number) => Value::from(number),
        ValueRef::Text(text) => Value::from(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::from_bytes(bytes.to_vec()),
    }
}

#[derive(Debug)]
struct RowList {
    shared: Arc<ShownRows>,
}

impl Object for RowList {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let row = key.as_usize().filter(|row| *row < self.shared.rows.len())?;
        Some(Value::from_object(RowObject {
            shared: Arc::clone(&self.shared),
            row,
        }))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.shared.rows.len())
    }
}

#[derive(Debug)]
struct RowObject {
    shared: Arc<ShownRows>,
    row: usize,
}

impl RowObject {
    fn shown(&self) -> &ShownRow {
        &self.shared.rows[self.row]
    }

    fn named(&self, name: &str) -> Option<&Shown> {
        self.shown()
            .cells
            .iter()
            .find(|cell| self.shared.heads[cell.head].text == name)
    }
}

impl Object for RowObject {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let shown = self.shown();
        match key.as_str()? {
            "row_path" => Some(Value::from(shown.row_path.clone())),
            "pk_path" => Some(Value::from(shown.pk_path.clone())),
            "row_label" => Some(Value::from(shown.label.clone())),
            name => self
                .named(name)
                .map(|cell| self.shared.raw(self.row, cell.source)),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let this = Arc::clone(self);
        let cells = self.shown().cells.len();
        Enumerator::Iter(Box::new((0..cells).map(move |cell| {
            Value::from_object(CellObject {
                shared: Arc::clone(&this.shared),
                row: this.row,
                cell,
            })
        })))
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "display" => {
                let (name,): (&str,) = from_args(args)?;
                Ok(self
                    .named(name)
                    .map_or(Value::from(()), |cell| cell.html.clone()))
            }
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }

    fn render(self: &Arc<Self>, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let row = self.shared.batch.at(self.row);
        let members: serde_json::Map<String, serde_json::Value> = self
            .shared
            .batch
            .column_names()
            .iter()
            .enumerate()
            .map(|(column, name)| (name.clone(), writer::json_of(row.get(column))))
            .collect();
        let text = serde_json::to_string_pretty(&members).map_err(|_| std::fmt::Error)?;
        formatter.write_str(&text)
    }
}

#[derive(Debug)]
struct CellObject {
    shared: Arc<ShownRows>,
    row: usize,
    cell: usize,
}

impl Object for CellObject {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let shown = &self.shared.rows[self.row].cells[self.cell];
        match key {
            "value" => Some(shown.html.clone()),
            "css_class" => Some(self.shared.heads[shown.head].css_class.clone()),
            "value_type" => Some(Value::from(shown.value_type)),
            "column" => Some(self.shared.heads[shown.head].name.clone()),
            "raw" => Some(self.shared.raw(self.row, shown.source)),
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&["column", "value", "raw", "value_type"])
    }
}
