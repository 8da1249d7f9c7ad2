//! Schema pages (DEBUG-21 to DEBUG-31). Names are tilde-decoded here as everywhere (DEBUG-31).

use datasette_core::action::{ViewDatabase, ViewTable};
use datasette_core::{DatabaseRef, Fault};
use datasette_engine::read::schema::{database_schema, table_schema};
use datasette_render::html::page::render;
use datasette_render::html::{Variables, about};
use serde_json::{Value as Json, json};

use crate::frame::{self, Way};
use crate::reply::{self, Reply};
use crate::route::SchemaFormat;
use crate::visit::Visit;

/// `/-/schema`, `/{db}/-/schema` and `/{db}/{table}/-/schema`.
pub(crate) async fn answer(
    visit: &Visit,
    database: Option<String>,
    table: Option<String>,
    format: SchemaFormat,
) -> Result<Reply, Fault> {
    match (database, table) {
        (Some(database), Some(table)) => of_table(visit, &database, &table, format).await,
        (Some(name), None) => {
            let gate = &visit.app.instance.gate;
            let Ok(database) = visit.database(&name) else {
                refuse_unknown(visit, "view-database", &name, None).await?;
                return Err(Fault::not_found("Database not found"));
            };
            let permit = gate
                .require_or::<ViewDatabase>(visit.actor(), &database, "view-database")
                .await?;
            let schema = database_schema(&visit.app.instance, &permit).await?;
            let schemas = [(database.name().to_owned(), schema)];
            shown(visit, &schemas, Some(&database), format).await
        }
        (None, _) => of_instance(visit, format).await,
    }
}

/// Whether a database or table exists is not told to those who may not see it (DEBUG-26). Here the
/// refusal is the bare name of the action.
async fn refuse_unknown(
    visit: &Visit,
    action: &str,
    database: &str,
    table: Option<&str>,
) -> Result<(), Fault> {
    let (gate, actor) = (&visit.app.instance.gate, visit.actor());
    let catalogue = &visit.catalogue;
    let may = gate
        .allows_named(actor, action, Some(database), table, catalogue, None)
        .await?;
    may.then_some(()).ok_or_else(|| Fault::forbidden(action))
}

async fn of_instance(visit: &Visit, format: SchemaFormat) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let mut schemas = Vec::new();
    for visible in instance
        .gate
        .visible_databases(visit.actor(), &visit.catalogue)
        .await?
    {
        let permit = instance
            .gate
            .require::<ViewDatabase>(visit.actor(), &visible.item)
            .await?;
        schemas.push((
            visible.item.name().to_owned(),
            database_schema(instance, &permit).await?,
        ));
    }
    schemas.sort();
    shown(visit, &schemas, None, format).await
}

async fn shown(
    visit: &Visit,
    schemas: &[(String, String)],
    database: Option<&DatabaseRef>,
    format: SchemaFormat,
) -> Result<Reply, Fault> {
    match format {
        SchemaFormat::Json => Ok(reply::json(&match database {
            Some(database) => {
                let schema = schemas.first().map(|(_, schema)| schema.as_str());
                json!({"ok": true, "database": database.name(), "schema": schema.unwrap_or("")})
            }
            None => {
                let all: Vec<Json> = schemas
                    .iter()
                    .map(|(name, schema)| json!({"database": name, "schema": schema}))
                    .collect();
                json!({"ok": true, "schemas": all})
            }
        })),
        SchemaFormat::Markdown => {
            let sections: Vec<String> = schemas
                .iter()
                .map(|(name, schema)| markdown(name, schema))
                .collect();
            Ok(reply::text(match database {
                Some(_) => sections.concat(),
                // Sections of the instance are separated by a blank line (DEBUG-28).
                None => sections
                    .join(
                        "
",
                    )
                    .trim_end()
                    .to_owned(),
            }))
        }
        SchemaFormat::Html => {
            let way = match database {
                Some(database) => Way::database(database, "database_schema").of_kind_only(),
                None => Way::kind("instance_schema"),
            };
            page(
                visit,
                &way,
                about::schema(schemas, None, database.is_none()),
            )
            .await
        }
    }
}

async fn of_table(
    visit: &Visit,
    database: &str,
    table: &str,
    format: SchemaFormat,
) -> Result<Reply, Fault> {
    let gate = &visit.app.instance.gate;
    let (database, table) = match visit.database(database) {
        Ok(found) => match visit.table(&found, table) {
            Ok(table) => (found, table),
            Err(missing) => {
                refuse_unknown(visit, "view-table", found.name(), Some(table)).await?;
                return Err(missing);
            }
        },
        Err(missing) => {
            refuse_unknown(visit, "view-table", database, Some(table)).await?;
            return Err(missing);
        }
    };
    let permit = gate
        .require_or::<ViewTable>(visit.actor(), &table, "view-table")
        .await?;
    let schema = table_schema(&permit);
    match format {
        SchemaFormat::Json => Ok(reply::json(&json!({
            "ok": true,
            "database": database.name(),
            "table": table.name(),
            "schema": schema,
        }))),
        SchemaFormat::Markdown => {
            let name = format!("{}.{}", database.name(), table.name());
            Ok(reply::text(markdown(&name, &schema)))
        }
        SchemaFormat::Html => {
            let way = Way::table(&table, "table_schema", &[]).of_kind_only();
            let schemas = [(database.name().to_owned(), schema)];
            page(
                visit,
                &way,
                about::schema(&schemas, Some(table.name()), false),
            )
            .await
        }
    }
}

fn markdown(name: &str, schema: &str) -> String {
    format!("# Schema for {name}\n\n```sql\n{schema}\n```\n")
}

async fn page(visit: &Visit, way: &Way, variables: Variables) -> Result<Reply, Fault> {
    let base = frame::base(visit, way, "schema.html", None).await?;
    let candidates = ["schema.html".to_owned()];
    Ok(reply::html(
        render(&visit.app.templates, &candidates, &base, variables).await?,
    ))
}
