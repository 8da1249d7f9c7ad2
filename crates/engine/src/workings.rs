//! What the process is busy with: the threads of databases and the work that waits (DEBUG-10).

use datasette_hooks::TaskState;
use datasette_internal::NAME as INTERNAL;
use datasette_sqlite::{Database, LaneState, Load};

use crate::Instance;

/// The threads and tasks of a running instance at one moment.
#[derive(Clone, Debug, Default)]
pub struct Workings {
    /// The threads of all databases, each named with its database.
    pub threads: Vec<LaneState>,
    /// What is being done or waits to be done, one line each.
    pub tasks: Vec<String>,
}

/// One database at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gauge {
    /// Its name.
    pub database: String,
    /// Reads that were asked for and are not over.
    pub pending: usize,
    /// Those among them that wait for a thread.
    pub waiting_reads: usize,
    /// Writes that wait for those before them; `None` before the first write.
    pub waiting_writes: Option<usize>,
    /// Open connections.
    pub connections: usize,
}

/// All databases at one moment, the server's own included (OTEL-14).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gauges {
    /// Reads of one database that may run at the same time; 0 where the operator wants no threads.
    pub read_threads: usize,
    /// Each database.
    pub databases: Vec<Gauge>,
}

impl Gauge {
    fn of(name: String, database: &Database) -> Self {
        let (reads, writes) = (database.read_load(), database.write_load());
        let busy = reads.lanes.iter().filter(|lane| lane.busy).count();
        Self {
            database: name,
            pending: busy + reads.waiting,
            waiting_reads: reads.waiting,
            waiting_writes: (!writes.lanes.is_empty()).then_some(writes.waiting),
            connections: reads.lanes.len() + writes.lanes.len(),
        }
    }
}

impl Instance {
    /// How busy the databases are.
    pub fn gauges(&self) -> Gauges {
        let settings = &self.config.settings;
        let databases = self.all_databases();
        let lanes = databases.iter().map(|(_, one)| one.options().lanes).max();
        Gauges {
            read_threads: match settings.num_sql_threads {
                0 => 0,
                _ => lanes.unwrap_or_default(),
            },
            databases: databases
                .into_iter()
                .map(|(name, database)| Gauge::of(name, &database))
                .collect(),
        }
    }

    fn all_databases(&self) -> Vec<(String, Database)> {
        let mut databases = self.registry.handles();
        databases.push((INTERNAL.to_owned(), self.internal.database().clone()));
        databases
    }

    /// What the process is busy with.
    pub fn workings(&self) -> Workings {
        let mut workings = Workings::default();
        for (name, database) in self.all_databases() {
            workings.add(&name, database.load());
        }
        if self.registry.is_mirroring() {
            let mirroring = "mirroring of the catalogue into the internal database";
            workings.tasks.push(mirroring.to_owned());
        }
        for task in self.background.tasks() {
            if task.state() == TaskState::Running {
                let task = format!("background task {}", task.name());
                workings.tasks.push(task);
            }
        }
        workings
    }
}

impl Workings {
    fn add(&mut self, database: &str, load: Load) {
        for mut lane in load.lanes {
            lane.name = format!("{} of {database}", lane.name);
            if lane.busy {
                self.tasks.push(format!("statements on {}", lane.name));
            }
            self.threads.push(lane);
        }
        let waiting = format!("statements that wait for a thread of {database}");
        self.tasks
            .extend(std::iter::repeat_n(waiting, load.waiting));
    }
}
