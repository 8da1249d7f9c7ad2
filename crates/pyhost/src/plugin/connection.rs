//! Preparations of connections that Python recorded, and the SQL functions among them.

use std::cmp::Ordering;
use std::sync::Arc;

use datasette_core::Value;
use datasette_hooks::{Accumulator, AggregateFunction, ConnectionSetup, ScalarFunction, SetupStep};
use serde::Deserialize;

use crate::lines::Operation;
use crate::process::PythonHost;

/// What SQLite says when a function of Python raises (HOOK-27).
const RAISED: &str = "user-defined function raised exception";

/// One preparation as it crosses.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RecordedStep {
    Run(String),
    Load {
        path: String,
        #[serde(default)]
        entry_point: Option<String>,
    },
    Function {
        name: String,
        arity: i64,
        deterministic: bool,
        id: u64,
    },
    Aggregate {
        name: String,
        arity: i64,
        window: bool,
        id: u64,
    },
    Collation {
        name: String,
        id: u64,
    },
}

/// All preparations of one database.
pub(super) fn setup(host: &Arc<PythonHost>, steps: Vec<RecordedStep>) -> ConnectionSetup {
    let remote = |id| Remote {
        host: Arc::clone(host),
        id,
    };
    let steps = steps.into_iter().map(|step| match step {
        RecordedStep::Run(sql) => SetupStep::Execute(sql),
        RecordedStep::Load { path, entry_point } => SetupStep::LoadExtension { path, entry_point },
        RecordedStep::Function {
            name,
            arity,
            deterministic,
            id,
        } => SetupStep::Scalar {
            name,
            arity: u8::try_from(arity).ok(),
            deterministic,
            function: Arc::new(remote(id)),
        },
        RecordedStep::Aggregate {
            name,
            arity,
            window,
            id,
        } => SetupStep::Aggregate {
            name,
            arity: u8::try_from(arity).ok(),
            window,
            function: Arc::new(remote(id)),
        },
        RecordedStep::Collation { name, id } => {
            let remote = remote(id);
            SetupStep::Collation {
                name,
                order: Arc::new(move |left, right| remote.compare(left, right)),
            }
        }
    });
    ConnectionSetup {
        steps: steps.collect(),
    }
}

/// A function of Python, by its number.
#[derive(Clone)]
pub(super) struct Remote {
    pub(super) host: Arc<PythonHost>,
    pub(super) id: u64,
}

impl Remote {
    pub(super) fn compare(&self, left: &str, right: &str) -> Ordering {
        let texts = [Value::from(left), Value::from(right)];
        match self.host.call_function(Operation::Compare, self.id, &texts) {
            Ok(Value::Integer(order)) => order.cmp(&0),
            // SQLite has no way to say that a comparison failed.
            _ => Ordering::Equal,
        }
    }
}

impl ScalarFunction for Remote {
    fn call(&self, arguments: &[Value]) -> Result<Value, String> {
        self.host
            .call_function(Operation::Call, self.id, arguments)
            .map_err(|_| RAISED.to_owned())
    }
}

impl AggregateFunction for Remote {
    fn start(&self) -> Box<dyn Accumulator> {
        let started = self.host.call_function(Operation::Start, self.id, &[]);
        let instance = match started {
            Ok(Value::Integer(number)) => u64::try_from(number).ok(),
            _ => None,
        };
        Box::new(Running {
            host: Arc::clone(&self.host),
            instance,
        })
    }
}

/// A running aggregation.
struct Running {
    host: Arc<PythonHost>,
    /// `None` where Python could not start it.
    instance: Option<u64>,
}

impl Running {
    fn call(&self, operation: Operation, part: &str, arguments: &[Value]) -> Result<Value, String> {
        let raised = || format!("user-defined aggregate's '{part}' method raised error");
        let instance = self.instance.ok_or_else(raised)?;
        self.host
            .call_function(operation, instance, arguments)
            .map_err(|_| raised())
    }
}

impl Accumulator for Running {
    fn step(&mut self, arguments: &[Value]) -> Result<(), String> {
        self.call(Operation::Step, "step", arguments).map(drop)
    }

    fn inverse(&mut self, arguments: &[Value]) -> Result<(), String> {
        self.call(Operation::Inverse, "inverse", arguments)
            .map(drop)
    }

    fn value(&mut self) -> Result<Value, String> {
        self.call(Operation::Value, "finalize", &[])
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(instance) = self.instance {
            let _ = self.host.call_function(Operation::Finish, instance, &[]);
        }
    }
}
