//! Values that a column type changes for JSON (HOOK-111).

use datasette_core::{Fault, RowBatch, RowSink, TableRef, Value};
use datasette_engine::column_types::TypedColumn;
use datasette_engine::labels::Labels;
use datasette_hooks::settle;
use datasette_render::json::{JsonOptions, JsonRows};

use crate::cells;
use crate::visit::Visit;

/// The typed columns of a table whose values are changed. Assignments are looked up only where a
/// type changes values at all.
pub(crate) async fn types(visit: &Visit, table: &TableRef) -> Result<Vec<TypedColumn>, Fault> {
    let mut declared = visit.app.instance.declared.column_types.values();
    if !declared.any(|column_type| column_type.transforms()) {
        return Ok(Vec::new());
    }
    let mut types = cells::types(visit, table).await?;
    types.retain(|typed| typed.column_type.transforms());
    Ok(types)
}

/// The rows of a page as JSON with changed values. A type that fails changes nothing; expanded
/// foreign keys stay as they are.
pub(crate) async fn json(
    visit: &Visit,
    rows: &RowBatch,
    labels: &Labels,
    types: &[TypedColumn],
    (options, row_key): (&JsonOptions, &[usize]),
) -> JsonRows {
    let mut options = options.clone();
    let mut changed: Vec<(usize, Vec<String>)> = Vec::new();
    let context = visit.hooks();
    for typed in types {
        let names = rows.column_names();
        let place = names.iter().position(|name| *name == typed.name);
        let Some(place) = place.filter(|place| !labels.is_expanded(*place)) else {
            continue;
        };
        let values: Vec<Value> = rows.rows().map(|row| row.get(place).to_value()).collect();
        let (column_type, config) = (&typed.column_type, &typed.config);
        let changing = async {
            column_type
                .transform_values(&context, config, &values)
                .await
        };
        match settle(changing).await {
            Ok(json) if json.len() == values.len() => {
                let texts = json.iter().map(ToString::to_string).collect();
                changed.push((place, texts));
                // Written as JSON instead of as a text that holds JSON.
                options.decoded.push(typed.name.clone());
            }
            Ok(_) => {
                let name = column_type.name();
                tracing::error!(column_type = name, "not one value for each was given");
            }
            Err(error) => {
                tracing::error!(
                    column_type = column_type.name(),
                    "column type failed: {error}"
                );
            }
        }
    }
    let mut sink = JsonRows::new(&options, row_key.to_vec());
    sink.columns(rows.column_names());
    for (number, row) in rows.rows().enumerate() {
        let written = if changed.is_empty() {
            sink.row(&labels.on(row))
        } else {
            let mut values = RowBatch::new();
            values.columns(rows.column_names());
            let mut cells = row.to_values();
            for (place, texts) in &changed {
                cells[*place] = Value::from(texts[number].as_str());
            }
            values
                .row(&cells)
                .and_then(|()| sink.row(&labels.on(values.at(0))))
        };
        if written.is_err() {
            break;
        }
    }
    sink
}
