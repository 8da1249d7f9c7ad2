//! What plugins prepare on every connection of a database: functions, extensions, pragmas.

use std::fmt;
use std::panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use datasette_core::Value;
use rusqlite::Connection;
use rusqlite::functions::{Aggregate, Context, FunctionFlags, WindowAggregate};
use rusqlite::types::{ToSqlOutput, Value as Stored, ValueRef};

use crate::extensions::{self, Extension};

pub use datasette_core::live::{Aggregation, Aggregator, Called, Function, Order};

/// One preparation.
#[derive(Clone)]
pub enum Preparation {
    /// A statement is run, for instance a pragma.
    Run(String),
    /// An extension is loaded.
    Load(Extension),
    /// A function is registered.
    Function {
        /// Name in SQL.
        name: String,
        /// Number of arguments; `None` takes any.
        arity: Option<u8>,
        /// Whether the same arguments always give the same result.
        deterministic: bool,
        /// The function.
        function: Function,
    },
    /// An aggregate is registered.
    Aggregate {
        /// Name in SQL.
        name: String,
        /// Number of arguments; `None` takes any.
        arity: Option<u8>,
        /// Whether it can be used as a window function.
        window: bool,
        /// Starts it.
        start: Aggregator,
    },
    /// A collation is registered.
    Collation {
        /// Name in SQL.
        name: String,
        /// The order.
        order: Order,
    },
}

impl fmt::Debug for Preparation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Run(sql) => write!(formatter, "Run({sql:?})"),
            Self::Load(extension) => write!(formatter, "Load({extension:?})"),
            Self::Function { name, arity, .. } => write!(formatter, "Function({name}, {arity:?})"),
            Self::Aggregate { name, arity, .. } => {
                write!(formatter, "Aggregate({name}, {arity:?})")
            }
            Self::Collation { name, .. } => write!(formatter, "Collation({name})"),
        }
    }
}

/// Prepares a connection, in order.
pub(crate) fn prepare(
    connection: &Connection,
    preparations: &[Preparation],
) -> rusqlite::Result<()> {
    for preparation in preparations {
        match preparation {
            Preparation::Run(sql) => run(connection, sql)?,
            Preparation::Load(extension) => {
                extensions::load(connection, std::slice::from_ref(extension))?;
            }
            Preparation::Function {
                name,
                arity,
                deterministic,
                function,
            } => {
                let mut flags = FunctionFlags::SQLITE_UTF8;
                if *deterministic {
                    flags |= FunctionFlags::SQLITE_DETERMINISTIC;
                }
                // Plugins keep their own state in order when they panic.
                let function = AssertUnwindSafe(Arc::clone(function));
                connection.create_scalar_function(
                    &**name,
                    count(*arity),
                    flags,
                    move |context| stored(function(&arguments(context))),
                )?;
            }
            Preparation::Aggregate {
                name,
                arity,
                window,
                start,
            } => {
                let flags = FunctionFlags::SQLITE_UTF8;
                let start = Starting(AssertUnwindSafe(Arc::clone(start)));
                if *window {
                    connection.create_window_function(&**name, count(*arity), flags, start)?;
                } else {
                    connection.create_aggregate_function(&**name, count(*arity), flags, start)?;
                }
            }
            Preparation::Collation { name, order } => {
                let order = AssertUnwindSafe(Arc::clone(order));
                connection.create_collation(&**name, move |left, right| order(left, right))?;
            }
        }
    }
    Ok(())
}

/// Runs a plugin's own SQL, which may make temporary tables on connections for reading, too: what they
/// read is a file that was opened for reading.
fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    let reads: bool = connection.pragma_query_value(None, "query_only", |row| row.get(0))?;
    if !reads {
        return connection.execute_batch(sql);
    }
    connection.pragma_update(None, "query_only", false)?;
    let ran = connection.execute_batch(sql);
    connection.pragma_update(None, "query_only", true)?;
    ran
}

fn count(arity: Option<u8>) -> i32 {
    arity.map_or(-1, i32::from)
}

fn arguments(context: &Context<'_>) -> Vec<Value> {
    let values = (0..context.len()).map(|index| match context.get_raw(index) {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    });
    values.collect()
}

fn failed(message: String) -> rusqlite::Error {
    rusqlite::Error::UserFunctionError(message.into())
}

fn stored(called: Called) -> rusqlite::Result<ToSqlOutput<'static>> {
    let value = match called.map_err(failed)? {
        Value::Null => Stored::Null,
        Value::Integer(number) => Stored::Integer(number),
        Value::Real(number) => Stored::Real(number),
        Value::Text(text) => Stored::Text(text),
        Value::Blob(bytes) => Stored::Blob(bytes),
    };
    Ok(ToSqlOutput::Owned(value))
}

struct Starting(AssertUnwindSafe<Aggregator>);

/// The state of one aggregation.
struct Running(Box<dyn Aggregation>);

impl UnwindSafe for Running {}
impl RefUnwindSafe for Running {}

impl Aggregate<Running, ToSqlOutput<'static>> for Starting {
    fn init(&self, _context: &mut Context<'_>) -> rusqlite::Result<Running> {
        Ok(Running((self.0)()))
    }

    fn step(&self, context: &mut Context<'_>, state: &mut Running) -> rusqlite::Result<()> {
        state.0.step(&arguments(context)).map_err(failed)
    }

    fn finalize(
        &self,
        _context: &mut Context<'_>,
        state: Option<Running>,
    ) -> rusqlite::Result<ToSqlOutput<'static>> {
        let mut state = state.unwrap_or_else(|| Running((self.0)()));
        stored(state.0.value())
    }
}

impl WindowAggregate<Running, ToSqlOutput<'static>> for Starting {
    fn value(&self, state: Option<&mut Running>) -> rusqlite::Result<ToSqlOutput<'static>> {
        match state {
            Some(state) => stored(state.0.value()),
            None => stored((self.0)().value()),
        }
    }

    fn inverse(&self, context: &mut Context<'_>, state: &mut Running) -> rusqlite::Result<()> {
        state.0.inverse(&arguments(context)).map_err(failed)
    }
}
