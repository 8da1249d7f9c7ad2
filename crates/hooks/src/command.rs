//! Subcommands that plugins add to the command line.

use crate::error::HookError;

/// A subcommand, of `datasette` (HOOK-57) or of `datasette publish` (HOOK-60).
pub trait Command: Send + Sync {
    /// Its name.
    fn name(&self) -> &str;

    /// The line that help shows (HOOK-58).
    fn summary(&self) -> &str;

    /// Runs it with the arguments after its name; answers the exit code.
    fn run(&self, arguments: &[String]) -> Result<u8, HookError>;
}
