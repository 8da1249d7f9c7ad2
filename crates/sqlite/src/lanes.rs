//! The lanes of one role of one database, started on demand and ended together.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use datasette_core::Fault;
use parking_lot::Mutex;

use crate::job::{Job, not_available};
use crate::lane::{Lane, Role};
use crate::load::{LaneState, Load};
use crate::queue::{Placed, Queue, Ticket};
use crate::shared::Shared;

/// Numbers the threads of all databases.
static STARTED: AtomicU64 = AtomicU64::new(0);

pub(crate) struct Lanes {
    crew: Arc<Crew>,
}

struct Crew {
    role: Role,
    shared: Arc<Shared>,
    queue: Queue,
    /// By place. A lost thread is not waited for.
    threads: Mutex<HashMap<usize, Started>>,
}

struct Started {
    ident: u64,
    thread: JoinHandle<()>,
}

impl Lanes {
    pub(crate) fn new(role: Role, shared: &Arc<Shared>, number: usize) -> Self {
        Self {
            crew: Arc::new(Crew {
                role,
                shared: Arc::clone(shared),
                queue: Queue::new(number),
                threads: Mutex::default(),
            }),
        }
    }

    /// Queues a job, starting a lane for it when all are busy and one more is allowed.
    pub(crate) fn submit(&self, job: Job) -> Result<(), Fault> {
        match self.crew.queue.push(job) {
            Placed::Taken => Ok(()),
            Placed::StartLane(ticket) => self.crew.start(ticket),
            Placed::Refused => Err(not_available()),
        }
    }

    /// What the lanes are doing.
    pub(crate) fn load(&self) -> Load {
        let (idle, waiting) = self.crew.queue.rest();
        let threads = self.crew.threads.lock();
        let state = |(place, started): (&usize, &Started)| LaneState {
            name: started
                .thread
                .thread()
                .name()
                .unwrap_or_default()
                .to_owned(),
            ident: started.ident,
            busy: !idle.contains(place),
        };
        let mut lanes: Vec<LaneState> = threads.iter().map(state).collect();
        lanes.sort_by_key(|lane| lane.ident);
        Load { lanes, waiting }
    }

    /// Takes no more jobs and waits until those queued are done. Called from one of the lanes
    /// itself it does not wait for that lane.
    pub(crate) fn close(&self) {
        self.crew.queue.close();
        let threads = std::mem::take(&mut *self.crew.threads.lock());
        for Started { thread, .. } in threads.into_values() {
            if thread.thread().id() != thread::current().id() {
                // Jobs catch their panics, so a lane ends in good order.
                let _ = thread.join();
            }
        }
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        self.close();
    }
}

impl Crew {
    fn start(self: &Arc<Self>, ticket: Ticket) -> Result<(), Fault> {
        let mut lane = Lane::new(Arc::clone(&self.shared), self.role);
        let crew = Arc::downgrade(self);
        lane.clock.replaced_by(move || {
            if let Some(crew) = crew.upgrade() {
                crew.replace(ticket);
            }
        });
        let crew = Arc::clone(self);
        let name = match self.role {
            Role::Read => format!("sqlite-read-{}", ticket.place),
            Role::Export => format!("sqlite-export-{}", ticket.place),
            Role::Write => "sqlite-write".to_owned(),
        };
        let started = lane.be_watched().and_then(|()| {
            thread::Builder::new().name(name).spawn(move || {
                while let Some(job) = crew.queue.next(ticket) {
                    match job {
                        Job::Alone(run) => run(&mut lane),
                        Job::Together(first) => {
                            lane.write_together(first, || crew.queue.next_together());
                        }
                    }
                }
            })
        });
        match started {
            Ok(thread) => {
                let ident = STARTED.fetch_add(1, Ordering::Relaxed) + 1;
                let started = Started { ident, thread };
                self.threads.lock().insert(ticket.place, started);
                Ok(())
            }
            Err(error) => {
                self.queue.not_started(ticket);
                Err(
                    Fault::unavailable("The server has no thread left for this query.")
                        .caused_by(error),
                )
            }
        }
    }

    fn replace(self: &Arc<Self>, lost: Ticket) {
        self.threads.lock().remove(&lost.place);
        if let Some(ticket) = self.queue.replace(lost)
            && let Err(fault) = self.start(ticket)
        {
            tracing::warn!(%fault, "a lost lane could not be replaced");
        }
    }
}
