//! How long the server waits for plugins.

use std::time::Duration;

/// How long a hook may take before its contribution is given up. `DATASETTE_PLUGIN_TIMEOUT`, in
/// seconds, says otherwise.
pub(crate) fn of_hooks() -> Duration {
    std::env::var("DATASETTE_PLUGIN_TIMEOUT")
        .ok()
        .and_then(|text| text.parse::<f64>().ok())
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|time| !time.is_zero())
        .unwrap_or(Duration::from_secs(30))
}

/// How long a question waits for a process that is being started.
pub(crate) const OF_STARTS: Duration = Duration::from_secs(20);

/// How much longer the server waits than the process, which gives up the plugin that is late and
/// keeps the answers of the others.
pub(crate) const OF_LATE_ANSWERS: Duration = Duration::from_secs(1);

/// How long a process that hangs may take to print where it is.
pub(crate) const OF_LAST_WORDS: Duration = Duration::from_millis(200);
/// How long a callback that has a connection may do other things: others wait for it.
pub(crate) fn of_borrowers(hooks: Duration) -> Duration {
    hooks * 2
}

/// How long a process that lives may take to say so.
pub(crate) const OF_PINGS: Duration = Duration::from_secs(2);

/// How long a process may take to end when it is told to.
pub(crate) const OF_ENDINGS: Duration = Duration::from_secs(5);

/// Pauses between one start and the next, when a process ends again and again.
pub(crate) fn before_start(failures: u32) -> Duration {
    let shift = failures.saturating_sub(1).min(8);
    Duration::from_millis(100 << shift).min(Duration::from_secs(30))
}

/// Starts in a row that may fail before plugins are given up.
pub(crate) const MOST_FAILURES: u32 = 8;

/// A process that ran so long did not fail to start.
pub(crate) const OF_GOOD_STARTS: Duration = Duration::from_secs(20);
