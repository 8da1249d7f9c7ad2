//! A fixed set of threads, each with its own connection to every file.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::schema;

type Job = Box<dyn FnOnce(&[Connection]) + Send>;

#[derive(Default)]
struct Queue {
    jobs: Mutex<VecDeque<Job>>,
    arrived: Condvar,
}

impl Queue {
    fn push(&self, job: Job) {
        self.jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_back(job);
        self.arrived.notify_one();
    }

    fn pop(&self) -> Job {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(job) = jobs.pop_front() {
                return job;
            }
            jobs = self
                .arrived
                .wait(jobs)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Runs closures where the connections are. The threads live as long as the process.
#[derive(Clone)]
pub(crate) struct Lanes(Arc<Queue>);

impl Lanes {
    /// Starts `count` threads, each with one connection per file.
    ///
    /// # Errors
    /// A file SQLite cannot open.
    pub(crate) fn start(count: usize, files: &[PathBuf]) -> rusqlite::Result<Self> {
        let queue = Arc::new(Queue::default());
        for _ in 0..count {
            let connections = files
                .iter()
                .map(|file| schema::open(file))
                .collect::<rusqlite::Result<Vec<_>>>()?;
            let queue = Arc::clone(&queue);
            thread::spawn(move || {
                loop {
                    queue.pop()(&connections);
                }
            });
        }
        Ok(Self(queue))
    }

    /// Runs `job` on some lane and waits for its result; `None` if the job panicked.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&[Connection]) -> T + Send + 'static,
    ) -> Option<T> {
        let (sender, receiver) = oneshot::channel();
        self.spawn(move |connections| {
            // The client may have left.
            let _ = sender.send(job(connections));
        });
        receiver.await.ok()
    }

    /// Runs `job` on some lane without waiting.
    pub(crate) fn spawn(&self, job: impl FnOnce(&[Connection]) + Send + 'static) {
        self.0.push(Box::new(job));
    }
}
