//! How a plugin says that it failed.

use std::fmt;

use datasette_core::{Fault, FaultKind};

/// A plugin's failure, or its deliberate refusal.
#[derive(Debug)]
pub enum HookError {
    /// The plugin failed; the text goes to the log.
    Failed(String),
    /// The plugin failed with an exception that it still has under that number; the text goes to the
    /// log.
    Raised(String, u64),
    /// The plugin panicked; the text goes to the log.
    Panicked(String),
    /// The plugin refuses on purpose, in words for the client ("not found", "forbidden"). It is
    /// heard whatever the hook, because a gate that is skipped is no gate.
    Refused(Fault),
    /// A token that the plugin recognised is not valid: 401 (HOOK-133).
    TokenInvalid(String),
    /// The server must not start; the text is for the person who starts it (HOOK-08).
    Startup(String),
}

impl HookError {
    /// A failure with a text for the log.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::Failed(message.into())
    }

    /// Whether the error is an answer of its own rather than an accident.
    pub fn is_deliberate(&self) -> bool {
        matches!(
            self,
            Self::Refused(_) | Self::TokenInvalid(_) | Self::Startup(_)
        )
    }

    /// The fault that the error becomes when it reaches the client. The words of an accident stay
    /// in the log.
    pub fn into_fault(self, plugin: &str, hook: &str) -> Fault {
        match self {
            Self::Refused(fault) => fault,
            Self::TokenInvalid(message) => Fault::new(FaultKind::Unauthorized, message),
            Self::Startup(message) => Fault::new(FaultKind::Internal, message),
            accident => {
                let number = match &accident {
                    Self::Raised(_, number) => Some(*number),
                    _ => None,
                };
                let text = format!("plugin {plugin}, hook {hook}: {accident}");
                Fault::internal(text).raised_as(number)
            }
        }
    }
}

impl fmt::Display for HookError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(message)
            | Self::Raised(message, _)
            | Self::TokenInvalid(message)
            | Self::Startup(message) => formatter.write_str(message),
            Self::Panicked(message) => write!(formatter, "panicked: {message}"),
            Self::Refused(fault) => write!(formatter, "{fault}"),
        }
    }
}

impl std::error::Error for HookError {}

impl From<Fault> for HookError {
    fn from(fault: Fault) -> Self {
        if fault.kind() == FaultKind::Internal {
            Self::Failed(match fault.cause() {
                Some(cause) => format!("{fault}: {cause}"),
                None => fault.to_string(),
            })
        } else {
            Self::Refused(fault)
        }
    }
}
