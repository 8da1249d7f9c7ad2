//! A connection in the hands of somebody else, statement by statement: what plugins do with it that
//! a job of the server's own never needs.
//!
//! The words of errors and their codes are SQLite's own, so that whoever holds the connection can
//! tell them apart as if it were theirs.

use std::cmp::Ordering;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::row::RowSink;
use crate::value::Value;

/// The result of an SQL function, or the text of its failure.
pub type Called = Result<Value, String>;

/// A function of SQL. Called on the threads of lanes, once per evaluation.
pub type Function = Arc<dyn Fn(&[Value]) -> Called + Send + Sync>;

/// A running aggregation.
pub trait Aggregation: Send {
    /// Takes the arguments of one more row.
    ///
    /// # Errors
    /// The text of the failure, which ends the statement.
    fn step(&mut self, arguments: &[Value]) -> Result<(), String>;

    /// Takes the arguments of one row out again; for window functions.
    ///
    /// # Errors
    /// As for [`Aggregation::step`].
    fn inverse(&mut self, arguments: &[Value]) -> Result<(), String>;

    /// The result so far.
    ///
    /// # Errors
    /// As for [`Aggregation::step`].
    fn value(&mut self) -> Called;
}

/// Starts an aggregation.
pub type Aggregator = Arc<dyn Fn() -> Box<dyn Aggregation> + Send + Sync>;

/// An order of text.
pub type Order = Arc<dyn Fn(&str, &str) -> Ordering + Send + Sync>;

/// Says whether a statement may do something, with the numbers of SQLite's authorizer: an action, its
/// two arguments, the database and the trigger or view; the answer is 0 (yes), 1 (no) or 2 (ignore).
pub type Judge =
    Arc<dyn Fn(i32, Option<&str>, Option<&str>, Option<&str>, Option<&str>) -> i32 + Send + Sync>;

/// Asked now and then while a statement runs; `true` ends it.
pub type Stopper = Arc<dyn Fn() -> bool + Send + Sync>;

/// Ends the statement that runs on a connection, from any thread.
pub type Interrupter = Arc<dyn Fn() + Send + Sync>;

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveError {
    /// SQLite's extended result code; 0 where the connection was used wrongly.
    pub code: i32,
    /// SQLite's own message.
    pub message: String,
}

impl LiveError {
    /// The connection was used wrongly.
    pub fn misuse(message: impl Into<String>) -> Self {
        Self {
            code: 0,
            message: message.into(),
        }
    }
}

impl std::fmt::Display for LiveError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for LiveError {}

/// What is bound to a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum LiveParameters {
    /// By place.
    Positional(Vec<Value>),
    /// By name, without prefix; those that the statement does not use are ignored.
    Named(Vec<(String, Value)>),
}

/// A statement to run.
#[derive(Clone, Copy, Debug)]
pub struct LiveStatement<'a> {
    /// Its text.
    pub sql: &'a str,
    /// What is bound to it.
    pub parameters: &'a LiveParameters,
    /// A statement to run first where no transaction is open.
    pub begin: Option<&'a str>,
    /// Whether the text with its values is wanted, for [`Ran::expanded`].
    pub expand: bool,
}

/// What came of running a statement, or running on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// The number under which the statement goes on; `None` when it is over.
    pub open: Option<u64>,
    /// Rows that the last INSERT, UPDATE or DELETE changed, triggers not counted.
    pub changes: u64,
    /// The rowid of the last INSERT.
    pub last_insert_rowid: i64,
    /// The text with its values, where it was wanted.
    pub expanded: Option<String>,
}

/// Where rows go, a part at a time.
pub trait LiveSink: RowSink {
    /// Whether what it holds should be taken away before it gets more.
    fn is_full(&self) -> bool;
}

/// How the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether a transaction is open.
    pub in_transaction: bool,
    /// Rows changed since the connection was opened.
    pub total_changes: u64,
}

/// Something that SQL can use from now on, or no longer where it is `None`.
pub enum Definition {
    /// A function.
    Function {
        /// Name in SQL.
        name: String,
        /// Number of arguments; -1 takes any.
        arity: i32,
        /// Whether the same arguments always give the same result.
        deterministic: bool,
        /// The function.
        function: Option<Function>,
    },
    /// An aggregate.
    Aggregate {
        /// Name in SQL.
        name: String,
        /// Number of arguments; -1 takes any.
        arity: i32,
        /// Whether it can be used as a window function.
        window: bool,
        /// Starts it.
        start: Option<Aggregator>,
    },
    /// A collation.
    Collation {
        /// Name in SQL.
        name: String,
        /// The order.
        order: Option<Order>,
    },
}

/// A blob in a table.
#[derive(Clone, Copy, Debug)]
pub struct BlobPlace<'a> {
    /// The schema, `main` as a rule.
    pub schema: &'a str,
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The row.
    pub rowid: i64,
}

/// A connection of the server in other hands. All of it happens on the thread of its lane.
pub trait LiveConnection {
    /// How it stands.
    fn standing(&self) -> Standing;

    /// Runs a statement until it is over or the sink is full.
    ///
    /// # Errors
    /// SQLite's own.
    fn run(
        &mut self,
        statement: LiveStatement<'_>,
        sink: &mut dyn LiveSink,
    ) -> Result<Ran, LiveError>;

    /// Runs on with a statement that is open.
    ///
    /// # Errors
    /// SQLite's own; there is no such statement.
    fn run_on(&mut self, open: u64, sink: &mut dyn LiveSink) -> Result<Ran, LiveError>;

    /// Ends an open statement.
    fn forget(&mut self, open: u64);

    /// Runs a statement that changes rows once for each set of parameters, and answers how many rows
    /// were changed.
    ///
    /// # Errors
    /// SQLite's own. What was done before stays done.
    fn repeat(
        &mut self,
        sql: &str,
        begin: Option<&str>,
        sets: &[LiveParameters],
    ) -> Result<u64, LiveError>;

    /// Commits what is open, and runs several statements.
    ///
    /// # Errors
    /// SQLite's own. What was done before stays done.
    fn script(&mut self, sql: &str) -> Result<(), LiveError>;

    /// Ends the open transaction, where there is one.
    ///
    /// # Errors
    /// SQLite's own.
    fn end(&mut self, keep: bool) -> Result<(), LiveError>;

    /// Defines something for SQL.
    ///
    /// # Errors
    /// SQLite's own.
    fn define(&mut self, definition: Definition) -> Result<(), LiveError>;

    /// Has somebody judge what statements do, or nobody.
    fn judge(&mut self, judge: Option<Judge>);

    /// Asks somebody after about so many steps of a statement whether it should end, or nobody.
    fn stop_when(&mut self, steps: u32, stopper: Option<Stopper>);

    /// Ends statements after this time from now on; `None` lets them run.
    fn limit_time(&mut self, limit: Option<Duration>);

    /// Sets one of SQLite's limits, by its number, unless the new value is negative; answers the
    /// former.
    ///
    /// # Errors
    /// There is no such limit.
    fn limit(&mut self, category: i32, new: i32) -> Result<i32, LiveError>;

    /// Allows or forbids loading extensions with SQL.
    ///
    /// # Errors
    /// SQLite's own.
    fn allow_extensions(&mut self, allowed: bool) -> Result<(), LiveError>;

    /// Loads an extension.
    ///
    /// # Errors
    /// SQLite's own; loading is not allowed.
    fn load_extension(&mut self, path: &str, entry_point: Option<&str>) -> Result<(), LiveError>;

    /// Copies a database of the connection to a file.
    ///
    /// # Errors
    /// SQLite's own.
    fn copy_to(&mut self, schema: &str, file: &Path) -> Result<(), LiveError>;

    /// The size of a blob in bytes; fails where there is none that can be written, if it should.
    ///
    /// # Errors
    /// SQLite's own.
    fn blob_size(&mut self, place: BlobPlace<'_>, writable: bool) -> Result<u64, LiveError>;

    /// Some bytes of a blob.
    ///
    /// # Errors
    /// SQLite's own.
    fn read_blob(
        &mut self,
        place: BlobPlace<'_>,
        start: u64,
        length: u64,
    ) -> Result<Vec<u8>, LiveError>;

    /// Overwrites some bytes of a blob.
    ///
    /// # Errors
    /// SQLite's own.
    fn write_blob(
        &mut self,
        place: BlobPlace<'_>,
        start: u64,
        bytes: &[u8],
    ) -> Result<(), LiveError>;

    /// What ends the running statement from another thread.
    fn interrupter(&self) -> Interrupter;
}
