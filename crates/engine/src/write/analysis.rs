//! What a statement would do to a database, before anybody decides whether it may (WRITE-137).

use std::sync::Arc;

use datasette_core::access::{Access, Operation, TargetKind};
use datasette_core::{Actor, DatabaseRef, Fault, Value};
use datasette_query::change::Demand;
use datasette_query::change::demand::{changes_schema, writes};
use datasette_sqlite::{Database, SqlError};

use crate::Instance;
use crate::page::OperationRow;
use crate::read::scope::Scope;

/// What a statement would do.
#[derive(Clone, Debug)]
pub struct Analysis {
    pub(super) database: DatabaseRef,
    pub(super) accesses: Vec<Access>,
}

/// Why a statement was not analysed.
#[derive(Debug)]
pub enum Unanalysed {
    /// It is at fault, in SQLite's words.
    Statement(String),
    /// The database cannot be asked.
    Fault(Fault),
}

impl From<Fault> for Unanalysed {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Unanalysed> for Fault {
    fn from(reason: Unanalysed) -> Self {
        match reason {
            Unanalysed::Statement(message) => {
                Self::bad_request(format!("Could not analyze query: {message}"))
            }
            Unanalysed::Fault(fault) => fault,
        }
    }
}

impl Analysis {
    /// Has SQLite compile a statement, which is not run. Mistakes are told in its words, unless the
    /// statement names a table that the actor may not view: they could be about its columns.
    ///
    /// # Errors
    /// Why it was not analysed.
    pub async fn of(
        instance: &Instance,
        actor: Option<&Actor>,
        database: &DatabaseRef,
        sql: &str,
        params: Vec<(String, Value)>,
    ) -> Result<Self, Unanalysed> {
        let handle = instance.handle(database)?;
        let (analysed, version) = compile(&handle, sql, params).await?;
        let database = as_it_is(instance, database, version).await?;
        match analysed {
            Ok(accesses) => Ok(Self { database, accesses }),
            Err(error @ SqlError::Statement { .. }) => {
                let scope = Scope::of(instance, actor, &database).await?;
                Err(Unanalysed::Statement(match scope.is_named_in(sql) {
                    true => SqlError::OutOfScope.message().to_owned(),
                    false => error.message().to_owned(),
                }))
            }
            Err(other) => Err(Unanalysed::Fault(other.into())),
        }
    }

    /// Whether it would change anything, or might.
    pub fn writes(&self) -> bool {
        writes(&self.accesses)
    }

    /// Whether it would change the schema.
    pub fn changes_schema(&self) -> bool {
        changes_schema(&self.accesses)
    }

    /// What it would do, without what needs nothing (WRITE-147). Whether that is allowed is not
    /// said here.
    pub fn operations(&self) -> Vec<OperationRow> {
        let demanding = self.accesses.iter().filter_map(|access| {
            let demand = Demand::of(access);
            (demand != Demand::Nothing).then(|| self.row(access, &demand))
        });
        demanding.collect()
    }

    pub(super) fn row(&self, access: &Access, demand: &Demand) -> OperationRow {
        let named = |name: &Option<String>| match access.target {
            TargetKind::Database if access.operation == Operation::Vacuum => {
                Some(self.database.name().to_owned())
            }
            _ => name.clone(),
        };
        OperationRow {
            operation: access.operation.name(),
            database: access.database.as_deref().map(|name| match name {
                "main" => self.database.name().to_owned(),
                other => other.to_owned(),
            }),
            table: access.table.clone().or_else(|| named(&access.name)),
            required: demand.actions(),
            source: access.source.clone(),
            allowed: None,
        }
    }

    /// The table into which the statement itself, and no trigger, inserts; `None` where there is
    /// none, or more than one.
    pub(super) fn inserts_into(&self) -> Option<&str> {
        let mut direct = self.accesses.iter().filter(|access| {
            access.operation == Operation::Insert
                && access.target == TargetKind::Table
                && !access.internal
                && access.source.is_none()
                && access.database.as_deref() == Some("main")
        });
        let first = direct.next()?;
        match direct.next() {
            None => first.table.as_deref(),
            Some(_) => None,
        }
    }
}

type Compiled = (Result<Vec<Access>, SqlError>, i64);

/// Asks a connection that reads, or that which writes where what a created view reads can only be
/// told by making it.
async fn compile(
    handle: &Database,
    sql: &str,
    params: Vec<(String, Value)>,
) -> Result<Compiled, Fault> {
    let (sql, params) = (sql.to_owned(), Arc::new(params));
    let (text, values) = (sql.clone(), Arc::clone(&params));
    let (analysed, version) = handle
        .read(move |reader| {
            let version = reader.schema_version()?;
            Ok((reader.analyse(&text, &values), version))
        })
        .await?;
    let creates_view = |access: &Access| {
        access.operation == Operation::Create && access.target == TargetKind::View
    };
    let shows_all = match &analysed {
        Ok(accesses) => !accesses.iter().any(creates_view),
        Err(_) => true,
    };
    if shows_all {
        return Ok((analysed, version));
    }
    if !handle.is_mutable() {
        let refused = SqlError::refused("attempt to write a readonly database");
        return Ok((Err(refused), version));
    }
    handle
        .write_without_transaction(move |writer| {
            let version = writer.schema_version()?;
            Ok((writer.analyse(&sql, &params), version))
        })
        .await
}

/// The database as its schema was when SQLite compiled the statement.
async fn as_it_is(
    instance: &Instance,
    database: &DatabaseRef,
    version: i64,
) -> Result<DatabaseRef, Fault> {
    if database.schema().version == version {
        return Ok(database.clone());
    }
    instance.registry.refresh().await?;
    let catalogue = instance.registry.catalogue();
    let found = catalogue.database(database.name());
    found.ok_or_else(|| Fault::not_found("Database not found"))
}
