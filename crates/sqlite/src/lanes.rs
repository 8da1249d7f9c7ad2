//! The lanes of one role of one database, started on demand and ended together.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use datasette_core::Fault;
use parking_lot::Mutex;

use crate::job::{Job, closed};
use crate::lane::{Lane, Role};
use crate::queue::{Placed, Queue};
use crate::shared::Shared;

pub(crate) struct Lanes {
    role: Role,
    shared: Arc<Shared>,
    queue: Arc<Queue>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Lanes {
    pub(crate) fn new(role: Role, shared: &Arc<Shared>, number: usize) -> Self {
        Self {
            role,
            shared: Arc::clone(shared),
            queue: Arc::new(Queue::new(number)),
            threads: Mutex::new(Vec::new()),
        }
    }

    /// Queues a job, starting a lane for it when all are busy and one more is allowed.
    pub(crate) fn submit(&self, job: Job) -> Result<(), Fault> {
        match self.queue.push(job) {
            Placed::Taken => Ok(()),
            Placed::StartLane(number) => self.start(number),
            Placed::Closed => Err(closed()),
        }
    }

    fn start(&self, number: usize) -> Result<(), Fault> {
        let mut lane = Lane::new(Arc::clone(&self.shared), self.role);
        let queue = Arc::clone(&self.queue);
        let name = match self.role {
            Role::Read => format!("sqlite-read-{number}"),
            Role::Write => "sqlite-write".to_owned(),
        };
        let started = lane.be_watched().and_then(|()| {
            thread::Builder::new().name(name).spawn(move || {
                while let Some(job) = queue.next(number) {
                    job(&mut lane);
                }
            })
        });
        match started {
            Ok(thread) => {
                self.threads.lock().push(thread);
                Ok(())
            }
            Err(error) => {
                self.queue.not_started(number);
                Err(
                    Fault::unavailable("The server has no thread left for this query.")
                        .caused_by(error),
                )
            }
        }
    }

    /// Takes no more jobs and waits until those queued are done. Called from one of the lanes
    /// itself it does not wait for that lane.
    pub(crate) fn close(&self) {
        self.queue.close();
        let threads = std::mem::take(&mut *self.threads.lock());
        for thread in threads {
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
