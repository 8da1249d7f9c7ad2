//! What would come of a statement that somebody is writing: its parameters, its operations, and why
//! it cannot be run or kept.

use datasette_core::{Actor, DatabaseRef, Fault, Value};
use datasette_query::statement::named_parameters;

use super::{Analysis, Judge, Unanalysed};
use crate::Instance;
use crate::page::OperationRow;

/// What is said of statements that only read, where statements are run to write.
pub const READS_ONLY: &str = "Use /-/query for read-only SQL; this endpoint only executes writes";

/// Parameters whose names start with `_` mean nothing in statements of visitors.
pub const MAGIC: &str = "Magic parameters are not allowed";

/// What is known about a statement before it is run.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// The statement.
    pub sql: String,
    /// Its parameters in order.
    pub parameters: Vec<String>,
    /// Why nothing more is known.
    pub error: Option<String>,
    /// What it would do.
    pub operations: Vec<OperationRow>,
    /// Whether it would change anything.
    pub writes: bool,
}

impl Preview {
    /// Looks at a statement that is to be run and must write (WRITE-152).
    ///
    /// # Errors
    /// The database cannot be asked.
    pub async fn of_write(
        instance: &Instance,
        actor: Option<&Actor>,
        database: &DatabaseRef,
        sql: &str,
    ) -> Result<Self, Fault> {
        match sql.is_empty() {
            true => Ok(Self::default()),
            false => Self::of(instance, actor, database, sql, true).await,
        }
    }

    /// Looks at a statement that is to be kept under a name (STORED-67).
    ///
    /// # Errors
    /// The database cannot be asked.
    pub async fn of_stored(
        instance: &Instance,
        actor: Option<&Actor>,
        database: &DatabaseRef,
        sql: &str,
    ) -> Result<Self, Fault> {
        match sql.trim().is_empty() {
            true => Ok(Self {
                sql: sql.to_owned(),
                ..Self::default()
            }),
            false => Self::of(instance, actor, database, sql, false).await,
        }
    }

    async fn of(
        instance: &Instance,
        actor: Option<&Actor>,
        database: &DatabaseRef,
        sql: &str,
        must_write: bool,
    ) -> Result<Self, Fault> {
        let mut preview = Self {
            sql: sql.to_owned(),
            ..Self::default()
        };
        let parameters = match own_parameters(sql) {
            Ok(parameters) => parameters,
            Err(fault) => {
                preview.error = Some(fault.message());
                return Ok(preview);
            }
        };
        let values = blank(&parameters);
        preview.parameters = parameters;
        let analysis = match Analysis::of(instance, actor, database, sql, values).await {
            Ok(analysis) => analysis,
            Err(Unanalysed::Statement(message)) => {
                preview.error = Some(message);
                return Ok(preview);
            }
            Err(Unanalysed::Fault(fault)) => return Err(fault),
        };
        preview.writes = analysis.writes();
        if must_write && !preview.writes {
            preview.error = Some(READS_ONLY.to_owned());
            return Ok(preview);
        }
        preview.operations = Judge::new(instance, actor).operations(&analysis).await?;
        Ok(preview)
    }

    /// What was known about a statement when it was run.
    ///
    /// # Errors
    /// The gate cannot be asked.
    pub async fn of_run(
        instance: &Instance,
        actor: Option<&Actor>,
        sql: &str,
        analysis: &Analysis,
    ) -> Result<Self, Fault> {
        Ok(Self {
            sql: sql.to_owned(),
            parameters: own_parameters(sql)?,
            error: None,
            operations: Judge::new(instance, actor).operations(analysis).await?,
            writes: true,
        })
    }

    /// Whether there is anything but blanks.
    pub fn has_sql(&self) -> bool {
        !self.sql.trim().is_empty()
    }

    /// Why the statement cannot be run.
    pub fn execute_disabled_reason(&self) -> Option<&str> {
        if !self.has_sql() {
            return Some("Enter writable SQL before executing.");
        }
        let denied = || "You do not have permission for every operation listed above.";
        let error = self.error.as_deref();
        error.or_else(|| self.is_denied().then(denied))
    }

    /// Whether the statement cannot be kept.
    pub fn save_disabled(&self) -> bool {
        !self.has_sql() || self.error.is_some() || self.is_denied()
    }

    fn is_denied(&self) -> bool {
        let mut operations = self.operations.iter();
        operations.any(|operation| operation.allowed == Some(false))
    }
}

/// The parameters of a statement of a visitor (WRITE-134, STORED-43).
///
/// # Errors
/// 400 for magic ones.
pub fn own_parameters(sql: &str) -> Result<Vec<String>, Fault> {
    let parameters = named_parameters(sql);
    match parameters.iter().any(|name| name.starts_with('_')) {
        true => Err(Fault::bad_request(MAGIC)),
        false => Ok(parameters),
    }
}

/// An empty text for each parameter: what they are is not asked for before a statement is run.
pub(super) fn blank(parameters: &[String]) -> Vec<(String, Value)> {
    let blank = |name: &String| (name.clone(), Value::Text(String::new()));
    parameters.iter().map(blank).collect()
}
