//! One file per command.

mod create_token;
mod embedded;
mod get;
mod help_settings;
mod inspect;
mod install;
mod plugins;
mod publish;
mod reload;
mod serve;

pub(crate) use create_token::create_token;
pub(crate) use embedded::embedded;
pub(crate) use inspect::inspect;
pub(crate) use install::{install, uninstall};
pub(crate) use plugins::plugins;
pub(crate) use publish::{command as publish_command, package, publish};
pub(crate) use serve::serve;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// With this exit code.
    Code(u8),
    /// By SIGTERM, after everything was put away.
    Terminated,
}
