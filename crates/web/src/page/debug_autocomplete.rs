//! The page on which completing keys can be tried (DEBUG-50, DEBUG-51).

use datasette_core::action::{Instance as WholeInstance, ViewDatabase, ViewInstance, ViewTable};
use datasette_core::{Action, Fault, TableRef};
use datasette_engine::labelled_tables::labelled_tables;
use datasette_engine::read::expand::label_column;
use datasette_permissions::Permit;
use datasette_render::html::context::debug_autocomplete::{DebugAutocompleteContext, Shown};
use datasette_render::html::page::render;

use crate::frame::{self, Way};
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// `/-/debug/autocomplete?database=&table=`.
pub(crate) async fn answer(visit: &Visit) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    instance
        .gate
        .require::<ViewInstance>(visit.actor(), &WholeInstance)
        .await?;
    let database = visit.query().get("database").unwrap_or_default();
    let table = visit.query().get("table").unwrap_or_default();
    let shown = match (database, table) {
        ("", "") => {
            Shown::Suggestions(labelled_tables(instance, visit.actor(), &visit.catalogue).await?)
        }
        _ => match named(visit, database, table).await? {
            Ok(permit) => {
                let table = permit.resource();
                Shown::Table(table.clone(), label_column(instance, table))
            }
            Err(message) => Shown::Mistake(message),
        },
    };
    let page = DebugAutocompleteContext {
        urls: &visit.app.urls,
        database,
        table,
        shown,
    };
    let way = Way {
        view_name: Some("autocomplete_debug"),
        ..Way::default()
    };
    let template = "debug_autocomplete.html";
    let base = frame::base(visit, &way, template, None).await?;
    Ok(reply::html(
        render(
            &visit.app.templates,
            &[template.to_owned()],
            &base,
            page.variables(),
        )
        .await?,
    ))
}

/// The table of these names, or what is wrong with them.
async fn named(
    visit: &Visit,
    database: &str,
    table: &str,
) -> Result<Result<Permit<ViewTable>, &'static str>, Fault> {
    if database.is_empty() || table.is_empty() {
        return Ok(Err("Both database and table are required."));
    }
    let gate = &visit.app.instance.gate;
    let Some(database) = visit.catalogue.database(database) else {
        // Whether there is a database is not told to those who might not see it.
        let (action, name, table) = (ViewTable::NAME, Some(database), Some(table));
        let may = gate.allows_named(visit.actor(), action, name, table, &visit.catalogue, None);
        return match may.await? {
            true => Ok(Err("Database not found.")),
            false => Err(Fault::forbidden(action)),
        };
    };
    let is_table = |found: &TableRef| !found.is_view();
    let Some(table) = database.table(table).filter(is_table) else {
        // What is in a database is not told to those who may not see it.
        gate.require_or::<ViewDatabase>(visit.actor(), &database, "view-table")
            .await?;
        return Ok(Err("Table not found."));
    };
    let permit = gate.require_or::<ViewTable>(visit.actor(), &table, "view-table");
    permit.await.map(Ok)
}
