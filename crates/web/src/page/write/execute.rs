//! `/{db}/-/execute-write`: SQL that writes (WRITE-132 to WRITE-150, UI-43 to UI-47).

use axum::body::Body;
use axum::http::StatusCode;
use datasette_core::action::ExecuteWriteSql;
use datasette_core::{DatabaseRef, Fault, QueryString, RowSink, TableRef};
use datasette_engine::write::{
    NotRun, PermittedStatement, Preview, Refusal, Written, write_templates,
};
use datasette_hooks::{CellAnswers, MessageKind};
use datasette_render::html::cells::Cells;
use datasette_render::html::context::execute_write::{ExecuteWriteContext, Returned, WriteOutcome};
use datasette_render::html::page::render;
use datasette_render::html::row_tools::RowTools;
use datasette_render::json::database::table_columns;
use datasette_render::json::{JsonOptions, JsonRows, analysis, wrap};
use datasette_render::urls::row_identifier;
use serde_json::{Map, Value as Json, json};

use super::payload::{Payload, accepts_json};
use super::sql_call::SqlCall;
use super::{may_store, need, refused_here};
use crate::cells;
use crate::frame::{self, Way};
use crate::page::change::{author, to_its_end};
use crate::page::query::listing;
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// The form.
pub(super) async fn page(visit: &Visit, database: &DatabaseRef) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let gate = &instance.gate;
    gate.require::<ExecuteWriteSql>(visit.actor(), database)
        .await?;
    if !database.entry().is_mutable {
        return Ok(refused_here(&Fault::forbidden(
            "Cannot execute write SQL because this database is immutable.",
        )));
    }
    let sql = visit.query().get("sql").unwrap_or_default();
    let preview = Preview::of_write(instance, visit.actor(), database, sql).await?;
    shown(visit, database, &preview, Map::new(), None).await
}

/// The form with what is known about its statement and what came of running it.
pub(super) async fn shown(
    visit: &Visit,
    database: &DatabaseRef,
    preview: &Preview,
    values: Map<String, Json>,
    outcome: Option<WriteOutcome>,
) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let listing = listing(visit, database).await?;
    let tables: Vec<TableRef> = listing
        .iter()
        .flat_map(|page| page.tables.iter().filter(|summary| !summary.hidden))
        .map(|summary| summary.table.clone())
        .collect();
    let templates = write_templates(instance, visit.actor(), database, &tables).await?;
    let store_path = match may_store(visit, database).await? {
        true => Some(format!(
            "{}/-/queries/store",
            visit.app.urls.database(database)
        )),
        false => None,
    };
    let shown = ExecuteWriteContext {
        database,
        preview,
        values,
        outcome,
        templates: &templates,
        table_columns: listing.as_ref().map_or_else(|| json!({}), table_columns),
        store_path,
    };
    let template = "execute_write.html";
    let way = Way::database(database, "execute-write");
    let base = frame::base(visit, &way, template, None).await?;
    let candidates = [template.to_owned()];
    let html = render(&visit.app.templates, &candidates, &base, shown.variables()).await?;
    Ok(reply::unframeable(reply::html(html)))
}

/// Runs what was sent.
pub(super) async fn run(visit: &Visit, database: &DatabaseRef, body: Body) -> Result<Reply, Fault> {
    let permit = match need::<ExecuteWriteSql>(visit, database).await {
        Ok(permit) => permit,
        Err(fault) => return Ok(refused_here(&fault)),
    };
    if !database.entry().is_mutable {
        return Ok(refused_here(&Fault::forbidden("Database is immutable")));
    }
    let payload = match Payload::read(visit, body).await {
        Ok(payload) => payload,
        Err(fault) => return Ok(refused_here(&fault)),
    };
    let wants_json = payload.is_json() || payload.is_filled("_json") || accepts_json(visit);
    let call = match SqlCall::read(payload) {
        Ok(call) => call,
        Err(fault) => return failed(visit, database, SqlCall::default(), &fault, wants_json).await,
    };
    let author = author(visit);
    let statement = match call.params() {
        Ok(params) => {
            let found = PermittedStatement::of_visitor(&author, &permit, &call.sql, params).await;
            // What cannot be a value is told after what is wrong with the statement.
            match (found, call.no_value()) {
                (Ok(_), Some(fault)) => Err(NotRun::Mistake(fault)),
                (found, _) => found,
            }
        }
        Err(fault) => Err(NotRun::Mistake(fault)),
    };
    let statement = match statement {
        Ok(statement) => statement,
        Err(NotRun::Refused(Refusal::Always(message))) if !wants_json => {
            visit
                .app
                .messages
                .add(visit.info.id, message, MessageKind::Error);
            let preview = preview(visit, database, &call.sql).await?;
            let values = call.values;
            let page = shown(visit, database, &preview, values, None).await?;
            return Ok(with_status(page, &Fault::forbidden(message)));
        }
        Err(reason) => {
            let fault = Fault::from(reason);
            return failed(visit, database, call, &fault, wants_json).await;
        }
    };
    let analysis = statement.analysis().cloned();
    let ran = to_its_end(async move { statement.run(&author).await }).await;
    let before = async {
        let (instance, actor) = (&visit.app.instance, visit.actor());
        match &analysis {
            Some(analysis) => Preview::of_run(instance, actor, &call.sql, analysis).await,
            None => preview(visit, database, &call.sql).await,
        }
    };
    match (ran, wants_json) {
        (Ok(written), true) => Ok(reply::unframeable(document(&written)?)),
        (Ok(written), false) => {
            let values = call.bound();
            let outcome = outcome(visit, database, &written).await?;
            let preview = before.await?;
            let database = &as_it_is(visit, database)?;
            shown(visit, database, &preview, values, Some(outcome)).await
        }
        (Err(fault), true) => Ok(refused_here(&fault)),
        (Err(fault), false) => {
            let preview = before.await?;
            let failure = failure(&fault);
            let page = shown(visit, database, &preview, call.bound(), Some(failure)).await?;
            Ok(with_status(page, &fault))
        }
    }
}

/// The database after a statement, which may have changed what exists.
fn as_it_is(visit: &Visit, database: &DatabaseRef) -> Result<DatabaseRef, Fault> {
    let catalogue = visit.app.instance.registry.catalogue();
    let found = catalogue.database(database.name());
    found.ok_or_else(|| Fault::not_found("Database not found"))
}

async fn preview(visit: &Visit, database: &DatabaseRef, sql: &str) -> Result<Preview, Fault> {
    Preview::of_write(&visit.app.instance, visit.actor(), database, sql).await
}

/// A statement that was not run is shown with the reason, and nothing else is said about it.
async fn failed(
    visit: &Visit,
    database: &DatabaseRef,
    call: SqlCall,
    fault: &Fault,
    wants_json: bool,
) -> Result<Reply, Fault> {
    if wants_json || fault.status() >= 500 {
        return Ok(refused_here(fault));
    }
    let preview = Preview {
        sql: call.sql,
        error: Some(fault.message()),
        ..Preview::default()
    };
    let page = shown(visit, database, &preview, call.values, Some(failure(fault))).await?;
    Ok(with_status(page, fault))
}

fn failure(fault: &Fault) -> WriteOutcome {
    WriteOutcome {
        message: fault.message(),
        ok: false,
        row_url: None,
        returned: None,
    }
}

fn with_status(mut answer: Reply, fault: &Fault) -> Reply {
    *answer.status_mut() = StatusCode::from_u16(fault.status()).unwrap_or_default();
    answer
}

/// What a page tells of a statement that was run (UI-46).
async fn outcome(
    visit: &Visit,
    database: &DatabaseRef,
    written: &Written,
) -> Result<WriteOutcome, Fault> {
    let urls = &visit.app.urls;
    let row_url = written.inserted.as_ref().map(|(table, key)| {
        let identifier = row_identifier(key.iter().map(datasette_core::Value::as_ref));
        urls.row(table, &identifier)
    });
    let returned = match &written.returned {
        None => None,
        Some((rows, truncated)) => {
            let shown = cells::Page {
                database: database.name(),
                table: None,
                rows,
                labels: None,
                types: &[],
                links: false,
            };
            let answers = match cells::may_answer(visit, &[]) {
                true => cells::answers(visit, &shown).await?,
                false => CellAnswers::default(),
            };
            let cells = Cells {
                urls,
                truncate: visit.app.instance.config.settings.truncate_cells_html as usize,
                answers: &answers,
                label: None,
                tools: RowTools::default(),
            };
            Some(Returned {
                columns: rows.column_names().to_vec(),
                display_rows: cells.of_returned(rows),
                truncated: *truncated,
            })
        }
    };
    Ok(WriteOutcome {
        message: written.message(),
        ok: true,
        row_url,
        returned,
    })
}

/// The JSON of a statement that was run (WRITE-146 to WRITE-149).
fn document(written: &Written) -> Result<Reply, Fault> {
    let rows = written.rows.and_then(|rows| i64::try_from(rows).ok());
    let truncated = written.returned.as_ref().is_some_and(|(_, more)| *more);
    let before = Map::from_iter([
        ("ok".to_owned(), json!(true)),
        ("message".to_owned(), json!(written.message())),
        ("rowcount".to_owned(), json!(rows.unwrap_or(-1))),
    ]);
    let after = Map::from_iter([
        ("truncated".to_owned(), json!(truncated)),
        (
            "analysis".to_owned(),
            analysis::operations(&written.operations),
        ),
    ]);
    let options = JsonOptions::parse(&QueryString::default())?;
    let mut items = JsonRows::new(&options, Vec::new());
    if let Some((rows, _)) = &written.returned {
        items.columns(rows.column_names());
        for row in rows.rows() {
            // A sink in memory takes all.
            let _ = items.row(&row);
        }
    }
    let body = wrap(&before, items.items(), &after);
    Ok(reply::with_type("application/json; charset=utf-8", body))
}
