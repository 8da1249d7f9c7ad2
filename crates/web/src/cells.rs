//! What column types and plugins show in place of values: asked once per page.

use datasette_core::{Fault, RowBatch, TableRef, Value};
use datasette_engine::column_types::{self, TypedColumn};
use datasette_engine::labels::Labels;
use datasette_hooks::{
    AssignedType, CellAnswers, CellBatch, CellContent, CellValue, ColumnPlace, Data, HookName,
    settle,
};
use serde_json::{Map, Value as Json, json};

use crate::visit::Visit;

/// The rows of a page.
pub(crate) struct Page<'a> {
    /// The database.
    pub(crate) database: &'a str,
    /// The table or view; `None` for a statement.
    pub(crate) table: Option<&'a TableRef>,
    /// The rows.
    pub(crate) rows: &'a RowBatch,
    /// Labels of foreign keys, where they are shown.
    pub(crate) labels: Option<&'a Labels>,
    /// Types of the table's columns.
    pub(crate) types: &'a [TypedColumn],
    /// Whether the page leads to rows by a key of one column, whose cell nobody changes (HOOK-74).
    pub(crate) links: bool,
}

/// The types of a table's columns.
pub(crate) async fn types(visit: &Visit, table: &TableRef) -> Result<Vec<TypedColumn>, Fault> {
    column_types::of(&visit.app.instance, table).await
}

/// The types as JSON tells them (EXTRA-31).
pub(crate) fn types_json(types: &[TypedColumn]) -> Json {
    let types: Map<String, Json> = types
        .iter()
        .map(|typed| {
            let described = json!({"type": typed.column_type.name(), "config": typed.config});
            (typed.name.clone(), described)
        })
        .collect();
    Json::Object(types)
}

/// Whether anybody may show something else than the values.
pub(crate) fn may_answer(visit: &Visit, types: &[TypedColumn]) -> bool {
    !types.is_empty() || visit.app.instance.bus.implements(HookName::RenderCell)
}

/// What cells show: their column's type first, then plugins (HOOK-64).
pub(crate) async fn answers(visit: &Visit, page: &Page<'_>) -> Result<CellAnswers, Fault> {
    let mut answers = CellAnswers::default();
    let columns = page.rows.column_names();
    let linked = match page.table {
        Some(table) if page.links && table.primary_key.len() == 1 => {
            let key = table.primary_key_names().next();
            columns.iter().position(|name| Some(name.as_str()) == key)
        }
        _ => None,
    };
    let context = visit.hooks();
    for typed in page.types {
        let place = columns.iter().position(|name| *name == typed.name);
        let Some(place) = place.filter(|place| Some(*place) != linked) else {
            continue;
        };
        let values: Vec<Value> = page
            .rows
            .rows()
            .map(|row| row.get(place).to_value())
            .collect();
        let (kind, config) = (&typed.column_type, &typed.config);
        let place_of = ColumnPlace {
            database: page.database,
            table: page.table.map_or("", |table| table.name()),
            column: &typed.name,
        };
        let rendered = async { kind.render_cells(&context, place_of, config, &values).await };
        match settle(rendered).await {
            Ok(shown) => {
                for (row, content) in shown.into_iter().enumerate() {
                    if let Some(content) = content.filter(|_| !is_labelled(page, row, place)) {
                        answers.put(row, place, content);
                    }
                }
            }
            Err(error) => {
                tracing::error!(column_type = kind.name(), "column type failed: {error}");
            }
        }
    }
    let bus = &visit.app.instance.bus;
    if bus.implements(HookName::RenderCell) && !page.rows.is_empty() {
        answers.merge(bus.render_cell(&context, &batch(page, linked)).await?);
    }
    for row in 0..page.rows.len() {
        for place in 0..columns.len() {
            if let Some(CellContent::Html(html)) = answers.get(row, place) {
                visit.scripts.cell(html, "render_cell");
            }
        }
    }
    Ok(answers)
}

fn is_labelled(page: &Page<'_>, row: usize, place: usize) -> bool {
    let value = page.rows.at(row).get(place);
    page.labels
        .is_some_and(|labels| labels.get(place, value).is_some())
}

fn batch(page: &Page<'_>, linked: Option<usize>) -> CellBatch {
    let columns = page.rows.column_names();
    let assigned = |name: &String| {
        let typed = page.types.iter().find(|typed| typed.name == *name)?;
        Some(AssignedType {
            name: typed.column_type.name().to_owned(),
            config: typed.config.clone(),
        })
    };
    let primary_keys = match page.table {
        Some(table) if table.is_view() => Vec::new(),
        Some(table) => table
            .row_key_names()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        None => Vec::new(),
    };
    CellBatch {
        database: page.database.to_owned(),
        table: page.table.map(|table| table.name().to_owned()),
        primary_keys,
        columns: columns.to_vec(),
        column_types: columns.iter().map(assigned).collect(),
        skipped: (0..columns.len())
            .map(|place| Some(place) == linked)
            .collect(),
        rows: page
            .rows
            .rows()
            .map(|row| {
                (0..columns.len())
                    .map(|place| {
                        let value = row.get(place);
                        match page.labels.and_then(|labels| labels.get(place, value)) {
                            Some(label) => CellValue::Labelled {
                                value: Data(value.to_value()),
                                label: Data(label.to_value()),
                            },
                            None => CellValue::from(value.to_value()),
                        }
                    })
                    .collect()
            })
            .collect(),
    }
}

/// `render_cell` of JSON: the cells of each row that show something else (EXTRA-25, HOOK-73).
pub(crate) fn extra(rows: &RowBatch, answers: &CellAnswers) -> Json {
    let columns = rows.column_names();
    (0..rows.len())
        .map(|row| {
            let shown = columns.iter().enumerate().filter_map(|(place, name)| {
                let content = answers
                    .get(row, place)
                    .filter(|content| !content.is_blank())?;
                let (CellContent::Text(text) | CellContent::Html(text)) = content;
                Some((name.clone(), Json::from(text.as_str())))
            });
            Json::Object(shown.collect())
        })
        .collect()
}
