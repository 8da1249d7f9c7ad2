//! Taking the connection of a thread of Python that was just asked to make one.

use std::io;
use std::os::unix::net::{UnixListener, UnixStream};
use std::thread;
use std::time::{Duration, Instant};

/// How long a new thread of Python may take to appear.
const PATIENCE: Duration = Duration::from_secs(10);

/// The next connection, on which reading and writing block.
///
/// # Errors
/// None comes in time, or the socket fails.
pub(crate) fn accepted(listener: &UnixListener) -> io::Result<UnixStream> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(false)?;
                return Ok(stream);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                if Instant::now() > deadline {
                    return Err(error);
                }
                thread::sleep(Duration::from_micros(200));
            }
            Err(error) => return Err(error),
        }
    }
}
