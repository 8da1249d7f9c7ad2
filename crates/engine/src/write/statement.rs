//! Running a statement that somebody wrote: it is looked at, the gate is asked, and what runs is
//! what was looked at (WRITE-137).

use std::time::Duration;

use datasette_core::access::{Access, Operation};
use datasette_core::action::ExecuteWriteSql;
use datasette_core::{DatabaseRef, Fault, FaultKind, RowBatch, TableRef, Value};
use datasette_permissions::Permit;
use datasette_query::rowid_name;
use datasette_query::statement::counts_its_rows;
use datasette_sqlite::{Limits, SqlError, Writer};
use serde_json::{Value as Json, json};

use super::preview::READS_ONLY;
use super::{Analysis, Author, Judge, Refusal};
use crate::page::OperationRow;

/// How long a statement may take (WRITE-150).
const TIME: Duration = Duration::from_secs(2);

/// The most rows of a RETURNING clause that are told (WRITE-148).
const RETURNED: usize = 10;

/// How often a statement is looked at anew because the database has changed in between.
const ATTEMPTS: usize = 5;

/// A statement that may be run, and nothing that it does not do today.
#[derive(Clone, Debug)]
pub struct PermittedStatement {
    database: DatabaseRef,
    sql: String,
    params: Vec<(String, Value)>,
    right: Right,
}

#[derive(Clone, Debug)]
enum Right {
    /// The operator vouches for it (STORED-05).
    Everything,
    /// Somebody may do all this.
    These(Analysis),
}

/// What came of a statement.
#[derive(Debug)]
pub struct Written {
    /// How many rows it changed; `None` where that is not known (WRITE-146).
    pub rows: Option<u64>,
    /// Rows that it returned, and whether there were more.
    pub returned: Option<(RowBatch, bool)>,
    /// The row that it inserted, where it inserted one: the values of its key.
    pub inserted: Option<(TableRef, Vec<Value>)>,
    /// What it did (WRITE-147).
    pub operations: Vec<OperationRow>,
}

impl Written {
    /// In a sentence (WRITE-146, STORED-25).
    pub fn message(&self) -> String {
        match self.rows {
            None => "Query executed".to_owned(),
            Some(1) => "Query executed, 1 row affected".to_owned(),
            Some(rows) => format!("Query executed, {rows} rows affected"),
        }
    }
}

/// Why a statement is not run.
#[derive(Debug)]
pub enum NotRun {
    /// It is not what may be run here, or it is at fault.
    Mistake(Fault),
    /// It may not be run.
    Refused(Refusal),
}

impl From<Fault> for NotRun {
    fn from(fault: Fault) -> Self {
        Self::Mistake(fault)
    }
}

impl From<NotRun> for Fault {
    fn from(reason: NotRun) -> Self {
        match reason {
            NotRun::Mistake(fault) => fault,
            NotRun::Refused(refusal) => refusal.into(),
        }
    }
}

impl PermittedStatement {
    /// Asks for everything that a statement of a visitor does.
    ///
    /// # Errors
    /// 400 for a statement that is at fault or only reads (WRITE-134), else why it is refused.
    pub async fn of_visitor(
        author: &Author,
        permit: &Permit<ExecuteWriteSql>,
        sql: &str,
        params: Vec<(String, Value)>,
    ) -> Result<Self, NotRun> {
        let analysis = analysed(author, permit.resource(), sql, &params).await?;
        match analysis.writes() {
            true => Self::judged(author, analysis, sql, params).await,
            false => Err(NotRun::Mistake(Fault::bad_request(READS_ONLY))),
        }
    }

    /// What was found out about it; `None` where nobody asked.
    pub fn analysis(&self) -> Option<&Analysis> {
        match &self.right {
            Right::Everything => None,
            Right::These(analysis) => Some(analysis),
        }
    }

    /// Asks for everything that a stored statement does that nobody vouches for (STORED-06).
    ///
    /// # Errors
    /// As [`PermittedStatement::of_visitor`].
    pub(super) async fn permitted(
        author: &Author,
        database: &DatabaseRef,
        sql: &str,
        params: Vec<(String, Value)>,
    ) -> Result<Self, NotRun> {
        let analysis = analysed(author, database, sql, &params).await?;
        Self::judged(author, analysis, sql, params).await
    }

    async fn judged(
        author: &Author,
        analysis: Analysis,
        sql: &str,
        params: Vec<(String, Value)>,
    ) -> Result<Self, NotRun> {
        let (instance, actor) = (&*author.instance, author.actor.as_ref());
        let judged = Judge::new(instance, actor).require(&analysis).await;
        judged.map_err(NotRun::Refused)?;
        Ok(Self {
            database: analysis.database.clone(),
            sql: sql.to_owned(),
            params,
            right: Right::These(analysis),
        })
    }

    /// A statement that the operator vouches for.
    pub(super) fn trusted(database: &DatabaseRef, sql: &str, params: Vec<(String, Value)>) -> Self {
        Self {
            database: database.clone(),
            sql: sql.to_owned(),
            params,
            right: Right::Everything,
        }
    }

    /// The same with other values.
    pub(super) fn with(self, params: Vec<(String, Value)>) -> Self {
        Self { params, ..self }
    }

    /// Runs it in one transaction. Should the database have changed so that it does something else
    /// now, the gate is asked about that first.
    ///
    /// # Errors
    /// 400 in SQLite's words; nothing is changed then. 403 where it does now what is not allowed.
    pub async fn run(mut self, author: &Author) -> Result<Written, Fault> {
        for _ in 0..ATTEMPTS {
            let statement = self.clone();
            let job = move |writer: &mut Writer<'_>, database: &DatabaseRef| {
                statement.attempt(writer, database)
            };
            let found = match author.write(&self.database, told, job).await? {
                Attempt::Done(written) => return Ok(written),
                Attempt::Otherwise(database, accesses) => Analysis { database, accesses },
            };
            let (instance, actor) = (&*author.instance, author.actor.as_ref());
            // The gate looks at names that the catalogue has.
            instance.registry.refresh().await?;
            Judge::new(instance, actor).require(&found).await?;
            self.right = Right::These(found);
        }
        Err(Fault::new(
            FaultKind::Unavailable,
            "The database changes too often at the moment. Nothing was written.",
        ))
    }

    /// Runs it without a transaction, for what cannot be done inside of one (STORED-05).
    ///
    /// # Errors
    /// As [`PermittedStatement::run`].
    pub(super) async fn run_outside_transaction(self, author: &Author) -> Result<Written, Fault> {
        let database = self.database.clone();
        let job =
            move |writer: &mut Writer<'_>, database: &DatabaseRef| self.attempt(writer, database);
        match author
            .write_outside_transaction(&database, told, job)
            .await?
        {
            Attempt::Done(written) => Ok(written),
            Attempt::Otherwise(..) => Err(Fault::internal("an untrusted statement")),
        }
    }

    fn attempt(&self, writer: &mut Writer<'_>, database: &DatabaseRef) -> Result<Attempt, Fault> {
        let Right::These(permitted) = &self.right else {
            return self.carry_out(writer, database, None).map(Attempt::Done);
        };
        let accesses = writer.analyse(&self.sql, &self.params).map_err(refused)?;
        if !accesses
            .iter()
            .all(|access| permitted.accesses.contains(access))
        {
            return Ok(Attempt::Otherwise(database.clone(), accesses));
        }
        let analysis = Analysis {
            database: database.clone(),
            accesses,
        };
        self.carry_out(writer, database, Some(&analysis))
            .map(Attempt::Done)
    }

    fn carry_out(
        &self,
        writer: &mut Writer<'_>,
        database: &DatabaseRef,
        analysis: Option<&Analysis>,
    ) -> Result<Written, Fault> {
        let before = writer.last_insert_rowid();
        let limits = Limits::time(TIME).rows(RETURNED);
        let ran = writer.batch(&self.sql, &self.params, &limits);
        let (rows, outcome) = ran.map_err(refused)?;
        let counts = counts_its_rows(&self.sql) && !outcome.truncated;
        let changed = counts.then(|| writer.changes());
        let table = analysis
            .filter(|_| changed == Some(1))
            .and_then(Analysis::inserts_into)
            .and_then(|name| database.table(name));
        let inserted = match (table, analysis) {
            // What a conflict turned into an update has no new rowid.
            (Some(table), Some(analysis))
                if !analysis.updates(table.name()) || writer.last_insert_rowid() != before =>
            {
                let key = key_of_latest(writer, &table);
                key.map(|key| (table, key))
            }
            _ => None,
        };
        let returns = !rows.column_names().is_empty();
        Ok(Written {
            rows: changed,
            returned: returns.then_some((rows, outcome.truncated)),
            inserted,
            operations: analysis.map(Analysis::operations).unwrap_or_default(),
        })
    }
}

async fn analysed(
    author: &Author,
    database: &DatabaseRef,
    sql: &str,
    params: &[(String, Value)],
) -> Result<Analysis, Fault> {
    let (instance, actor) = (&*author.instance, author.actor.as_ref());
    let analysis = Analysis::of(instance, actor, database, sql, params.to_vec()).await;
    analysis.map_err(Fault::from)
}

impl Analysis {
    /// Whether the statement itself updates that table.
    fn updates(&self, table: &str) -> bool {
        self.accesses.iter().any(|access| {
            access.operation == Operation::Update
                && access.source.is_none()
                && access.table.as_deref() == Some(table)
        })
    }
}

/// What came of an attempt.
enum Attempt {
    Done(Written),
    /// It would do something that nobody was asked about.
    Otherwise(DatabaseRef, Vec<Access>),
}

/// A write as plugins see it.
fn told(attempt: &Attempt) -> Json {
    let rows = match attempt {
        Attempt::Done(written) => written.rows.and_then(|rows| i64::try_from(rows).ok()),
        Attempt::Otherwise(..) => None,
    };
    json!({"rowcount": rows.unwrap_or(-1)})
}

/// The key of the row that was inserted last; `None` where rows have no rowid.
fn key_of_latest(writer: &mut Writer<'_>, table: &TableRef) -> Option<Vec<Value>> {
    let quote = datasette_core::identifier::quote;
    let rowid = rowid_name(table);
    let columns = match table.uses_rowid() {
        true => rowid.to_owned(),
        false => {
            let names: Vec<String> = table.primary_key_names().map(quote).collect();
            names.join(", ")
        }
    };
    let table = quote(table.name());
    let sql = format!("select {columns} from {table} where {rowid} = ?");
    let latest = [Value::Integer(writer.last_insert_rowid())];
    let found = writer.batch_values(&sql, &latest, &Limits::NONE.rows(1));
    let (rows, _) = found.ok()?;
    let row = rows.rows().next()?;
    Some(row.to_values())
}

/// What SQLite refuses is told as it words it (WRITE-150).
fn refused(error: SqlError) -> Fault {
    match error {
        SqlError::Statement { message, .. } => Fault::bad_request(message),
        SqlError::Interrupted { .. } => Fault::bad_request(format!(
            "QueryInterrupted: interrupted after {} ms, the most that a statement may take. Nothing \
             was changed.",
            TIME.as_millis()
        )),
        other => other.into(),
    }
}
