//! `/-/api`: a form for requests to the API, with examples of what the visitor may do (DEBUG-48,
//! UI-50).

use std::collections::HashSet;

use datasette_core::action::{CreateTable, DropTable, InsertRow, UpdateRow, ViewTable};
use datasette_core::action::{Instance as WholeInstance, ViewInstance};
use datasette_core::{Action, DatabaseRef, Fault, TableRef};
use datasette_engine::write::require_ordinary;
use datasette_permissions::Candidate;
use datasette_render::html::page::render;
use datasette_render::html::tools::{DatabaseExamples, ExampleLink, explorer};
use serde_json::{Map, Value as Json, json};

use super::shown::way;
use crate::frame;
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// The page.
pub(super) async fn html(visit: &Visit) -> Result<Reply, Fault> {
    let gate = &visit.app.instance.gate;
    let actor = visit.actor();
    let refusal = "You do not have permission to view this instance";
    gate.require_or::<ViewInstance>(actor, &WholeInstance, refusal)
        .await?;
    let private = gate
        .is_private::<ViewInstance>(actor, &WholeInstance)
        .await?;
    let mut examples = Vec::new();
    for visible in gate.visible_databases(actor, &visit.catalogue).await? {
        let of_database = of_database(visit, &visible.item).await?;
        if !of_database.links.is_empty() || !of_database.tables.is_empty() {
            examples.push((!visible.item.entry().is_mutable, of_database));
        }
    }
    // Those that can be written come first.
    examples.sort_by_key(|(immutable, _)| *immutable);
    let examples: Vec<DatabaseExamples> = examples.into_iter().map(|(_, each)| each).collect();
    let template = "api_explorer.html";
    let base = frame::base(visit, &way("api_explorer"), template, None).await?;
    let html = render(
        &visit.app.templates,
        &[template.to_owned()],
        &base,
        explorer(&examples, private, &visit.app.urls),
    )
    .await?;
    Ok(reply::html(html))
}

async fn of_database(visit: &Visit, database: &DatabaseRef) -> Result<DatabaseExamples, Fault> {
    let gate = &visit.app.instance.gate;
    let tables = database.tables().filter(|table| !table.is_view());
    let mut all: Vec<TableRef> = tables.collect();
    all.sort_by(|one, other| one.name().cmp(other.name()));
    let mutable = database.entry().is_mutable;
    let shown = among::<ViewTable>(visit, all).await?;
    let writable: Vec<TableRef> = shown
        .iter()
        .filter(|table| mutable && require_ordinary(table).is_ok())
        .cloned()
        .collect();
    let insertable = among::<InsertRow>(visit, writable.clone()).await?;
    // Both are asked of whoever upserts.
    let upsertable = names(&among::<UpdateRow>(visit, insertable.clone()).await?);
    let insertable = names(&insertable);
    let droppable = names(&among::<DropTable>(visit, writable).await?);
    let tables = shown.iter().map(|table| {
        let mut links = vec![read(visit, table)];
        if insertable.contains(table.name()) {
            links.push(insert(visit, table));
        }
        if upsertable.contains(table.name()) {
            links.push(upsert(visit, table));
        }
        if droppable.contains(table.name()) {
            links.push(drop_table(visit, table));
        }
        (table.name().to_owned(), links)
    });
    let tables = tables.collect();
    let may_create = gate
        .allows::<CreateTable>(visit.actor(), database)
        .await?
        .is_some();
    let links = match mutable && may_create {
        true => vec![create(visit, database)],
        false => Vec::new(),
    };
    Ok(DatabaseExamples {
        name: database.name().to_owned(),
        links,
        tables,
    })
}

async fn among<A: Action>(visit: &Visit, tables: Vec<TableRef>) -> Result<Vec<TableRef>, Fault> {
    let gate = &visit.app.instance.gate;
    let candidates = tables.into_iter().map(Candidate::Table).collect();
    let allowed = gate
        .allowed_among(visit.actor(), A::NAME, candidates)
        .await?;
    let tables = allowed.into_iter().filter_map(|candidate| match candidate {
        Candidate::Table(table) => Some(table),
        _ => None,
    });
    Ok(tables.collect())
}

fn names(tables: &[TableRef]) -> HashSet<String> {
    let names = tables.iter().map(|table| table.name().to_owned());
    names.collect()
}

/// The columns that a statement may give values to, in the order of the table.
fn given(table: &TableRef) -> impl Iterator<Item = &str> {
    let columns = table.columns.iter().filter(|column| column.hidden == 0);
    columns.map(|column| column.name.as_str())
}

fn read(visit: &Visit, table: &TableRef) -> ExampleLink {
    ExampleLink {
        path: format!("{}.json", visit.app.urls.table(table)),
        label: format!("Get rows for {}", table.name()),
        body: None,
        members: &["method", "path"],
    }
}

fn insert(visit: &Visit, table: &TableRef) -> ExampleLink {
    let keys: Vec<&str> = table.primary_key_names().collect();
    let row: Map<String, Json> = given(table)
        .filter(|name| !keys.contains(name))
        .map(|name| (name.to_owned(), Json::Null))
        .collect();
    ExampleLink {
        path: format!("{}/-/insert", visit.app.urls.table(table)),
        label: format!("Insert rows into {}", table.name()),
        body: Some(json!({"rows": [row]})),
        members: &["path", "method", "json"],
    }
}

fn upsert(visit: &Visit, table: &TableRef) -> ExampleLink {
    let mut keys: Vec<&str> = table.primary_key_names().collect();
    let mut names: Vec<&str> = Vec::new();
    if keys.is_empty() {
        keys.push("rowid");
        names.push("rowid");
    }
    names.extend(given(table));
    let row: Map<String, Json> = names
        .into_iter()
        .map(|name| {
            let key = if keys.contains(&name) {
                " (primary key)"
            } else {
                ""
            };
            (name.to_owned(), json!(format!("<{name}{key}>")))
        })
        .collect();
    ExampleLink {
        path: format!("{}/-/upsert", visit.app.urls.table(table)),
        label: format!("Upsert rows into {}", table.name()),
        body: Some(json!({"rows": [row]})),
        members: &["path", "method", "json"],
    }
}

fn drop_table(visit: &Visit, table: &TableRef) -> ExampleLink {
    ExampleLink {
        path: format!("{}/-/drop", visit.app.urls.table(table)),
        label: format!("Drop table {}", table.name()),
        body: Some(json!({"confirm": false})),
        members: &["path", "json", "method"],
    }
}

fn create(visit: &Visit, database: &DatabaseRef) -> ExampleLink {
    ExampleLink {
        path: format!("{}/-/create", visit.app.urls.database(database)),
        label: format!("Create table in {}", database.name()),
        body: Some(json!({
            "table": "new_table",
            "columns": [
                {"name": "id", "type": "integer"},
                {"name": "name", "type": "text"},
            ],
            "pk": "id",
        })),
        members: &["path", "json", "method"],
    }
}
