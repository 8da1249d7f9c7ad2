//! The queue in front of the lanes of one role.
//!
//! A job goes straight to the lane that fell idle last: its caches are warm, and a quiet server
//! keeps using the same lane instead of waking them in turn. Lanes are started when all are busy,
//! up to their number; after that jobs wait in order.

use std::collections::VecDeque;

use parking_lot::{Condvar, Mutex};

use crate::job::Job;

struct State {
    waiting: VecDeque<Job>,
    /// Idle lanes, the latest last.
    idle: Vec<usize>,
    /// Jobs handed to a lane that has not woken up yet.
    handed: Vec<Option<Job>>,
    started: usize,
    closed: bool,
}

/// See the module's text.
pub(crate) struct Queue {
    state: Mutex<State>,
    wake: Vec<Condvar>,
}

/// What became of a job that was brought.
pub(crate) enum Placed {
    /// A lane has it or will take it.
    Taken,
    /// A lane of this number must be started; its first job is already waiting for it.
    StartLane(usize),
    /// The queue takes no more jobs; this one will never run.
    Closed,
}

impl Queue {
    pub(crate) fn new(lanes: usize) -> Self {
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                idle: Vec::with_capacity(lanes),
                handed: (0..lanes).map(|_| None).collect(),
                started: 0,
                closed: false,
            }),
            wake: (0..lanes).map(|_| Condvar::new()).collect(),
        }
    }

    /// Brings a job.
    pub(crate) fn push(&self, job: Job) -> Placed {
        let mut state = self.state.lock();
        if state.closed {
            return Placed::Closed;
        }
        if let Some(lane) = state.idle.pop() {
            state.handed[lane] = Some(job);
            drop(state);
            self.wake[lane].notify_one();
            Placed::Taken
        } else if state.started < self.wake.len() {
            let lane = state.started;
            state.started += 1;
            state.handed[lane] = Some(job);
            Placed::StartLane(lane)
        } else {
            state.waiting.push_back(job);
            Placed::Taken
        }
    }

    /// The next job of a lane; blocks until there is one. `None`: the lane is to end.
    pub(crate) fn next(&self, lane: usize) -> Option<Job> {
        let mut state = self.state.lock();
        if let Some(job) = state.handed[lane].take() {
            return Some(job);
        }
        if let Some(job) = state.waiting.pop_front() {
            return Some(job);
        }
        if state.closed {
            return None;
        }
        state.idle.push(lane);
        loop {
            self.wake[lane].wait(&mut state);
            if let Some(job) = state.handed[lane].take() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
        }
    }

    /// The lane's thread could not be started: takes back its place and its job.
    pub(crate) fn not_started(&self, lane: usize) {
        let mut state = self.state.lock();
        state.started -= 1;
        let job = state.handed[lane].take();
        // Another lane can still do it; with none, dropping it tells whoever waits.
        if state.started > 0 {
            state.waiting.extend(job);
        }
    }

    /// Takes no more jobs; lanes end when none is left.
    pub(crate) fn close(&self) {
        self.state.lock().closed = true;
        for wake in &self.wake {
            wake.notify_all();
        }
    }
}
