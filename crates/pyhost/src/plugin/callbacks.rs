//! Functions that Python defines for a connection while it has it.

use std::sync::Arc;

use datasette_core::Value;
use datasette_core::live::{Aggregation, Aggregator, Called, Function, Judge, Order, Stopper};
use datasette_hooks::{Accumulator, AggregateFunction, ScalarFunction};

use super::connection::Remote;
use crate::lines::Operation;
use crate::process::PythonHost;

fn remote(host: &Arc<PythonHost>, id: u64) -> Remote {
    Remote {
        host: Arc::clone(host),
        id,
    }
}

/// A function of SQL.
pub(crate) fn function(host: &Arc<PythonHost>, id: u64) -> Function {
    let remote = remote(host, id);
    Arc::new(move |arguments: &[Value]| remote.call(arguments))
}

/// An aggregate.
pub(crate) fn aggregator(host: &Arc<PythonHost>, id: u64) -> Aggregator {
    let remote = remote(host, id);
    Arc::new(move || Box::new(Running(remote.start())))
}

/// An order of text.
pub(crate) fn order(host: &Arc<PythonHost>, id: u64) -> Order {
    let remote = remote(host, id);
    Arc::new(move |left, right| remote.compare(left, right))
}

/// One that says what statements may do; no where it fails, as in `sqlite3`.
pub(crate) fn judge(host: &Arc<PythonHost>, id: u64) -> Judge {
    const NO: i32 = 1;
    let host = Arc::clone(host);
    Arc::new(move |action, first, second, database, origin| {
        let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
        let asked = [
            Value::Integer(i64::from(action)),
            text(first),
            text(second),
            text(database),
            text(origin),
        ];
        match host.call_function(Operation::Call, id, &asked) {
            Ok(Value::Integer(answer)) => i32::try_from(answer).unwrap_or(NO),
            _ => NO,
        }
    })
}

/// One that says whether a statement should end; it should where that fails.
pub(crate) fn stopper(host: &Arc<PythonHost>, id: u64) -> Stopper {
    let host = Arc::clone(host);
    Arc::new(move || match host.call_function(Operation::Call, id, &[]) {
        Ok(Value::Integer(answer)) => answer != 0,
        Ok(Value::Null) => false,
        _ => true,
    })
}

struct Running(Box<dyn Accumulator>);

impl Aggregation for Running {
    fn step(&mut self, arguments: &[Value]) -> Result<(), String> {
        self.0.step(arguments)
    }

    fn inverse(&mut self, arguments: &[Value]) -> Result<(), String> {
        self.0.inverse(arguments)
    }

    fn value(&mut self) -> Called {
        self.0.value()
    }
}
