//! The JSON of the database and index pages.

use datasette_core::schema::ForeignKey;
use datasette_engine::page::{DatabasePage, DatabaseSummary, TableSummary};
use serde_json::{Map, Value as Json, json};

use crate::css_class::database_color;
use crate::urls::Urls;

/// How many tables and views the index lists per database (INDEX-09).
const LISTED: usize = 5;

/// One table of a database page (DB-04).
pub fn table(summary: &TableSummary) -> Json {
    let table = &summary.table;
    json!({
        "name": table.name(),
        "columns": column_names(summary),
        "primary_keys": table.primary_key_names().collect::<Vec<_>>(),
        "count": summary.count.map(|count| count.rows),
        "count_truncated": summary.count.is_some_and(|count| count.truncated),
        "hidden": summary.hidden,
        "fts_table": summary.fts_table,
        "foreign_keys": {
            "incoming": keys(&summary.incoming),
            "outgoing": keys(&summary.outgoing),
        },
        "private": summary.private,
    })
}

fn column_names(summary: &TableSummary) -> Vec<&str> {
    summary
        .table
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect()
}

fn keys(keys: &[ForeignKey]) -> Json {
    keys.iter()
        .map(|key| {
            json!({
                "other_table": key.other_table,
                "column": key.column,
                "other_column": key.other_column,
            })
        })
        .collect()
}

/// `table_columns`: for SQL completion, empty without the permission to run SQL (DB-10).
pub fn table_columns(page: &DatabasePage) -> Json {
    if !page.allow_execute_sql {
        return json!({});
    }
    let mut tables: Vec<(String, Json)> = page
        .tables
        .iter()
        .map(|summary| {
            (
                summary.table.name().to_owned(),
                json!(column_names(summary)),
            )
        })
        .collect();
    tables.sort_by(|one, other| one.0.cmp(&other.0));
    // Tables by name, and after them views in the order in which they were made.
    let mut views: Vec<_> = page.views.iter().map(|summary| &summary.view).collect();
    views.sort_by_key(|view| view.database().schema().tables.get_index_of(view.name()));
    let views = views
        .into_iter()
        .map(|view| (view.name().to_owned(), json!([])));
    Json::Object(tables.into_iter().chain(views).collect())
}

/// The whole JSON of a database page (DB-02). `queries` are the stored queries that the actor may
/// see, at most five of `queries_count`.
pub fn page(
    page: &DatabasePage,
    urls: &Urls,
    queries: &[Json],
    queries_count: usize,
    metadata: Json,
) -> Json {
    let views: Vec<Json> = page
        .views
        .iter()
        .map(|summary| json!({"name": summary.view.name(), "private": summary.private}))
        .collect();
    json!({
        "ok": true,
        "database": page.database.name(),
        "private": page.private,
        "path": urls.database(&page.database),
        "size": page.size,
        "tables": page.tables.iter().map(table).collect::<Vec<_>>(),
        "hidden_count": page.tables.iter().filter(|summary| summary.hidden).count(),
        "views": views,
        "queries": queries,
        "queries_more": queries_count > queries.len(),
        "queries_count": queries_count,
        "allow_execute_sql": page.allow_execute_sql,
        "table_columns": table_columns(page),
        "metadata": metadata,
    })
}

/// One database of the index page (INDEX-05, INDEX-06, INDEX-09 to INDEX-11).
pub fn summary(summary: &DatabaseSummary, urls: &Urls) -> Json {
    let entry = summary.database.entry();
    let visible: Vec<(usize, &TableSummary)> = summary
        .tables
        .iter()
        .enumerate()
        .filter(|(_, table)| !table.hidden)
        .collect();
    let hidden = summary.tables.iter().filter(|table| table.hidden);
    let total = |tables: &mut dyn Iterator<Item = &TableSummary>| -> u64 {
        tables
            .filter_map(|table| table.count)
            .map(|count| count.rows)
            .sum()
    };
    let mut listed: Vec<Json> = visible
        .iter()
        .take(LISTED)
        .map(|(place, entry)| {
            json!({
                "name": entry.table.name(),
                "columns": column_names(entry),
                "primary_keys": entry.table.primary_key_names().collect::<Vec<_>>(),
                "count": entry.count.map(|count| count.rows),
                "hidden": entry.hidden,
                "fts_table": entry.fts_table,
                "num_relationships_for_sorting": summary.relationships[*place],
                "private": entry.private,
            })
        })
        .collect();
    for view in summary
        .views
        .iter()
        .take(LISTED.saturating_sub(listed.len()))
    {
        listed.push(json!({"name": view.view.name(), "private": view.private}));
    }
    json!({
        "name": entry.name,
        "hash": entry.hash,
        "color": database_color(&entry.name, entry.hash.as_deref()),
        "path": urls.database(&summary.database),
        "tables_and_views_truncated": listed,
        "tables_and_views_more": visible.len() + summary.views.len() > LISTED,
        "tables_count": visible.len(),
        "table_rows_sum": total(&mut visible.iter().map(|(_, table)| *table)),
        // Nothing was counted where there is nothing to count.
        "show_table_row_counts": summary.counts_known && !summary.tables.is_empty(),
        "hidden_table_rows_sum": total(&mut hidden.clone()),
        "hidden_tables_count": hidden.count(),
        "views_count": summary.views.len(),
        "private": summary.private,
    })
}

/// The whole JSON of the index page (INDEX-03, INDEX-04).
pub fn index(databases: &[Json], metadata: Map<String, Json>) -> Json {
    json!({
        "ok": true,
        "unstable": UNSTABLE,
        "databases": databases,
        "metadata": metadata,
    })
}

/// What JSON says that is not part of the stable interface (INDEX-04).
pub const UNSTABLE: &str =
    "This API is not part of Datasette's stable interface and may change at any time";
