//! One handler per kind of page.

mod about;
mod auth_token;
mod autocomplete;
mod change;
mod count;
mod create_token;
mod csv;
mod database;
mod debug_autocomplete;
mod fragment;
mod index;
mod jump;
mod key_suggestions;
mod key_targets;
pub(crate) mod keyed;
mod logout;
mod metrics;
mod queries;
mod query;
mod row;
mod schema;
mod static_files;
mod table;
mod threads;
mod tool;
mod write;

pub(crate) use query::Subject;

use axum::body::Body;
use datasette_core::Fault;

use crate::reply::{self, NoCors, Reply};
use crate::route::Route;
use crate::visit::Visit;

/// Answers a request for `route`, once if its client says so.
pub(crate) async fn answer(visit: &Visit, route: Route, body: Body) -> Result<Reply, Fault> {
    match keyed::key(visit, &route) {
        None => carry_out(visit, route, body).await,
        Some(key) => Ok(keyed::answer(visit, route, key, body).await),
    }
}

async fn carry_out(visit: &Visit, route: Route, body: Body) -> Result<Reply, Fault> {
    match route {
        Route::Index { json, built_in } => index::answer(visit, json, built_in).await,
        Route::Favicon => static_files::favicon(),
        Route::Static { path } => Ok(static_files::built_in(visit, &path)),
        Route::Mounted { mount, path } => static_files::mounted(visit, mount, path).await,
        Route::Moved { to } => Ok(moved(visit, &to)),
        Route::About { page, json } => about::answer(visit, page, json).await,
        Route::Tool(tool) => tool::answer(visit, tool, body).await,
        Route::Jump => jump::answer(visit).await,
        Route::AuthToken => auth_token::answer(visit).await,
        Route::Logout => logout::answer(visit).await,
        Route::CreateToken => create_token::answer(visit, body).await,
        Route::Metrics => metrics::page(visit).await,
        Route::Schema {
            database,
            table,
            format,
        } => schema::answer(visit, database, table, format).await,
        Route::Download { database } => database::download(visit, &database).await,
        Route::Database { database, format } => {
            database::answer(visit, &database, format.as_deref()).await
        }
        Route::Query { database, format } => {
            query::answer(visit, &database, format.as_deref()).await
        }
        Route::QueryParameters { database } => query::parameters(visit, &database).await,
        Route::DebugAutocomplete => debug_autocomplete::answer(visit).await,
        Route::Autocomplete { database, table } => {
            autocomplete::answer(visit, &database, &table).await
        }
        Route::Fragment { database, table } => fragment::answer(visit, &database, &table).await,
        Route::Queries { database, json } => {
            queries::answer(visit, database.as_deref(), json).await
        }
        Route::Definition { database, query } => query::definition(visit, &database, &query).await,
        Route::Write { database, page } => write::answer(visit, &database, page, body).await,
        Route::Count { database, table } => count::answer(visit, &database, &table).await,
        Route::Change(change) => change::answer(visit, change, body).await,
        Route::KeyTargets { database } => key_targets::answer(visit, &database).await,
        Route::KeySuggestions { database, table } => {
            key_suggestions::answer(visit, &database, &table).await
        }
        Route::Table {
            database,
            table,
            format,
        } => table::answer(visit, &database, &table, format.as_deref(), body).await,
        Route::Row {
            database,
            table,
            identifier,
            format,
        } => row::answer(visit, &database, &table, &identifier, format.as_deref()).await,
        Route::Unknown => Err(Fault::not_found("404")),
    }
}

/// The 404 for a suffix that is no format (ERR-18 to ERR-20).
pub(crate) fn invalid_format(format: &str) -> Fault {
    Fault::not_found(format!("Invalid format: {format}"))
}

fn moved(visit: &Visit, to: &str) -> Reply {
    let mut target = visit.location.local(to);
    if !visit.location.raw_query.is_empty() {
        target.push('?');
        target.push_str(&visit.location.raw_query);
    }
    let mut reply = reply::redirect(&target, true);
    reply.extensions_mut().insert(NoCors);
    reply
}
