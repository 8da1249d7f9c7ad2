//! The queue in front of the lanes of one role.
//!
//! A job goes straight to the lane that fell idle last: its caches are warm, and a quiet server
//! keeps using the same lane instead of waking them in turn. Lanes are started when all are busy,
//! up to their number; after that jobs wait in order.

use std::collections::VecDeque;

use parking_lot::{Condvar, Mutex};

use crate::job::Job;
use crate::lane::Together;

/// One place for a lane.
struct Place {
    /// Counts the threads that have held the place: one that was replaced finds another number.
    holder: u64,
    /// A job handed to the lane before it has woken up.
    handed: Option<Job>,
    /// The thread is lost in a statement and could not be replaced.
    stuck: bool,
}

struct State {
    waiting: VecDeque<Job>,
    places: Vec<Place>,
    /// Idle lanes, the latest last.
    idle: Vec<usize>,
    /// Places without a thread.
    vacant: Vec<usize>,
    /// Threads that lost their place and still run.
    lost: usize,
    closed: bool,
}

/// See the module's text.
pub(crate) struct Queue {
    state: Mutex<State>,
    wake: Vec<Condvar>,
}

/// A place and the right to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) place: usize,
    holder: u64,
}

/// What became of a job that was brought.
pub(crate) enum Placed {
    /// A lane has it or will take it.
    Taken,
    /// A lane must be started for this place; its first job is already waiting for it.
    StartLane(Ticket),
    /// No lane will ever take it.
    Refused,
}

impl Queue {
    pub(crate) fn new(lanes: usize) -> Self {
        let place = || Place {
            holder: 0,
            handed: None,
            stuck: false,
        };
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                places: (0..lanes).map(|_| place()).collect(),
                idle: Vec::with_capacity(lanes),
                vacant: (0..lanes).rev().collect(),
                lost: 0,
                closed: false,
            }),
            wake: (0..lanes).map(|_| Condvar::new()).collect(),
        }
    }

    /// Brings a job.
    pub(crate) fn push(&self, job: Job) -> Placed {
        let mut state = self.state.lock();
        if state.closed || state.places.iter().all(|place| place.stuck) {
            return Placed::Refused;
        }
        if let Some(lane) = state.idle.pop() {
            state.places[lane].handed = Some(job);
            drop(state);
            self.wake[lane].notify_one();
            Placed::Taken
        } else if let Some(lane) = state.vacant.pop() {
            Placed::StartLane(state.occupy(lane, job))
        } else {
            state.waiting.push_back(job);
            Placed::Taken
        }
    }

    /// The next job of a lane; blocks until there is one. `None`: the lane is to end.
    pub(crate) fn next(&self, ticket: Ticket) -> Option<Job> {
        let lane = ticket.place;
        let mut state = self.state.lock();
        if state.places[lane].holder != ticket.holder {
            state.lost -= 1;
            return None;
        }
        state.places[lane].stuck = false;
        if let Some(job) = state.places[lane].handed.take() {
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
            if let Some(job) = state.places[lane].handed.take() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
        }
    }

    /// The next job that waits, if it is one that may share the transaction of those before it.
    pub(crate) fn next_together(&self) -> Option<Box<dyn Together>> {
        let mut state = self.state.lock();
        match state.waiting.pop_front()? {
            Job::Together(job) => Some(job),
            alone => {
                state.waiting.push_front(alone);
                None
            }
        }
    }

    /// The places whose lanes are idle, and how many jobs wait.
    pub(crate) fn rest(&self) -> (Vec<usize>, usize) {
        let state = self.state.lock();
        // A lane that was handed a job is no longer among the idle ones.
        (state.idle.clone(), state.waiting.len())
    }

    /// The thread of a place is lost in a statement: frees the place for another one, to be
    /// started if jobs wait. With as many threads lost as there are twice places, it stays stuck;
    /// and when all are stuck, nobody is kept waiting.
    pub(crate) fn replace(&self, ticket: Ticket) -> Option<Ticket> {
        let mut state = self.state.lock();
        let lane = ticket.place;
        if state.places[lane].holder != ticket.holder {
            return None;
        }
        if state.lost >= 2 * state.places.len() {
            state.places[lane].stuck = true;
            if state.places.iter().all(|place| place.stuck) {
                let refused = std::mem::take(&mut state.waiting);
                drop(state);
                drop(refused);
            }
            return None;
        }
        state.lost += 1;
        state.places[lane].holder += 1;
        match state.waiting.pop_front() {
            Some(job) => Some(state.occupy(lane, job)),
            None => {
                state.vacant.push(lane);
                None
            }
        }
    }

    /// The thread for a place could not be started: vacates it and drops its job, which tells
    /// whoever waits.
    pub(crate) fn not_started(&self, ticket: Ticket) {
        let mut state = self.state.lock();
        let job = state.places[ticket.place].handed.take();
        state.vacant.push(ticket.place);
        drop(state);
        drop(job);
    }

    /// Takes no more jobs; lanes end when none is left.
    pub(crate) fn close(&self) {
        self.state.lock().closed = true;
        for wake in &self.wake {
            wake.notify_all();
        }
    }
}

impl State {
    fn occupy(&mut self, lane: usize, job: Job) -> Ticket {
        let place = &mut self.places[lane];
        place.handed = Some(job);
        Ticket {
            place: lane,
            holder: place.holder,
        }
    }
}
