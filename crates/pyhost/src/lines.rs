//! Lines: connections on which threads of the server call SQL functions of Python, one thread of
//! Python at the other end of each.
//!
//! SQLite calls such a function in the middle of a statement and waits for it, perhaps for every row.
//! Both ends of a line block in the operating system, without an event loop in between. A thread of
//! the server has the same thread of Python each time: some functions keep state by thread.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, ThreadId};
use std::time::Duration;

use datasette_core::Value;
use parking_lot::Mutex;
use rmp::decode;
use rmp::encode;

/// How long a new thread of Python may take to appear.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks Python for one more thread that connects to a line.
pub(crate) type Wanted = Arc<dyn Fn() -> Result<(), String> + Send + Sync>;

/// The lines of one process.
pub(crate) struct Lines {
    listener: Mutex<UnixListener>,
    by_thread: Mutex<HashMap<ThreadId, Arc<Mutex<UnixStream>>>>,
}

/// What is done with a function.
#[derive(Clone, Copy)]
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
    /// Listens at that path.
    pub(crate) fn listen(path: &Path) -> std::io::Result<Self> {
        let listener = UnixListener::bind(path)?;
        listener.set_nonblocking(true)?;
        Ok(Self {
            listener: Mutex::new(listener),
            by_thread: Mutex::default(),
        })
    }

    fn line(&self, wanted: &Wanted) -> Result<Arc<Mutex<UnixStream>>, String> {
        let thread = thread::current().id();
        if let Some(line) = self.by_thread.lock().get(&thread) {
            return Ok(Arc::clone(line));
        }
        // One at a time: who asked gets the thread that comes.
        let listener = self.listener.lock();
        wanted()?;
        let stream = accepted(&listener).map_err(|error| error.to_string())?;
        let line = Arc::new(Mutex::new(stream));
        self.by_thread.lock().insert(thread, Arc::clone(&line));
        Ok(line)
    }

    /// Does something with a function of Python, and waits for what comes of it.
    pub(crate) fn call(
        &self,
        wanted: &Wanted,
        operation: Operation,
        id: u64,
        arguments: &[Value],
    ) -> Result<Value, String> {
        let line = self.line(wanted)?;
        let mut stream = line.lock();
        exchange(&mut stream, operation, id, arguments).unwrap_or_else(|error| {
            self.by_thread.lock().remove(&thread::current().id());
            Err(format!("the process of the plugins ended: {error}"))
        })
    }
}

fn accepted(listener: &UnixListener) -> std::io::Result<UnixStream> {
    let deadline = std::time::Instant::now() + PATIENCE;
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(false)?;
                return Ok(stream);
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                if std::time::Instant::now() > deadline {
                    return Err(error);
                }
                thread::sleep(Duration::from_micros(200));
            }
            Err(error) => return Err(error),
        }
    }
}

/// Sends a call and reads its answer: `[true, value]` or `[false, text]`.
fn exchange(
    stream: &mut UnixStream,
    operation: Operation,
    id: u64,
    arguments: &[Value],
) -> std::io::Result<Result<Value, String>> {
    let mut message = Vec::with_capacity(128);
    message.extend_from_slice(&[0; 4]);
    // Writing to memory does not fail.
    let _ = write_call(&mut message, operation, id, arguments);
    let length = u32::try_from(message.len() - 4).unwrap_or(u32::MAX);
    message[..4].copy_from_slice(&length.to_le_bytes());
    stream.write_all(&message)?;
    let mut head = [0; 4];
    stream.read_exact(&mut head)?;
    let length = u32::from_le_bytes(head) as usize;
    if length > crate::protocol::MOST_BYTES {
        return Err(std::io::Error::other("its answer is too long"));
    }
    message.clear();
    message.resize(length, 0);
    stream.read_exact(&mut message)?;
    answer(&message)
}

fn write_call(
    message: &mut Vec<u8>,
    operation: Operation,
    id: u64,
    arguments: &[Value],
) -> Result<(), encode::ValueWriteError> {
    encode::write_array_len(message, 3)?;
    encode::write_uint(message, operation as u64)?;
    encode::write_uint(message, id)?;
    encode::write_array_len(message, u32::try_from(arguments.len()).unwrap_or(u32::MAX))?;
    for argument in arguments {
        match argument {
            Value::Null => {
                encode::write_nil(message).map_err(encode::ValueWriteError::InvalidMarkerWrite)?
            }
            Value::Integer(number) => {
                encode::write_sint(message, *number)?;
            }
            Value::Real(number) => encode::write_f64(message, *number)?,
            Value::Text(text) => encode::write_str(message, text)?,
            Value::Blob(bytes) => encode::write_bin(message, bytes)?,
        }
    }
    Ok(())
}

fn answer(mut message: &[u8]) -> std::io::Result<Result<Value, String>> {
    let nonsense = |_| std::io::Error::other("its answer makes no sense");
    decode::read_array_len(&mut message).map_err(nonsense)?;
    let worked = decode::read_bool(&mut message).map_err(nonsense)?;
    let datasette_hooks::Data(value) = rmp_serde::from_slice(message)
        .map_err(|_| std::io::Error::other("its answer is no value of SQL"))?;
    Ok(match (worked, value) {
        (true, value) => Ok(value),
        (false, Value::Text(text)) => Err(text),
        (false, _) => Err("the function failed".to_owned()),
    })
}
