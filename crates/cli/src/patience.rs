//! How long requests that still run may take once the server was told to stop.

use std::time::Duration;

use crate::output;

/// Seconds, where the operator wants others; any number, with decimals.
const VARIABLE: &str = "DATASETTE_STOP_TIMEOUT";

/// Containers are killed ten seconds after they were told to stop. This leaves time for what comes
/// after the requests: the tasks of plugins, and the writes that wait.
const USUAL: Duration = Duration::from_secs(4);

/// How long the server waits for requests before it ends without them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Patience(Duration);

impl Patience {
    /// What the environment asks for, else what suits containers.
    pub(crate) fn of_environment() -> Self {
        let Ok(text) = std::env::var(VARIABLE) else {
            return Self(USUAL);
        };
        Self::read(&text).unwrap_or_else(|| {
            output::warn(&format!(
                "{VARIABLE} is not a number of seconds: {text:?}; requests have {} seconds",
                USUAL.as_secs()
            ));
            Self(USUAL)
        })
    }

    fn read(text: &str) -> Option<Self> {
        let seconds: f64 = text.trim().parse().ok()?;
        Duration::try_from_secs_f64(seconds).ok().map(Self)
    }

    /// Ready when it is over. Says that requests are left behind.
    pub(crate) async fn ends(self) {
        tokio::time::sleep(self.0).await;
        tracing::warn!(
            "requests that still run after {} s are cut off; {VARIABLE} sets another limit",
            self.0.as_secs_f64()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_read_and_nonsense_is_not() {
        assert_eq!(
            Patience::read("90"),
            Some(Patience(Duration::from_secs(90)))
        );
        assert_eq!(
            Patience::read(" 0.5 "),
            Some(Patience(Duration::from_millis(500)))
        );
        assert_eq!(Patience::read("0"), Some(Patience(Duration::ZERO)));
        for nonsense in ["", "soon", "-1", "NaN", "inf", "10s"] {
            assert_eq!(Patience::read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn it_ends_before_containers_are_killed() {
        let tasks = datasette_engine::background::GRACE;
        assert!(USUAL + tasks < Duration::from_secs(10));
    }
}
