//! Running a stored query by POST (STORED-16 to STORED-37).

use std::time::Duration;

use datasette_core::access::Operation;
use datasette_core::action::{ExecuteWriteSql, QueryRef, ViewQuery};
use datasette_core::{Fault, QueryString, RowBatch, Value};
use datasette_permissions::Permit;
use datasette_query::statement::named_parameters;
use datasette_sqlite::{Limits, SqlError};
use serde_json::Value as Json;

use super::preview::blank;
use super::statement::{NotRun, PermittedStatement, Written};
use super::{Author, Refusal};
use crate::magic;
use crate::read::scope::Scope;
use crate::read::{QueryRequest, RunPermit, read_query};

/// The right to run a stored query by POST.
#[derive(Debug)]
pub struct StoredRunPermit {
    view: Permit<ViewQuery>,
    right: Right,
}

#[derive(Debug)]
enum Right {
    /// Viewing it is enough (STORED-05).
    Trusted,
    /// What it does is allowed.
    Permitted(PermittedStatement),
    /// It only reads, and is run where nothing can be written.
    Reading(RunPermit),
}

/// What came of it.
#[derive(Debug)]
pub struct StoredRun {
    /// Whether it ran.
    pub ok: bool,
    /// What is told: a text, or whatever value `on_success_message_sql` gave.
    pub message: Json,
    /// Whether the message is about a failure, which can also happen after a success (STORED-26).
    pub is_error: bool,
    /// Where to go, where the query says so.
    pub redirect: Option<String>,
}

impl StoredRunPermit {
    /// Asks for what running takes beyond viewing (STORED-06).
    ///
    /// # Errors
    /// 403 `execute-write-sql`, 403 `execute-sql`, or what of its work is not allowed.
    pub async fn require(author: &Author, view: &Permit<ViewQuery>) -> Result<Self, Refusal> {
        let query = view.resource();
        let stored = query.stored();
        let right = match (stored.is_trusted, stored.is_write) {
            (true, _) => Right::Trusted,
            (false, false) => Right::Reading(RunPermit::require(&author.instance, view).await?),
            (false, true) => {
                let gate = &author.instance.gate;
                gate.require::<ExecuteWriteSql>(author.actor.as_ref(), query.database())
                    .await?;
                let params = blank(&named_parameters(&stored.sql));
                let statement =
                    PermittedStatement::permitted(author, query.database(), &stored.sql, params);
                match statement.await {
                    Ok(statement) => Right::Permitted(statement),
                    Err(NotRun::Refused(refusal)) => return Err(refusal),
                    // A statement that SQLite does not understand is refused like others.
                    Err(NotRun::Mistake(fault)) if fault.status() == 400 => {
                        return Err(Refusal::Denied(fault.message()));
                    }
                    Err(NotRun::Mistake(fault)) => return Err(Refusal::Fault(fault)),
                }
            }
        };
        Ok(Self {
            view: view.clone(),
            right,
        })
    }

    /// What is run.
    pub fn query(&self) -> &QueryRef {
        self.view.resource()
    }
}

/// Runs it with what was submitted.
///
/// # Errors
/// 400 for a magic parameter that this request has no answer to (STORED-32); 503 and 500 where the
/// database is not to be had. What SQLite refuses is no fault here: pages tell it.
pub async fn run_stored(
    author: &Author,
    permit: StoredRunPermit,
    submitted: Vec<(String, String)>,
) -> Result<StoredRun, Fault> {
    let query = permit.view.resource().clone();
    let stored = query.stored();
    let instance = &author.instance;
    let hooks = author.hooks();
    let mut params = magic::answered(&instance.declared, &hooks, &stored.sql).await?;
    let ordinary = submitted
        .iter()
        .filter(|(name, _)| magic::parts(name).is_none())
        .map(|(name, value)| (name.clone(), Value::Text(value.clone())));
    params.extend(ordinary);
    let scope = match permit.right {
        Right::Trusted => Scope::EVERYTHING,
        _ => Scope::of(instance, author.actor.as_ref(), query.database()).await?,
    };
    let ran = match permit.right {
        Right::Reading(permit) => read(author, &permit, submitted).await,
        Right::Permitted(statement) => statement.with(params.clone()).run(author).await,
        Right::Trusted => trusted(author, &query, params.clone()).await,
    };
    let written = match ran {
        Ok(written) => written,
        // Our own failures are not what the query's owner wrote about.
        Err(fault) if fault.status() >= 500 => return Err(fault),
        Err(fault) => {
            let own = stored
                .on_error_message
                .clone()
                .filter(|own| !own.is_empty());
            return Ok(StoredRun {
                ok: false,
                message: Json::String(own.unwrap_or_else(|| fault.message())),
                is_error: true,
                redirect: stored.on_error_redirect.clone(),
            });
        }
    };
    let mut run = StoredRun {
        ok: true,
        message: Json::Null,
        is_error: false,
        redirect: stored.on_success_redirect.clone(),
    };
    if let Some(sql) = stored
        .on_success_message_sql
        .as_ref()
        .filter(|sql| !sql.is_empty())
    {
        match first_value(author, &query, sql, params, scope).await {
            Ok(message) => run.message = message,
            Err(fault) => {
                let detail = fault.message();
                let message = format!("Error running on_success_message_sql: {detail}");
                run.message = Json::String(message);
                run.is_error = true;
            }
        }
    }
    if !datasette_core::truth::is_truthy(&run.message) {
        let own = stored
            .on_success_message
            .clone()
            .filter(|own| !own.is_empty());
        run.message = Json::String(own.unwrap_or_else(|| written.message()));
    }
    Ok(run)
}

/// Runs what only reads; its rows go nowhere, as in the original.
async fn read(
    author: &Author,
    permit: &RunPermit,
    submitted: Vec<(String, String)>,
) -> Result<Written, Fault> {
    let instance = &author.instance;
    let arguments = QueryString::from_pairs(submitted);
    let request = QueryRequest::stored(instance, permit, &author.hooks(), &arguments).await?;
    let (page, _) = read_query(instance, request, Some(1), RowBatch::new()).await?;
    match page.error {
        Some(message) => Err(Fault::bad_request(message)),
        None => Ok(Written {
            rows: None,
            returned: None,
            inserted: None,
            operations: Vec::new(),
        }),
    }
}

/// Runs what the operator vouches for; VACUUM outside of a transaction, since it works nowhere else.
async fn trusted(
    author: &Author,
    query: &QueryRef,
    params: Vec<(String, Value)>,
) -> Result<Written, Fault> {
    let sql = query.stored().sql.clone();
    let statement = PermittedStatement::trusted(query.database(), &sql, params.clone());
    let handle = author.instance.handle(query.database())?;
    let analysed = handle
        .read(move |reader| Ok(reader.analyse(&sql, &params)))
        .await?;
    let vacuums = analysed.is_ok_and(|accesses| {
        let mut accesses = accesses.iter();
        accesses.any(|access| access.operation == Operation::Vacuum)
    });
    match vacuums {
        true => statement.run_outside_transaction(author).await,
        false => statement.run(author).await,
    }
}

/// The first value of the first row; null where there is none.
async fn first_value(
    author: &Author,
    query: &QueryRef,
    sql: &str,
    params: Vec<(String, Value)>,
    scope: Scope,
) -> Result<Json, Fault> {
    let instance = &author.instance;
    let limit = Duration::from_millis(u64::from(instance.config.settings.sql_time_limit_ms));
    let handle = instance.handle(query.database())?;
    let sql = sql.to_owned();
    let value = handle
        .read(move |reader| {
            scope.keep(reader);
            let limits = Limits::time(limit).rows(1);
            match reader.batch(&sql, &params, &limits) {
                Ok((rows, _)) => Ok(rows.rows().next().map(|row| row.get(0).to_value())),
                Err(SqlError::Statement { message, .. }) => Err(Fault::bad_request(message)),
                Err(other) => Err(other.into()),
            }
        })
        .await?;
    Ok(match value {
        None | Some(Value::Null) => Json::Null,
        Some(Value::Integer(number)) => Json::from(number),
        Some(Value::Real(number)) => Json::from(number),
        Some(Value::Text(text)) => Json::String(text),
        Some(Value::Blob(bytes)) => Json::String(String::from_utf8_lossy(&bytes).into_owned()),
    })
}
