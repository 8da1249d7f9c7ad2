//! Storing, changing and deleting queries. They are kept in the server's own database; the
//! statements are looked at in theirs, with the rights of whoever keeps them (STORED-43, STORED-44).

use datasette_core::action::{DeleteQuery, ExecuteSql, QueryRef, StoreQuery, UpdateQuery};
use datasette_core::{Actor, DatabaseRef, Fault, FaultKind, StoredQuery};
use datasette_permissions::Permit;
use datasette_query::change::QueryDraft;
use datasette_query::statement::validate_select;
use serde_json::Value as Json;

use super::preview::{blank, own_parameters};
use super::{Analysis, Judge};
use crate::Instance;

/// The source of what people store.
const BY_USERS: &str = "user";

/// Stores a query (STORED-41 to STORED-46).
///
/// # Errors
/// 400 and 403 in the words of STORED-43 and STORED-44.
pub async fn store_query(
    instance: &Instance,
    sql: &Permit<ExecuteSql>,
    permit: &Permit<StoreQuery>,
    draft: &QueryDraft,
) -> Result<StoredQuery, Fault> {
    let (database, actor) = (sql.resource(), permit.actor());
    let name = draft.name()?;
    if database.table(name).is_some() {
        return Err(Fault::bad_request(
            "Query name conflicts with a table or view",
        ));
    }
    let taken = || Fault::bad_request("Query already exists");
    let internal = &instance.internal;
    if internal.query(database.name(), name).await?.is_some() {
        return Err(taken());
    }
    let statement = Statement::of(instance, actor, database, draft.sql()?).await?;
    draft.require_writing(statement.writes)?;
    let parameters = draft.parameters(&statement.parameters)?;
    let mut query = StoredQuery {
        database: database.name().to_owned(),
        name: name.to_owned(),
        sql: statement.sql,
        parameters: parameters.unwrap_or(statement.parameters),
        is_write: statement.writes,
        is_private: true,
        source: BY_USERS.to_owned(),
        owner_id: actor.and_then(owner),
        ..StoredQuery::default()
    };
    draft.fill(&mut query)?;
    match internal.add_query(query.clone()).await {
        Err(fault) if fault.kind() == FaultKind::Conflict => Err(taken()),
        Err(fault) => Err(fault),
        Ok(()) => Ok(query),
    }
}

/// Changes a stored query (STORED-52 to STORED-55).
///
/// # Errors
/// As [`store_query`]; 403 for a change of the statement without the right to run SQL.
pub async fn update_query(
    instance: &Instance,
    permit: &Permit<UpdateQuery>,
    draft: QueryDraft,
) -> Result<StoredQuery, Fault> {
    let (query, actor) = (permit.resource(), permit.actor());
    let database = query.database();
    let mut statement = None;
    if draft.has_sql() {
        let refused = "Permission denied: need execute-sql";
        let gate = &instance.gate;
        gate.require_or::<ExecuteSql>(actor, database, refused)
            .await?;
        statement = Some(Statement::of(instance, actor, database, draft.sql()?).await?);
    }
    let named = match &statement {
        Some(statement) => statement.parameters.clone(),
        None => own_parameters(&query.stored().sql)?,
    };
    let parameters = draft.parameters(&named)?;
    let parameters = parameters.or_else(|| statement.is_some().then_some(named));
    let known = query.stored().clone();
    let change = move |query: &mut StoredQuery| {
        // Somebody else may have changed it since it was looked at.
        if query.is_trusted || (statement.is_none() && query.sql != known.sql) {
            return Err(Fault::new(
                FaultKind::Conflict,
                "The query was changed in the meantime",
            ));
        }
        let writes = statement
            .as_ref()
            .map_or(query.is_write, |statement| statement.writes);
        draft.require_writing(writes)?;
        draft.fill(query)?;
        if let Some(statement) = statement {
            query.sql = statement.sql;
            query.is_write = statement.writes;
        }
        if let Some(parameters) = parameters {
            query.parameters = parameters;
        }
        Ok(())
    };
    let changed = instance
        .internal
        .update_query(database.name(), query.name(), change)
        .await?;
    changed.ok_or_else(|| not_found(query.name()))
}

/// Deletes a stored query (STORED-57).
///
/// # Errors
/// 404 when it is gone already.
pub async fn delete_query(instance: &Instance, permit: &Permit<DeleteQuery>) -> Result<(), Fault> {
    let query: &QueryRef = permit.resource();
    let source = Some(query.stored().source.as_str());
    let removed = instance
        .internal
        .remove_query(query.database().name(), query.name(), source)
        .await?;
    removed.then_some(()).ok_or_else(|| not_found(query.name()))
}

/// The id of an actor as the table of queries keeps it.
fn owner(actor: &Actor) -> Option<String> {
    match actor.properties().get("id")? {
        Json::String(id) => Some(id.clone()),
        Json::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// There is no such query (STORED-58).
pub fn not_found(name: &str) -> Fault {
    Fault::not_found(format!("Query not found: {name}"))
}

/// A statement that somebody may keep.
struct Statement {
    sql: String,
    parameters: Vec<String>,
    writes: bool,
}

impl Statement {
    /// Looks at a statement: one that writes needs everything that running it would need, one that
    /// reads must be a SELECT.
    async fn of(
        instance: &Instance,
        actor: Option<&Actor>,
        database: &DatabaseRef,
        sql: &str,
    ) -> Result<Self, Fault> {
        let parameters = own_parameters(sql)?;
        let values = blank(&parameters);
        let analysis = Analysis::of(instance, actor, database, sql, values).await?;
        let writes = analysis.writes();
        if writes {
            Judge::new(instance, actor).require(&analysis).await?;
        } else {
            Judge::require_keepable(&analysis)?;
            validate_select(sql).map_err(|fault| Fault::bad_request(fault.message()))?;
        }
        Ok(Self {
            sql: sql.to_owned(),
            parameters,
            writes,
        })
    }
}
