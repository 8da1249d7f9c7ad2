//! One entry of `queries`.

use serde_json::Value;

use super::{missing, permission};
use crate::mistake::{Mistake, Place};
use crate::query::QueryConfig;

/// SQL alone, or a mapping with `sql` (CONF-65, CONF-66).
pub(super) fn query(place: Place<'_>) -> Result<QueryConfig, Mistake> {
    if let Value::String(sql) = place.value() {
        return Ok(QueryConfig {
            sql: sql.clone(),
            is_trusted: true,
            ..QueryConfig::default()
        });
    }
    if !place.value().is_object() {
        return Err(place.must_be("SQL text or a mapping with \"sql\""));
    }
    let Value::String(sql) = place.get("sql").value() else {
        return Err(match place.value().get("sql") {
            None => missing(&place, "sql"),
            Some(_) => place.get("sql").must_be("text"),
        });
    };
    let is_trusted =
        place.value().get("is_trusted").is_none() || place.get("is_trusted").is_truthy();
    let text = |key| place.get(key).text();
    Ok(QueryConfig {
        sql: sql.clone(),
        title: text("title")?,
        description: text("description")?,
        description_html: text("description_html")?,
        hide_sql: place.get("hide_sql").is_truthy(),
        fragment: text("fragment")?,
        params: place.get("params").texts()?,
        write: place.get("write").is_truthy(),
        is_trusted,
        on_success_message: text("on_success_message")?,
        on_success_message_sql: text("on_success_message_sql")?,
        on_success_redirect: text("on_success_redirect")?,
        on_error_message: text("on_error_message")?,
        on_error_redirect: text("on_error_redirect")?,
        allow: permission::allow(place.get("allow"))?,
        permissions: permission::permissions(place.get("permissions"))?,
    })
}
