//! The extra `debug`: how the path was read (EXTRA-26).

use datasette_engine::page::{RowPage, TablePage};
use datasette_render::json::describe;
use serde_json::{Map, Value as Json, json};

use crate::visit::Visit;

/// Of a table or view.
pub(crate) fn table(visit: &Visit, page: &TablePage) -> Json {
    let table = &page.question.table;
    json!({
        "url_vars": url_vars(visit),
        "resolved": {
            "database": table.database().name(),
            "table": table.name(),
            "is_view": table.is_view(),
        },
        "nofacet": visit.query().get("_nofacet"),
        "nosuggest": visit.query().get("_nosuggest"),
    })
}

/// Of a row.
pub(crate) fn row(visit: &Visit, page: &RowPage) -> Json {
    let query = describe::query(&page.plan.sql, &page.plan.params);
    json!({
        "url_vars": url_vars(visit),
        "resolved": {
            "table": page.table.name(),
            "sql": query["sql"],
            "params": query["params"],
            "pks": page.primary_keys,
            "pk_values": page.primary_key_values,
        },
    })
}

/// Of a query.
pub(crate) fn query(visit: &Visit) -> Json {
    json!({"url_vars": url_vars(visit)})
}

/// The named parts of the path, undecoded.
fn url_vars(visit: &Visit) -> Json {
    let vars = visit.info.url_vars.iter();
    let vars: Map<String, Json> = vars
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    Json::Object(vars)
}
