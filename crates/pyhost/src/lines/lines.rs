//! The lines of one process, one for each thread of the server that needs one.

use std::collections::HashMap;
use std::io;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, ThreadId};

use datasette_core::Value;
use parking_lot::Mutex;

use super::line::Line;
use super::memory::Memory;
use crate::accepting::accepted;

/// The lines of one process. A thread of the server has the same thread of Python each time: some
/// functions keep state by thread.
pub(crate) struct Lines {
    folder: PathBuf,
    listener: Mutex<UnixListener>,
    numbers: AtomicU64,
    by_thread: Mutex<HashMap<ThreadId, Arc<Mutex<Line>>>>,
}

/// What is done with a function.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operation {
    Call,
    Start,
    Step,
    Inverse,
    Value,
    Finish,
    Compare,
}

impl Lines {
    /// Listens in that folder.
    pub(crate) fn listen(folder: &Path) -> io::Result<Self> {
        let listener = UnixListener::bind(folder.join("lines"))?;
        listener.set_nonblocking(true)?;
        Ok(Self {
            folder: folder.to_owned(),
            listener: Mutex::new(listener),
            numbers: AtomicU64::new(1),
            by_thread: Mutex::default(),
        })
    }

    /// Does something with a function of Python, and waits for what comes of it. `open` has a thread
    /// of Python take the line of that number.
    pub(crate) fn call(
        &self,
        open: impl FnOnce(u64) -> Result<(), String>,
        operation: Operation,
        id: u64,
        arguments: &[Value],
    ) -> Result<Value, String> {
        let line = self.line(open)?;
        let mut line = line.lock();
        line.ask(operation, id, arguments).unwrap_or_else(|error| {
            // Whatever comes over it now belongs to a call that is over.
            self.by_thread.lock().remove(&thread::current().id());
            Err(format!("the function did not answer: {error}"))
        })
    }

    fn line(
        &self,
        open: impl FnOnce(u64) -> Result<(), String>,
    ) -> Result<Arc<Mutex<Line>>, String> {
        let thread = thread::current().id();
        if let Some(line) = self.by_thread.lock().get(&thread) {
            return Ok(Arc::clone(line));
        }
        // One at a time: who asked gets the thread that comes.
        let listener = self.listener.lock();
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.join(format!("line-{number}"));
        let words = |error: io::Error| error.to_string();
        let memory = Memory::create(&path).map_err(words)?;
        open(number)?;
        let stream = accepted(&listener).map_err(words)?;
        let line = Line::new(memory, stream, path).map_err(words)?;
        let line = Arc::new(Mutex::new(line));
        self.by_thread.lock().insert(thread, Arc::clone(&line));
        Ok(line)
    }
}
