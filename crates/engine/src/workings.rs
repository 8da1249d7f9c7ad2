//! What the process is busy with: the threads of databases and the work that waits (DEBUG-10).

use datasette_internal::NAME as INTERNAL;
use datasette_sqlite::{LaneState, Load};

use crate::Instance;

/// The threads and tasks of a running instance at one moment.
#[derive(Clone, Debug, Default)]
pub struct Workings {
    /// The threads of all databases, each named with its database.
    pub threads: Vec<LaneState>,
    /// What is being done or waits to be done, one line each.
    pub tasks: Vec<String>,
}

impl Instance {
    /// What the process is busy with.
    pub fn workings(&self) -> Workings {
        let mut databases = self.registry.handles();
        databases.push((INTERNAL.to_owned(), self.internal.database().clone()));
        let mut workings = Workings::default();
        for (name, database) in databases {
            workings.add(&name, database.load());
        }
        if self.registry.is_mirroring() {
            let mirroring = "mirroring of the catalogue into the internal database";
            workings.tasks.push(mirroring.to_owned());
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
