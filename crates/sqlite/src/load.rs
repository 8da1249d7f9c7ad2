//! What the lanes of a database are doing, for people who look at a running server (DEBUG-10).

/// One thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneState {
    /// The name of the thread.
    pub name: String,
    /// A number that no other lane of this process has or had.
    pub ident: u64,
    /// Whether it is at work on a job.
    pub busy: bool,
}

/// All threads of a database at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Its lanes that have been started, reading ones first.
    pub lanes: Vec<LaneState>,
    /// Jobs that wait for one.
    pub waiting: usize,
}

impl Load {
    /// Adds the lanes of another role.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.lanes.extend(other.lanes);
        self.waiting += other.waiting;
        self
    }
}
