//! Every cell of a page as HTML, in the order of precedence of HTML-56.

use datasette_core::row::BatchRow;
use datasette_core::{ColumnRef, RowBatch, TableRef, ValueRef, tilde};
use datasette_engine::labels::Labels;
use datasette_engine::page::{Expandable, QueryPage, RowPage, TablePage};
use datasette_hooks::{CellAnswers, CellContent};
use minijinja::value::Value;
use sha2::{Digest, Sha256};

use super::cell;
use super::row_tools::{RowTools, row_name};
use super::rows::{Head, Shown, ShownRow, ShownRows};
use crate::location::append;
use crate::urls::{Urls, row_identifier};

/// What cells are made with.
#[derive(Debug)]
pub struct Cells<'a> {
    /// Paths of pages.
    pub urls: &'a Urls,
    /// The setting `truncate_cells_html`; 0 cuts nothing.
    pub truncate: usize,
    /// What plugins show instead, by row and column of the batch.
    pub answers: &'a CellAnswers,
    /// The column whose text stands for a row (LABEL-08).
    pub label: Option<ColumnRef>,
    /// What the visitor may do to the rows.
    pub tools: RowTools,
}

struct Source<'a> {
    table: &'a TableRef,
    labels: &'a Labels,
    expandable: &'a [Expandable],
    row_key: &'a [usize],
}

impl Cells<'_> {
    /// The rows of a table or view page: a link to the row first, then the other columns
    /// (HTML-53, HTML-54).
    pub fn of_table(&self, page: &TablePage, batch: RowBatch) -> ShownRows {
        let table = &page.question.table;
        let source = Source {
            table,
            labels: &page.labels,
            expandable: &page.expandable,
            row_key: &page.plan.row_key,
        };
        let single_key = match (table.primary_key.len(), page.plan.row_key.as_slice()) {
            (1, [place]) => Some(*place),
            _ => None,
        };
        let mut heads = Vec::new();
        if !table.is_view() {
            heads.push(Head::new(match single_key {
                Some(place) => &batch.column_names()[place],
                None => "Link",
            }));
        }
        let shown: Vec<usize> = (0..batch.column_names().len())
            .filter(|place| Some(*place) != single_key)
            .collect();
        heads.extend(
            shown
                .iter()
                .map(|place| Head::new(&batch.column_names()[*place])),
        );
        let label = self.label_place(&batch);
        let rows = batch
            .rows()
            .enumerate()
            .map(|(number, row)| {
                let mut cells = Vec::with_capacity(heads.len());
                let key = || source.row_key.iter().map(|place| row.get(*place));
                let row_label = Self::row_label(&page.labels, row, label);
                let mut path = None;
                if !table.is_view() {
                    let (identifier, text) = (row_identifier(key()), plain_key(key()));
                    let name = row_name(&text, row_label.as_deref());
                    cells.push(self.link_cell(table, &identifier, (&text, &name), single_key));
                    path = Some((identifier, text));
                }
                let first = cells.len();
                for (offset, place) in shown.iter().enumerate() {
                    cells.push(self.cell(&source, number, row, *place, first + offset));
                }
                ShownRow {
                    cells,
                    pk_path: path.as_ref().map(|(_, text)| text.clone()),
                    row_path: path.map(|(identifier, _)| identifier),
                    label: row_label,
                }
            })
            .collect();
        ShownRows {
            heads,
            rows,
            batch,
            labels: page.labels.clone(),
        }
    }

    /// The row of a row page: primary key columns first and bold (ROW-09 to ROW-11).
    pub fn of_row(&self, page: &RowPage) -> ShownRows {
        let batch = page.rows.clone();
        let place_of = |name: &String| batch.column_names().iter().position(|known| known == name);
        let keys: Vec<usize> = page.primary_keys.iter().filter_map(place_of).collect();
        let source = Source {
            table: &page.table,
            labels: &page.labels,
            expandable: &page.expandable,
            row_key: &keys,
        };
        // Key columns in the order of the table, not of the key (CTX-79).
        let (first, rest): (Vec<usize>, Vec<usize>) =
            (0..batch.column_names().len()).partition(|place| keys.contains(place));
        let order = [first, rest].concat();
        let whole = Cells {
            urls: self.urls,
            truncate: 0,
            answers: self.answers,
            label: self.label.clone(),
            tools: self.tools,
        };
        let label = self.label_place(&batch);
        let rows = batch
            .rows()
            .enumerate()
            .map(|(number, row)| {
                let key = || keys.iter().map(|place| row.get(*place));
                let cells = order
                    .iter()
                    .enumerate()
                    .map(|(head, place)| {
                        let mut shown = whole.cell(&source, number, row, *place, head);
                        if keys.contains(place) {
                            shown.html = format!("<strong>{}</strong>", shown.html);
                        }
                        shown
                    })
                    .collect();
                ShownRow {
                    cells,
                    row_path: Some(row_identifier(key())),
                    pk_path: Some(plain_key(key())),
                    label: Self::row_label(&page.labels, row, label),
                }
            })
            .collect();
        let heads = order
            .iter()
            .map(|place| Head::new(&batch.column_names()[*place]))
            .collect();
        ShownRows {
            heads,
            rows,
            batch,
            labels: Labels::default(),
        }
    }

    /// The rows of a query page as lists of cells (QUERY-58). `blob_url` is the URL of the same
    /// query as `.blob`.
    pub fn of_query(&self, page: &QueryPage, batch: &RowBatch, blob_url: &str) -> Value {
        self.of_rows(&page.columns, batch, Some(blob_url))
    }

    /// Rows that a statement returned as lists of cells (UI-46).
    pub fn of_returned(&self, batch: &RowBatch) -> Value {
        self.of_rows(batch.column_names(), batch, None)
    }

    fn of_rows(&self, columns: &[String], batch: &RowBatch, blob_url: Option<&str>) -> Value {
        let rows: Vec<Value> = batch
            .rows()
            .enumerate()
            .map(|(number, row)| {
                let cells: Vec<Value> = (0..columns.len())
                    .map(|place| match self.answers.get(number, place) {
                        // Here blank answers count too (HOOK-71).
                        Some(answer) => Value::from_safe_string(shown(answer)),
                        None => self.query_cell(&columns[place], row.get(place), blob_url),
                    })
                    .collect();
                Value::from(cells)
            })
            .collect();
        Value::from(rows)
    }

    fn query_cell(&self, column: &str, value: ValueRef<'_>, blob_url: Option<&str>) -> Value {
        let mut html = String::new();
        match (value, blob_url) {
            (ValueRef::Blob(bytes), Some(blob_url)) => {
                let mut argument = String::from("_blob_column=");
                datasette_core::query_string::encode_form(&mut argument, column);
                let mut url = append(blob_url, &argument);
                url.push_str("&_blob_hash=");
                for byte in Sha256::digest(bytes) {
                    url.push_str(&format!("{byte:02x}"));
                }
                cell::blob_link(&mut html, &url, bytes.len());
            }
            // Templates see text as it is, and escape it.
            (ValueRef::Text(bytes), _) if cell::is_only_text(bytes) => {
                return Value::from(cell::cut(bytes, self.truncate));
            }
            (ValueRef::Integer(_) | ValueRef::Real(_), _) => {
                cell::plain(&mut html, value, 0);
                return Value::from(html);
            }
            // What is nowhere to be had later is only named.
            (ValueRef::Blob(bytes), None) => {
                let plural = if bytes.len() == 1 { "" } else { "s" };
                return Value::from(format!("<Binary: {} byte{plural}>", bytes.len()));
            }
            (other, _) => cell::plain(&mut html, other, self.truncate),
        }
        Value::from_safe_string(html)
    }

    fn label_place(&self, batch: &RowBatch) -> Option<usize> {
        let name = self.label.as_ref()?.name();
        batch.column_names().iter().position(|known| known == name)
    }

    /// The text of the label column where it is shown, by its own label if it refers to another
    /// row (HTML-54).
    fn row_label(labels: &Labels, row: BatchRow<'_>, place: Option<usize>) -> Option<String> {
        let place = place?;
        let value = row.get(place);
        let shown = labels.get(place, value).unwrap_or(value);
        let text = (!shown.is_null()).then(|| shown.printed().into_owned());
        text.filter(|text| !text.is_empty())
    }

    fn link_cell(
        &self,
        table: &TableRef,
        identifier: &str,
        (text, name): (&str, &str),
        source: Option<usize>,
    ) -> Shown {
        let mut html = String::from("<a href=\"");
        cell::escape(&mut html, &self.urls.row(table, identifier));
        html.push_str("\">");
        cell::escape(&mut html, text);
        html.push_str("</a>");
        Shown {
            head: 0,
            html: self.tools.around_link(html, name),
            value_type: "pk",
            source,
        }
    }

    fn cell(
        &self,
        source: &Source<'_>,
        number: usize,
        row: BatchRow<'_>,
        place: usize,
        head: usize,
    ) -> Shown {
        let value = row.get(place);
        let (html, value_type) = match self.answer(number, place) {
            // Whoever answered was given the value together with its label (HOOK-66).
            Some(answer) if source.labels.get(place, value).is_some() => (answer, "dict"),
            Some(answer) => (answer, cell::storage_class(value)),
            None => {
                let html = self.default_html(source, row, place);
                (html, cell::storage_class(value))
            }
        };
        Shown {
            head,
            html,
            value_type,
            source: Some(place),
        }
    }

    /// What is shown instead of the value; blank answers leave it as it is (HOOK-71).
    fn answer(&self, row: usize, column: usize) -> Option<String> {
        let content = self.answers.get(row, column)?;
        (!content.is_blank()).then(|| shown(content))
    }

    fn default_html(&self, source: &Source<'_>, row: BatchRow<'_>, place: usize) -> String {
        let mut html = String::new();
        let value = row.get(place);
        if let Some(label) = source.labels.get(place, value) {
            let name = source_name(row, place);
            let key = source
                .expandable
                .iter()
                .find(|key| key.column.name() == name);
            if let Some(key) = key {
                let identifier = tilde::encode(&value.printed()).into_owned();
                let url = self.urls.row(&key.other_table, &identifier);
                cell::label_link(&mut html, &url, label, value);
                return html;
            }
        }
        if let ValueRef::Blob(bytes) = value {
            let name = &source_name(row, place);
            let url = if source.row_key.is_empty() {
                self.urls.blob_by_hash(source.table, name, bytes)
            } else {
                let key = source.row_key.iter().map(|key| row.get(*key));
                self.urls.blob(source.table, &row_identifier(key), name)
            };
            cell::blob_link(&mut html, &url, bytes.len());
            return html;
        }
        cell::plain(&mut html, value, self.truncate);
        html
    }
}

fn source_name(row: BatchRow<'_>, place: usize) -> String {
    row.column_name(place).to_owned()
}

fn plain_key<'a>(values: impl Iterator<Item = ValueRef<'a>>) -> String {
    values
        .map(|value| value.printed().into_owned())
        .collect::<Vec<_>>()
        .join(",")
}

fn shown(content: &CellContent) -> String {
    match content {
        CellContent::Html(html) => html.clone(),
        CellContent::Text(text) => {
            let mut html = String::new();
            cell::escape(&mut html, text);
            html
        }
    }
}
