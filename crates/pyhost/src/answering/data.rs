//! Questions about what is stored.

use datasette_core::{Actor, StoredQuery};
use datasette_hooks::{HostServices, MetadataOf, Plain, QueryAnswer, QueryBounds};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::rows::Rows;
use super::services::{Answered, answered, served};
use crate::borrowing::GivenParameters;
use crate::protocol::Failure;

#[derive(Deserialize)]
pub(super) struct Statement {
    database: String,
    sql: String,
    #[serde(default)]
    params: GivenParameters,
    #[serde(flatten)]
    bounds: QueryBounds,
}

#[derive(Serialize)]
struct Found<'a> {
    columns: &'a [String],
    rows: Rows<'a>,
    truncated: bool,
}

pub(super) async fn execute(host: &dyn HostServices, statement: Statement) -> Answered {
    let Statement {
        database,
        sql,
        params,
        bounds,
    } = statement;
    let QueryAnswer { rows, truncated } = host
        .execute_within(&database, &sql, params.0, bounds)
        .await
        .map_err(Failure::from)?;
    answered(&Found {
        columns: rows.column_names(),
        rows: Rows(&rows),
        truncated,
    })
}

pub(super) fn databases(host: &dyn HostServices) -> Answered {
    answered(&host.databases())
}

#[derive(Deserialize)]
pub(super) struct NewQuery {
    query: StoredQuery,
    replace: bool,
}

pub(super) async fn store_query(host: &dyn HostServices, new: NewQuery) -> Answered {
    served(host.store_query(new.query, new.replace).await)
}

#[derive(Deserialize)]
pub(super) struct OldQuery {
    database: String,
    name: String,
    #[serde(default)]
    source: Option<String>,
}

pub(super) async fn remove_query(host: &dyn HostServices, old: OldQuery) -> Answered {
    let removed = host.remove_query(&old.database, &old.name, old.source.as_deref());
    served(removed.await)
}

#[derive(Deserialize)]
pub(super) struct Metadata {
    of: MetadataOf,
    #[serde(default)]
    key: String,
    #[serde(default)]
    value: Json,
}

pub(super) async fn metadata(host: &dyn HostServices, question: Metadata) -> Answered {
    let found = host.metadata(question.of).await.map_err(Failure::from)?;
    answered(&Plain(&Json::Object(found)))
}

pub(super) async fn set_metadata(host: &dyn HostServices, question: Metadata) -> Answered {
    let Metadata { of, key, value } = question;
    served(host.set_metadata(of, &key, value).await)
}

/// An actor as Python gives it: its properties, or nothing.
pub(crate) fn actor(properties: Option<Json>) -> Option<Actor> {
    match properties {
        Some(Json::Object(properties)) => Some(Actor::new(properties)),
        _ => None,
    }
}
