//! The last act: closing databases, which waits for writes that were queued, but not for ever.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// How long the writes of one database may take (BG-10).
pub(crate) const PER_DATABASE: Duration = Duration::from_secs(10);

/// Drops something that may wait, and answers whether that was over in time. What was not is left to
/// the end of the process.
pub(crate) fn put_away<T: Send + 'static>(thing: T, patience: Duration) -> bool {
    let (gone, going) = channel::<()>();
    let work = move || {
        drop(thing);
        drop(gone);
    };
    // Without a thread the closure, and with it the thing, is dropped here.
    if thread::Builder::new()
        .name("closing".to_owned())
        .spawn(work)
        .is_err()
    {
        return true;
    }
    going.recv_timeout(patience) == Err(RecvTimeoutError::Disconnected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::Receiver;

    /// Goes when it is told to.
    struct Slow(Receiver<()>);

    impl Drop for Slow {
        fn drop(&mut self) {
            let _ = self.0.recv();
        }
    }

    #[test]
    fn what_takes_too_long_is_left() {
        let (allow, allowed) = channel::<()>();
        assert!(!put_away(Slow(allowed), Duration::from_millis(1)));
        drop(allow);
        let (allow, allowed) = channel();
        drop(allow);
        assert!(put_away(Slow(allowed), PER_DATABASE));
    }
}
