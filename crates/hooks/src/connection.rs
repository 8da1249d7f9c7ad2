//! What plugins prepare on every connection, recorded once and replayed on each.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use datasette_core::Value;

/// An SQL function. Called synchronously, once per evaluation (HOOK-27).
pub trait ScalarFunction: Send + Sync {
    /// The result for these arguments, or the text of an SQL error.
    fn call(&self, arguments: &[Value]) -> Result<Value, String>;
}

impl<F> ScalarFunction for F
where
    F: Fn(&[Value]) -> Result<Value, String> + Send + Sync,
{
    fn call(&self, arguments: &[Value]) -> Result<Value, String> {
        self(arguments)
    }
}

/// One running aggregation.
pub trait Accumulator: Send {
    /// Takes one row's arguments.
    fn step(&mut self, arguments: &[Value]) -> Result<(), String>;
    /// Takes one row's arguments out again; only window functions need it.
    fn inverse(&mut self, _arguments: &[Value]) -> Result<(), String> {
        Err("not a window function".to_owned())
    }
    /// The result so far.
    fn value(&mut self) -> Result<Value, String>;
}

/// An SQL aggregate.
pub trait AggregateFunction: Send + Sync {
    /// Starts an aggregation.
    fn start(&self) -> Box<dyn Accumulator>;
}

/// An order of text.
pub type Collation = Arc<dyn Fn(&str, &str) -> Ordering + Send + Sync>;

/// One preparation.
#[derive(Clone)]
pub enum SetupStep {
    /// Runs a statement, for instance a pragma.
    Execute(String),
    /// Loads an extension library.
    LoadExtension {
        /// File.
        path: String,
        /// Entry point, when not SQLite's guess.
        entry_point: Option<String>,
    },
    /// Registers a function.
    Scalar {
        /// Name in SQL.
        name: String,
        /// Number of arguments; `None` takes any.
        arity: Option<u8>,
        /// Whether the same arguments always give the same result.
        deterministic: bool,
        /// The function.
        function: Arc<dyn ScalarFunction>,
    },
    /// Registers an aggregate or window function.
    Aggregate {
        /// Name in SQL.
        name: String,
        /// Number of arguments; `None` takes any.
        arity: Option<u8>,
        /// Whether it can be used as a window function.
        window: bool,
        /// The function.
        function: Arc<dyn AggregateFunction>,
    },
    /// Registers a collation.
    Collation {
        /// Name in SQL.
        name: String,
        /// The order.
        order: Collation,
    },
}

impl fmt::Debug for SetupStep {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Execute(sql) => write!(formatter, "Execute({sql:?})"),
            Self::LoadExtension { path, .. } => write!(formatter, "LoadExtension({path:?})"),
            Self::Scalar { name, arity, .. } => write!(formatter, "Scalar({name:?}, {arity:?})"),
            Self::Aggregate { name, arity, .. } => {
                write!(formatter, "Aggregate({name:?}, {arity:?})")
            }
            Self::Collation { name, .. } => write!(formatter, "Collation({name:?})"),
        }
    }
}

/// What `prepare_connection` asks for (HOOK-22 to HOOK-31). Recorded once per database and replayed
/// on each of its connections, in order.
#[derive(Clone, Debug, Default)]
pub struct ConnectionSetup {
    /// Preparations in order.
    pub steps: Vec<SetupStep>,
}

impl ConnectionSetup {
    /// Adds a function.
    pub fn scalar(
        mut self,
        name: &str,
        arity: Option<u8>,
        deterministic: bool,
        function: impl ScalarFunction + 'static,
    ) -> Self {
        self.steps.push(SetupStep::Scalar {
            name: name.to_owned(),
            arity,
            deterministic,
            function: Arc::new(function),
        });
        self
    }

    /// Adds a statement.
    pub fn execute(mut self, sql: &str) -> Self {
        self.steps.push(SetupStep::Execute(sql.to_owned()));
        self
    }
}
