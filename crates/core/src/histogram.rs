//! How long things took, counted without locks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the buckets in seconds (OTEL-12). What took longer is in one more.
pub const BOUNDS: [f64; 11] = [
    0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0,
];

/// A distribution of durations. Recording is cheap and never waits.
#[derive(Debug, Default)]
pub struct Histogram {
    buckets: [AtomicU64; BOUNDS.len() + 1],
    nanoseconds: AtomicU64,
}

/// What was recorded up to one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// For each of [`BOUNDS`], how many took no longer.
    pub within: [u64; BOUNDS.len()],
    /// How many there were.
    pub count: u64,
    /// How long all of them took together, in seconds.
    pub sum: f64,
}

impl Histogram {
    /// Counts one.
    pub fn record(&self, duration: Duration) {
        let seconds = duration.as_secs_f64();
        let bucket = BOUNDS.partition_point(|bound| *bound < seconds);
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// What was recorded so far. Recording may go on meanwhile.
    pub fn read(&self) -> Recorded {
        let mut count = 0;
        let mut within = [0; BOUNDS.len()];
        for (bucket, counted) in self.buckets.iter().enumerate() {
            count += counted.load(Ordering::Relaxed);
            if let Some(within) = within.get_mut(bucket) {
                *within = count;
            }
        }
        let nanoseconds = self.nanoseconds.load(Ordering::Relaxed);
        Recorded {
            within,
            count,
            sum: Duration::from_nanos(nanoseconds).as_secs_f64(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: OTEL-12
    #[test]
    fn buckets_hold_what_took_no_longer() {
        let histogram = Histogram::default();
        for microseconds in [50, 100, 101, 5_000, 20_000_000] {
            histogram.record(Duration::from_micros(microseconds));
        }
        let recorded = histogram.read();
        assert_eq!(recorded.within, [2, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4]);
        assert_eq!(recorded.count, 5);
        assert!((recorded.sum - 20.005_251).abs() < 1e-9, "{}", recorded.sum);
    }
}
