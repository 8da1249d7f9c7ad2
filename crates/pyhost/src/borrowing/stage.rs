//! A stage: the connection between a thread of a lane and the thread of Python that has, for a while,
//! what the lane has. Messages are arrays of MessagePack with their length in front.

use std::io::{Error, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use datasette_hooks::HookError;
use parking_lot::Mutex;
use serde::Serialize;

use crate::protocol::MOST_BYTES;

/// One stage.
pub(crate) struct Stage {
    pub(super) stream: Arc<Mutex<UnixStream>>,
    /// How long Python may say nothing while others wait for the connection.
    pub(super) silence: Duration,
}

/// What the server says first, by number.
#[derive(Clone, Copy)]
pub(super) enum Scene {
    /// A callback is to be called.
    Use = 20,
    /// Plugins around a write are to begin.
    Enter = 21,
    /// Plugins around a write are to end.
    Exit = 22,
    /// A callback will not be called.
    Prevented = 23,
    /// What a callback did was not committed.
    NotCommitted = 24,
}

/// The answer to a question.
pub(super) const ANSWER: u8 = 30;

impl Stage {
    pub(crate) fn new(stream: Arc<Mutex<UnixStream>>, silence: Duration) -> Self {
        Self { stream, silence }
    }
}

/// A message that begins with that number and goes on with these values.
pub(super) fn opening(scene: Scene, values: &impl Serialize) -> Result<Vec<u8>, HookError> {
    rmp_serde::to_vec_named(&(scene as u8, values))
        .map_err(|error| HookError::failed(format!("the message cannot be written: {error}")))
}

/// Sends a message.
pub(super) fn send(stream: &mut UnixStream, message: &[u8]) -> std::io::Result<()> {
    if message.len() > MOST_BYTES {
        return Err(Error::other("what is to be told is too long"));
    }
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    let mut framed = Vec::with_capacity(message.len() + 4);
    framed.extend_from_slice(&length.to_le_bytes());
    framed.extend_from_slice(message);
    stream.write_all(&framed)
}

/// Waits for a message.
pub(super) fn receive(stream: &mut UnixStream) -> std::io::Result<Vec<u8>> {
    let mut head = [0; 4];
    stream.read_exact(&mut head)?;
    let length = u32::from_le_bytes(head) as usize;
    if length > MOST_BYTES {
        return Err(Error::other("what was said is too long"));
    }
    let mut message = vec![0; length];
    stream.read_exact(&mut message)?;
    Ok(message)
}

/// Why a dialogue broke off.
pub(super) fn broken(error: &Error, silence: Duration) -> HookError {
    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) {
        let seconds = silence.as_secs_f64();
        return HookError::failed(format!(
            "it had a connection to a database and said nothing for {seconds} seconds; \
             what it did there is undone"
        ));
    }
    HookError::failed(format!(
        "the process of the plugins ended with a connection to a database in its hands: {error}"
    ))
}
