//! How long a thread has really worked, as opposed to how long it took: on a busy machine it waits
//! for its turn in between, which says nothing about its work.

use std::time::Duration;

/// How long the processor has worked for the thread that asks. Only differences mean anything.
#[cfg(unix)]
pub fn effort() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    let nanoseconds = u64::try_from(time.tv_nsec).unwrap_or_default();
    Duration::from_secs(seconds) + Duration::from_nanos(nanoseconds)
}

/// How long the processor has worked for the thread that asks: where systems do not tell, all the
/// time. Only differences mean anything.
#[cfg(not(unix))]
pub fn effort() -> Duration {
    Duration::from_nanos(crate::clock::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_counts() {
        let before = effort();
        let mut word = std::hint::black_box(1_u64);
        while effort() - before < Duration::from_millis(1) {
            word = std::hint::black_box(word.wrapping_mul(3));
        }
    }

    #[cfg(unix)]
    #[test]
    fn waiting_does_not() {
        let begun = std::time::Instant::now();
        let before = effort();
        let (_never, wait) = std::sync::mpsc::channel::<()>();
        let _ = wait.recv_timeout(Duration::from_millis(50));
        assert!(effort() - before < begun.elapsed());
    }
}
