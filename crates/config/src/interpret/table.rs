//! One entry of `tables`.

use serde_json::{Value, json};

use super::{each, missing, permission, plugins};
use crate::mistake::{Mistake, Place};
use crate::table::{ColumnTypeConfig, FacetConfig, Size, TableConfig};

/// The options of one table or view.
pub(super) fn table(place: Place<'_>) -> Result<TableConfig, Mistake> {
    place.mapping()?;
    let text = |key| place.get(key).text();
    Ok(TableConfig {
        hidden: place.get("hidden").is_truthy(),
        sort: text("sort")?.filter(|column| !column.is_empty()),
        sort_desc: text("sort_desc")?.filter(|column| !column.is_empty()),
        size: size(place.get("size")),
        sortable_columns: place.get("sortable_columns").texts()?,
        label_column: text("label_column")?.filter(|column| !column.is_empty()),
        facets: facets(place.get("facets"))?,
        facet_size: size(place.get("facet_size")),
        fts_table: text("fts_table")?.filter(|table| !table.is_empty()),
        fts_pk: text("fts_pk")?.filter(|column| !column.is_empty()),
        searchmode: text("searchmode")?,
        column_types: each(place.get("column_types"), column_type)?,
        allow: permission::allow(place.get("allow"))?,
        permissions: permission::permissions(place.get("permissions"))?,
        plugins: plugins(place.get("plugins"))?,
    })
}

/// A mistaken size is an error of the request that uses it (CONF-32), not of the start.
pub(crate) fn size(place: Place<'_>) -> Option<Size> {
    if !place.is_truthy() {
        return None;
    }
    let text = match place.value() {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some(match (text.as_str(), text.parse()) {
        ("max", _) => Size::Max,
        (_, Ok(rows)) => Size::Exactly(rows),
        _ => Size::Invalid(text),
    })
}

fn facets(place: Place<'_>) -> Result<Vec<FacetConfig>, Mistake> {
    let mut facets = Vec::new();
    for (index, item) in place.list()?.into_iter().flatten().enumerate() {
        let step = index.to_string();
        let item = place.at(&step, item);
        facets.push(match item.value() {
            Value::Object(keys) => match keys.iter().next() {
                Some((kind, config)) if keys.len() == 1 => FacetConfig::Facet {
                    kind: kind.clone(),
                    config: simple(config),
                },
                _ => FacetConfig::Malformed,
            },
            Value::Null | Value::Array(_) => return Err(item.must_be("a column or a mapping")),
            _ => FacetConfig::Facet {
                kind: "column".to_owned(),
                config: json!({ "simple": item.text()? }),
            },
        });
    }
    Ok(facets)
}

fn simple(config: &Value) -> Value {
    match config {
        Value::String(column) => json!({ "simple": column }),
        other => other.clone(),
    }
}

/// A type name, or a mapping with `type` (CONF-39, CONF-50, CONFIG-09).
fn column_type(place: Place<'_>) -> Result<ColumnTypeConfig, Mistake> {
    if let Value::String(name) = place.value() {
        return Ok(ColumnTypeConfig {
            type_name: name.clone(),
            config: None,
        });
    }
    if !place.value().is_object() {
        return Err(place.must_be("a name of a type or a mapping with \"type\""));
    }
    let Some(type_name) = place.get("type").text()? else {
        return Err(missing(&place, "type"));
    };
    let options = place.get("config").mapping()?;
    Ok(ColumnTypeConfig {
        type_name,
        config: options.filter(|options| !options.is_empty()).cloned(),
    })
}
