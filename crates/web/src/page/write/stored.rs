//! Storing, changing and deleting queries: the calls, and the forms that do the same without
//! scripts (STORED-40 to STORED-58).

use axum::body::Body;
use axum::http::StatusCode;
use datasette_core::action::{DeleteQuery, ExecuteSql, QueryRef, StoreQuery, UpdateQuery};
use datasette_core::truth::is_truthy;
use datasette_core::{Action, DatabaseRef, Fault, FaultKind};
use datasette_engine::read::find_stored;
use datasette_engine::write::stored_change::not_found;
use datasette_engine::write::{QueryDraft, delete_query, is_yes, store_query, update_query};
use datasette_hooks::MessageKind;
use datasette_permissions::Permit;
use datasette_render::html::context::query_form::deletion;
use datasette_render::html::page::render;
use datasette_render::json::stored;
use serde_json::{Map, Value as Json, json};

use super::payload::Payload;
use super::query_form::{self, Filled};
use super::{need, refused};
use crate::frame::{self, Way};
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// The form that stores a query (STORED-49).
pub(super) async fn store_page(visit: &Visit, database: &DatabaseRef) -> Result<Reply, Fault> {
    let gate = &visit.app.instance.gate;
    gate.require::<ExecuteSql>(visit.actor(), database).await?;
    gate.require::<StoreQuery>(visit.actor(), database).await?;
    let sql = visit.query().get("sql").unwrap_or_default();
    let filled = Filled {
        sql: sql.to_owned(),
        is_private: true,
        ..Filled::default()
    };
    query_form::create(visit, database, filled).await
}

/// Stores a query (STORED-40 to STORED-48).
pub(super) async fn store(
    visit: &Visit,
    database: &DatabaseRef,
    body: Body,
) -> Result<Reply, Fault> {
    let rights = async {
        let sql = need::<ExecuteSql>(visit, database).await?;
        Ok((sql, need::<StoreQuery>(visit, database).await?))
    };
    let (sql, permit) = match rights.await {
        Ok(rights) => rights,
        Err(fault) => return Ok(refused(&fault)),
    };
    let (fields, is_json) = match Payload::read(visit, body).await {
        Ok(Payload::Form(fields)) => (fields, false),
        Ok(Payload::Json(Json::Object(mut members))) => match members.shift_remove("query") {
            Some(Json::Object(fields)) => (fields, true),
            _ => return Ok(mistake("JSON must contain a query dictionary")),
        },
        Ok(Payload::Json(_)) => return Ok(mistake("JSON must be a dictionary")),
        // What announces itself as JSON and is none is shown to people (STORED-45).
        Err(fault) if fault.kind() == FaultKind::BadRequest => {
            return refilled(visit, database, &Map::new(), &fault).await;
        }
        Err(fault) => return Err(fault),
    };
    let stored = match QueryDraft::of_new(fields.clone()) {
        Ok(draft) => store_query(&visit.app.instance, &sql, &permit, &draft).await,
        Err(fault) => Err(fault),
    };
    match (stored, is_json) {
        (Ok(query), true) => {
            let mut answer = reply::json(&stored::definition(&query));
            *answer.status_mut() = StatusCode::CREATED;
            Ok(answer)
        }
        (Ok(query), false) => {
            tell(visit, "Query saved", MessageKind::Info);
            Ok(reply::redirect(&url(visit, database, &query.name), false))
        }
        (Err(fault), true) => Ok(refused(&fault)),
        (Err(fault), false) => refilled(visit, database, &fields, &fault).await,
    }
}

/// The form once more, as it was filled in, with what is wrong (STORED-48).
async fn refilled(
    visit: &Visit,
    database: &DatabaseRef,
    fields: &Map<String, Json>,
    fault: &Fault,
) -> Result<Reply, Fault> {
    let message = fault.message();
    let message = match message.as_str() {
        "Query name is required" => "URL is required",
        "Invalid query name" => "Invalid URL",
        "Query name conflicts with a table or view" => {
            "URL conflicts with an existing table or view"
        }
        "Query already exists" => "A query already exists at that URL",
        other => other,
    };
    tell(visit, message, MessageKind::Error);
    let text = |name| text(fields, name).unwrap_or_default().to_owned();
    let filled = Filled {
        sql: text("sql"),
        name: text("name"),
        title: text("title"),
        description: text("description"),
        is_private: fields.get("is_private").is_none_or(is_yes),
    };
    let mut answer = query_form::create(visit, database, filled).await?;
    set_status(&mut answer, fault);
    Ok(answer)
}

/// Changes a query by a call (STORED-52 to STORED-55).
pub(super) async fn update(
    visit: &Visit,
    database: &DatabaseRef,
    name: &str,
    body: Body,
) -> Result<Reply, Fault> {
    let trusted = "Trusted queries cannot be updated using the API";
    let found = async {
        let permit = found::<UpdateQuery>(visit, database, name, trusted).await?;
        let Payload::Json(Json::Object(members)) = Payload::read(visit, body).await?.into_json()
        else {
            return Err(Fault::bad_request("JSON must be a dictionary"));
        };
        let (draft, wants_query) = changes(members)?;
        let query = update_query(&visit.app.instance, &permit, draft).await?;
        Ok(match wants_query {
            true => json!({"ok": true, "query": stored::members(&query)}),
            false => json!({"ok": true}),
        })
    };
    Ok(match found.await {
        Ok(document) => reply::json(&document),
        Err(fault) => refused(&fault),
    })
}

/// What is to be changed, and whether the query is wanted back.
fn changes(mut members: Map<String, Json>) -> Result<(QueryDraft, bool), Fault> {
    let mut unknown: Vec<&str> = members
        .keys()
        .map(String::as_str)
        .filter(|name| !matches!(*name, "update" | "return"))
        .collect();
    unknown.sort_unstable();
    if !unknown.is_empty() {
        let unknown = unknown.join(", ");
        return Err(Fault::bad_request(format!("Invalid keys: {unknown}")));
    }
    let wants_query = members.get("return").is_some_and(is_truthy);
    match members.shift_remove("update") {
        Some(Json::Object(fields)) => Ok((QueryDraft::of_changes(fields)?, wants_query)),
        _ => Err(Fault::bad_request("JSON must contain an update dictionary")),
    }
}

const NO_EDITING: &str = "Trusted queries cannot be edited";

/// The form that changes a query (STORED-56).
pub(super) async fn edit_page(
    visit: &Visit,
    database: &DatabaseRef,
    name: &str,
) -> Result<Reply, Fault> {
    let query = match shown::<UpdateQuery>(visit, database, name, NO_EDITING).await? {
        Ok(query) => query,
        Err(refusal) => return Ok(refusal),
    };
    query_form::edit(visit, database, Filled::of(query.stored())).await
}

/// Saves what the form says (STORED-56).
pub(super) async fn edit(
    visit: &Visit,
    database: &DatabaseRef,
    name: &str,
    body: Body,
) -> Result<Reply, Fault> {
    let permit = match found::<UpdateQuery>(visit, database, name, NO_EDITING).await {
        Ok(permit) => permit,
        Err(fault) => return Ok(refused(&fault)),
    };
    let Payload::Json(Json::Object(fields)) = Payload::read(visit, body).await?.into_json() else {
        return Ok(mistake("Invalid form submission"));
    };
    let before = permit.resource().stored();
    let given = |name| text(&fields, name).unwrap_or_default().to_owned();
    let filled = Filled {
        sql: text(&fields, "sql").map_or_else(|| before.sql.clone(), |sql| sql.trim().to_owned()),
        name: before.name.clone(),
        title: given("title"),
        description: given("description"),
        is_private: fields.get("is_private").is_some_and(is_yes),
    };
    let mut changes = Map::from_iter([
        ("title".to_owned(), json!(filled.title)),
        ("description".to_owned(), json!(filled.description)),
        ("is_private".to_owned(), json!(filled.is_private)),
    ]);
    if filled.sql != before.sql {
        changes.insert("sql".to_owned(), json!(filled.sql));
    }
    let saved = async {
        if changes.contains_key("sql") {
            let gate = &visit.app.instance.gate;
            let refused = "Permission denied: need execute-sql to change the SQL";
            gate.require_or::<ExecuteSql>(visit.actor(), database, refused)
                .await?;
        }
        update_query(
            &visit.app.instance,
            &permit,
            QueryDraft::of_changes(changes)?,
        )
        .await
    };
    match saved.await {
        Ok(query) => {
            tell(visit, "Query updated", MessageKind::Info);
            Ok(reply::redirect(&url(visit, database, &query.name), false))
        }
        Err(fault) => {
            tell(visit, &fault.message(), MessageKind::Error);
            let mut answer = query_form::edit(visit, database, filled).await?;
            set_status(&mut answer, &fault);
            Ok(answer)
        }
    }
}

const NO_DELETING: &str = "Trusted queries cannot be deleted using the API";

/// Asks whether a query is to be deleted (STORED-57).
pub(super) async fn delete_page(
    visit: &Visit,
    database: &DatabaseRef,
    name: &str,
) -> Result<Reply, Fault> {
    let query = match shown::<DeleteQuery>(visit, database, name, NO_DELETING).await? {
        Ok(query) => query,
        Err(refusal) => return Ok(refusal),
    };
    let template = "query_delete.html";
    let way = Way::database(database, "query-delete");
    let base = frame::base(visit, &way, template, None).await?;
    let candidates = [template.to_owned()];
    let variables = deletion(database, query.stored(), &url(visit, database, name));
    let html = render(&visit.app.templates, &candidates, &base, variables).await?;
    Ok(reply::unframeable(reply::html(html)))
}

/// Deletes a query (STORED-57, STORED-58).
pub(super) async fn delete(
    visit: &Visit,
    database: &DatabaseRef,
    name: &str,
    body: Body,
) -> Result<Reply, Fault> {
    let deleted = async {
        let permit = found::<DeleteQuery>(visit, database, name, NO_DELETING).await?;
        let payload = Payload::read(visit, body).await?;
        delete_query(&visit.app.instance, &permit).await?;
        Ok((permit, payload))
    };
    let (permit, payload) = match deleted.await {
        Ok(deleted) => deleted,
        Err(fault) => return Ok(refused(&fault)),
    };
    if matches!(payload, Payload::Json(_)) {
        return Ok(reply::json(&json!({"ok": true})));
    }
    let query = permit.resource().stored();
    let title = query.title.as_ref().filter(|title| !title.is_empty());
    let title = title.unwrap_or(&query.name);
    let message = format!("Query \u{201c}{title}\u{201d} deleted");
    tell(visit, &message, MessageKind::Info);
    Ok(reply::redirect(&visit.app.urls.database(database), false))
}

/// The right to change or delete a query, in the words of calls.
async fn found<A: Action<Resource = QueryRef>>(
    visit: &Visit,
    database: &DatabaseRef,
    name: &str,
    trusted: &str,
) -> Result<Permit<A>, Fault> {
    let query = find_stored(&visit.app.instance, database, name).await?;
    let query = query.ok_or_else(|| not_found(name))?;
    let permit = need::<A>(visit, &query).await?;
    match query.stored().is_trusted {
        true => Err(Fault::forbidden(trusted)),
        false => Ok(permit),
    }
}

/// The same for pages: who may not is shown so, who asks for what is not there is told in JSON.
async fn shown<A: Action<Resource = QueryRef>>(
    visit: &Visit,
    database: &DatabaseRef,
    name: &str,
    trusted: &str,
) -> Result<Result<QueryRef, Reply>, Fault> {
    let Some(query) = find_stored(&visit.app.instance, database, name).await? else {
        return Ok(Err(refused(&not_found(name))));
    };
    let gate = &visit.app.instance.gate;
    gate.require::<A>(visit.actor(), &query).await?;
    Ok(match query.stored().is_trusted {
        true => Err(refused(&Fault::forbidden(trusted))),
        false => Ok(query),
    })
}

fn mistake(message: &str) -> Reply {
    refused(&Fault::bad_request(message))
}

fn text<'a>(fields: &'a Map<String, Json>, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Json::as_str)
}

fn url(visit: &Visit, database: &DatabaseRef, name: &str) -> String {
    visit.app.urls.child(database.route(), name)
}

fn tell(visit: &Visit, message: &str, kind: MessageKind) {
    visit.app.messages.add(visit.info.id, message, kind);
}

fn set_status(answer: &mut Reply, fault: &Fault) {
    *answer.status_mut() =
        StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
}
