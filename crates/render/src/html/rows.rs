//! Rows as templates see them (CTX-56, CTX-57): made once, handed out cell by cell.

use std::sync::Arc;

use datasette_core::{RowBatch, ValueRef};
use datasette_engine::labels::Labels;
use datasette_hooks::RowsValue;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value, from_args};
use minijinja::{Error, ErrorKind, State, context};

use super::cell::escape;
use super::data::data;
use crate::css_class::css_class;
use crate::json::writer;

/// One column of the HTML table.
#[derive(Debug)]
pub struct Head {
    name: Value,
    css_class: Value,
    text: String,
    class: String,
}

impl Head {
    /// A column of that name.
    pub fn new(name: &str) -> Self {
        let class = css_class(name).into_owned();
        Self {
            name: Value::from(name),
            css_class: Value::from(class.as_str()),
            text: name.to_owned(),
            class,
        }
    }
}

/// One cell: its HTML and its class; the value behind it stays in the batch.
#[derive(Debug)]
pub struct Shown {
    /// Index into the heads.
    pub head: usize,
    /// The trusted HTML.
    pub html: String,
    /// `pk`, `str`, `int`, `float`, `bytes` or `none` (HTML-55); `dict` for what a plugin made
    /// of a labelled key.
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
    /// Labels that `rows` has beside the values.
    pub labels: Labels,
}

impl ShownRows {
    /// For templates: `display_rows` (CTX-56), and `rows`, the same values as plain dictionaries
    /// (CTX-53). Both are made only as far as a template asks for them.
    pub fn into_values(self) -> (Value, Value) {
        let shared = Arc::new(self);
        let plain = PlainRows {
            shared: Arc::clone(&shared),
        };
        (
            Value::from_object(RowList { shared }),
            Value::from_object(plain),
        )
    }

    /// All rows as table rows: what the loop of `_table.html` writes, without the cost of a
    /// template for each cell.
    fn html(&self) -> String {
        let cells: usize = self
            .rows
            .iter()
            .flat_map(|row| &row.cells)
            .map(|c| c.html.len() + 48)
            .sum();
        let mut out = String::with_capacity(cells + self.rows.len() * 32);
        for row in &self.rows {
            out.push_str("\n<tr");
            if let Some(path) = &row.row_path {
                out.push_str(" data-row=\"");
                escape(&mut out, path);
                out.push('"');
                if let Some(label) = &row.label {
                    out.push_str(" data-row-label=\"");
                    escape(&mut out, label);
                    out.push('"');
                }
            }
            out.push('>');
            for cell in &row.cells {
                out.push_str("<td class=\"col-");
                out.push_str(&self.heads[cell.head].class);
                out.push_str(" type-");
                out.push_str(cell.value_type);
                out.push_str("\">");
                out.push_str(&cell.html);
                out.push_str("</td>");
            }
            out.push_str("</tr>");
        }
        out
    }

    fn raw(&self, row: usize, source: Option<usize>) -> Value {
        match source {
            Some(column) => raw_value(self.batch.at(row).get(column)),
            None => Value::from(self.rows[row].pk_path.clone()),
        }
    }
}

/// All of `display_rows`, for engines outside of the server; `None` for what is something else.
pub(super) fn exported(value: &Value) -> Option<RowsValue> {
    let shown = &value.downcast_object_ref::<RowList>()?.shared;
    let heads = shown.heads.iter();
    let rows = shown.rows.iter();
    let cells = rows.clone().enumerate().map(|(number, row)| {
        let values = shown.batch.at(number);
        let cells = row.cells.iter().map(|cell| {
            let raw = match (cell.source, &row.pk_path) {
                (Some(column), _) => values.get(column).to_value(),
                (None, Some(path)) => path.as_str().into(),
                (None, None) => datasette_core::Value::Null,
            };
            (cell.head, cell.html.clone(), cell.value_type, raw.into())
        });
        cells.collect()
    });
    Some(RowsValue {
        heads: heads
            .map(|head| (head.text.clone(), head.class.clone()))
            .collect(),
        cells: cells.collect(),
        rows: rows
            .map(|row| {
                let (path, text) = (row.row_path.clone(), row.pk_path.clone());
                (path, text, row.label.clone())
            })
            .collect(),
    })
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
        if key.as_str() == Some("html") {
            // Tells templates that the method exists.
            return Some(Value::from(true));
        }
        let row = key.as_usize().filter(|row| *row < self.shared.rows.len())?;
        Some(Value::from_object(RowObject {
            shared: Arc::clone(&self.shared),
            row,
        }))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.shared.rows.len())
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        _args: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "html" => Ok(Value::from_safe_string(self.shared.html())),
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}

#[derive(Debug)]
struct PlainRows {
    shared: Arc<ShownRows>,
}

impl Object for PlainRows {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let batch = &self.shared.batch;
        let row = key.as_usize().filter(|row| *row < batch.len())?;
        let values = batch.at(row);
        let members = batch.column_names().iter().enumerate();
        Some(Value::from_pairs(members.map(|(place, name)| {
            let value = values.get(place);
            let plain = data(&writer::json_of(value));
            let shown = match self.shared.labels.get(place, value) {
                Some(label) => context! { value => plain, label => raw_value(label) },
                None => plain,
            };
            (name.as_str(), shown)
        })))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.shared.batch.len())
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

    fn cells(&self) -> impl Iterator<Item = Value> + Send + Sync + use<> {
        let (shared, row) = (Arc::clone(&self.shared), self.row);
        (0..self.shown().cells.len()).map(move |cell| {
            let shared = Arc::clone(&shared);
            Value::from_object(CellObject { shared, row, cell })
        })
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
            "cells" => Some(Value::from_iter(self.cells())),
            name => self
                .named(name)
                .map(|cell| self.shared.raw(self.row, cell.source)),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Iter(Box::new(self.cells()))
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
                Ok(self.named(name).map_or(Value::from(()), |cell| {
                    Value::from_safe_string(cell.html.clone())
                }))
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
            "value" => Some(Value::from_safe_string(shown.html.clone())),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Templates;
    use crate::urls::Urls;
    use datasette_core::{RowSink, Value as Cell};

    fn shown() -> ShownRows {
        let mut batch = RowBatch::new();
        batch.columns(&["id".to_owned(), "<b> \"name\"".to_owned()]);
        batch
            .row(&vec![Cell::Integer(1), Cell::from("<i>")])
            .unwrap();
        batch.row(&vec![Cell::Integer(2), Cell::Null]).unwrap();
        let rows = batch
            .rows()
            .enumerate()
            .map(|(number, _)| ShownRow {
                cells: vec![
                    Shown {
                        head: 0,
                        html: "<a>1</a>".to_owned(),
                        value_type: "pk",
                        source: None,
                    },
                    Shown {
                        head: 1,
                        html: "&lt;i&gt;".to_owned(),
                        value_type: "str",
                        source: Some(1),
                    },
                ],
                row_path: (number == 0).then(|| "a~2Fb\"".to_owned()),
                pk_path: Some("a/b".to_owned()),
                label: (number == 0).then(|| "<label>".to_owned()),
            })
            .collect();
        let heads = vec![Head::new("id"), Head::new("<b> \"name\"")];
        ShownRows {
            heads,
            rows,
            batch,
            labels: Labels::default(),
        }
    }

    fn render(source: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("t.html"), source).unwrap();
        let templates = Templates::new(
            vec![folder.path().to_owned()],
            &Urls::new("/"),
            &crate::StaticMounts::default(),
            datasette_core::ContentSecurity::default(),
        );
        let (display_rows, rows) = shown().into_values();
        templates
            .render("t.html", context! { display_rows, rows }, &Arc::default())
            .unwrap()
            .html
    }

    // Proves: HTML-54, HTML-55, CTX-56
    #[test]
    fn rows_written_at_once_are_those_of_the_loop() {
        let at_once = render("{% include '_table.html' %}");
        let one_by_one =
            render("{% set display_rows = display_rows|list %}{% include '_table.html' %}");
        assert_eq!(at_once, one_by_one);
        assert!(at_once.contains("data-row-label=\"&lt;label&gt;\""));
    }

    // Proves: CTX-53, CTX-57
    #[test]
    fn rows_offer_their_values() {
        assert_eq!(
            render("{{ display_rows[0].row_path }} {{ display_rows[0]['id'] }} {{ rows[1].id }}"),
            "a~2Fb&#34; a/b 2"
        );
        assert_eq!(render("{{ display_rows[0].display('id') }}"), "<a>1</a>");
        assert_eq!(render("{{ display_rows|length }}{{ rows|length }}"), "22");
    }
}
