//! Signals that end the server.

use std::io;

use crate::supervisor::Supervisor;

/// How the program was told to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Ctrl+C (CLI-126).
    Interrupted,
    /// SIGTERM (CLI-127).
    Terminated,
}

/// Listens for signals, and for the end of the supervisor where there is one, from the moment it is made.
pub(crate) struct Signals {
    #[cfg(unix)]
    supervisor: Option<Supervisor>,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// Starts listening.
    ///
    /// # Errors
    /// The system does not let us.
    #[cfg(unix)]
    pub(crate) fn listen(supervisor: Option<Supervisor>) -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            supervisor,
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Starts listening.
    #[cfg(not(unix))]
    pub(crate) fn listen(_supervisor: Option<Supervisor>) -> io::Result<Self> {
        Ok(Self {})
    }

    /// The next signal.
    #[cfg(unix)]
    pub(crate) async fn next(&mut self) -> Stop {
        let supervisor = self.supervisor;
        let deserted = async {
            match supervisor {
                Some(supervisor) => supervisor.gone().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => Stop::Interrupted,
            _ = self.terminate.recv() => Stop::Terminated,
            () = deserted => Stop::Terminated,
        }
    }

    /// The next signal.
    #[cfg(not(unix))]
    pub(crate) async fn next(&mut self) -> Stop {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without signals the process runs until it is killed.
            std::future::pending::<()>().await;
        }
        Stop::Interrupted
    }
}

/// From now on signals end the process at once: all that is left to do is to close databases, and
/// who sends one more does not want to wait for that.
pub(crate) fn die_at_the_next() {
    #[cfg(unix)]
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        let always = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
        // Without it the process ends when the databases are closed.
        let _ = signal_hook::flag::register_conditional_default(signal, always);
    }
}

/// Ends the process as the signal would have done by itself, so that its parent sees it (CLI-127).
pub(crate) fn die_terminated() {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTERM);
}
