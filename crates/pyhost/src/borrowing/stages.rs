//! The stages of one process, one for each lane that gave its connection away once.

use std::collections::HashMap;
use std::io;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, ThreadId};

use parking_lot::Mutex;

use crate::accepting::accepted;

/// The stages of one process. A thread of the server has the same thread of Python each time.
pub(crate) struct Stages {
    listener: Mutex<UnixListener>,
    by_thread: Mutex<HashMap<ThreadId, Arc<Mutex<UnixStream>>>>,
}

impl Stages {
    /// Listens in that folder.
    pub(crate) fn listen(folder: &Path) -> io::Result<Self> {
        let listener = UnixListener::bind(folder.join("stages"))?;
        listener.set_nonblocking(true)?;
        Ok(Self {
            listener: Mutex::new(listener),
            by_thread: Mutex::default(),
        })
    }

    /// The stage of this thread; `open` asks Python for one more where it has none.
    pub(crate) fn of_this_thread(
        &self,
        open: impl FnOnce() -> Result<(), String>,
    ) -> Result<Arc<Mutex<UnixStream>>, String> {
        let thread = thread::current().id();
        if let Some(stage) = self.by_thread.lock().get(&thread) {
            return Ok(Arc::clone(stage));
        }
        // One at a time: who asked gets the thread that comes.
        let listener = self.listener.lock();
        open()?;
        let stream = accepted(&listener).map_err(|error| error.to_string())?;
        let stage = Arc::new(Mutex::new(stream));
        self.by_thread.lock().insert(thread, Arc::clone(&stage));
        Ok(stage)
    }

    /// Forgets the stage of this thread, which is broken.
    pub(crate) fn forget(&self) {
        self.by_thread.lock().remove(&thread::current().id());
    }
}
