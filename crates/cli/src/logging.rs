//! What the server logs about its work, on the standard error stream.

use std::backtrace::Backtrace;
use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;

/// Where the filter comes from; the first that is set counts.
const VARIABLES: [&str; 2] = ["DATASETTE_LOG", "RUST_LOG"];

/// Starts logging: warnings and errors, unless a variable asks for something else. Colours only on
/// a terminal.
pub(crate) fn start() {
    let wanted = VARIABLES.iter().find_map(|name| std::env::var(name).ok());
    let filter = match wanted.as_deref().map(str::parse::<EnvFilter>) {
        Some(Ok(filter)) => filter,
        Some(Err(error)) => {
            crate::output::warn(&format!("the filter of the log is not understood: {error}"));
            EnvFilter::new("warn")
        }
        None => EnvFilter::new("warn"),
    };
    // Only a second call could fail, and there is none.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal())
        .without_time()
        .try_init();
}

/// Logs from where every failure inside the server came (CLI-44): the original starts Python's
/// debugger there.
pub(crate) fn tell_backtraces() {
    std::panic::set_hook(Box::new(|panic| {
        let backtrace = Backtrace::force_capture();
        tracing::error!("{panic}\n{backtrace}");
    }));
}
