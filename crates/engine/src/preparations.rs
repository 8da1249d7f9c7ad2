//! What plugins prepare on connections, in the words of SQLite's room.

use std::sync::Arc;

use datasette_core::{Fault, Value};
use datasette_hooks::{
    Accumulator, AggregateFunction, Bus, ConnectionSetup, ScalarFunction, SetupStep,
};
use datasette_internal::Registry;
use datasette_sqlite::{Aggregation, Called, Database, Extension, Preparation};

/// Asks the plugins about every attached database, and prepares its connections (HOOK-22).
pub(crate) async fn prepare_all(bus: &Bus, registry: &Registry) -> Result<(), Fault> {
    if !bus.implements(datasette_hooks::HookName::PrepareConnection) {
        return Ok(());
    }
    for (name, handle) in registry.handles() {
        prepare(bus, &name, &handle).await?;
    }
    Ok(())
}

/// Asks the plugins about one database, and prepares its connections.
pub(crate) async fn prepare(bus: &Bus, name: &str, handle: &Database) -> Result<(), Fault> {
    let setups = bus
        .prepare_connection(&bus.context(None, None), name)
        .await?;
    let preparations: Vec<Preparation> = setups.into_iter().flat_map(preparations).collect();
    if !preparations.is_empty() {
        handle.prepare(preparations);
    }
    Ok(())
}

fn preparations(setup: ConnectionSetup) -> impl Iterator<Item = Preparation> {
    setup.steps.into_iter().map(|step| match step {
        SetupStep::Execute(sql) => Preparation::Run(sql),
        SetupStep::LoadExtension { path, entry_point } => Preparation::Load(Extension {
            path: path.into(),
            entry_point,
        }),
        SetupStep::Scalar {
            name,
            arity,
            deterministic,
            function,
        } => Preparation::Function {
            name,
            arity,
            deterministic,
            function: scalar(function),
        },
        SetupStep::Aggregate {
            name,
            arity,
            window,
            function,
        } => Preparation::Aggregate {
            name,
            arity,
            window,
            start: aggregator(function),
        },
        SetupStep::Collation { name, order } => Preparation::Collation { name, order },
    })
}

fn scalar(function: Arc<dyn ScalarFunction>) -> datasette_sqlite::Function {
    Arc::new(move |arguments: &[Value]| function.call(arguments))
}

fn aggregator(function: Arc<dyn AggregateFunction>) -> datasette_sqlite::Aggregator {
    Arc::new(move || Box::new(Running(function.start())))
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
