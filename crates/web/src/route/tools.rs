//! Tools of a database or a table: what follows the `-` in a path.

use super::Route;
use super::change::{Change, table_change};
use super::schema::schema_format;
use super::segment::suffixed;
use super::write_page::{WritePage, query_page};

/// `/{db}/-/{page}`.
pub(super) fn database_tool(database: String, page: &str) -> Option<Route> {
    if let Some(format) = schema_format(page) {
        return Some(Route::Schema {
            database: Some(database),
            table: None,
            format,
        });
    }
    match page {
        "create" => return Some(Route::Change(Change::CreateTable { database })),
        "foreign-key-targets" => return Some(Route::KeyTargets { database }),
        "execute-write" => {
            let page = WritePage::Execute;
            return Some(Route::Write { database, page });
        }
        _ => {}
    }
    match suffixed(page) {
        Some((name, format)) if name == "query" => Some(Route::Query { database, format }),
        _ => is_query_list(page).map(|json| Route::Queries {
            database: Some(database),
            json,
        }),
    }
}

/// Whether a list of stored queries is JSON; `None` for every other page.
pub(super) fn is_query_list(page: &str) -> Option<bool> {
    match page {
        "queries" => Some(false),
        "queries.json" => Some(true),
        _ => None,
    }
}

/// `/{db}/{table}/-/{page}`.
pub(super) fn table_tool(database: String, table: String, page: &str) -> Route {
    if let Some(format) = schema_format(page) {
        return Route::Schema {
            database: Some(database),
            table: Some(table),
            format,
        };
    }
    match page {
        "autocomplete" => Route::Autocomplete { database, table },
        "fragment" => Route::Fragment { database, table },
        "count" => Route::Count { database, table },
        "foreign-key-suggestions" => Route::KeySuggestions { database, table },
        "definition" => Route::Definition {
            database,
            query: table,
        },
        "edit" | "update" | "delete" => query_page(database, table, page),
        _ => table_change(database, table, page),
    }
}
