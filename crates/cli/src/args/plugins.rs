//! The arguments of `plugins`.

use clap::{ArgAction, Parser};

use super::python::PluginArguments;

/// List installed plugins
#[derive(Debug, Default, Parser)]
#[command(
    name = "plugins",
    override_usage = "datasette plugins [OPTIONS]",
    help_template = "{usage-heading} {usage}\n\n  {about}\n\nOptions:\n{options}",
    disable_help_flag = true,
    args_override_self = true
)]
pub(crate) struct PluginsArguments {
    /// Include the plugins that are part of the server
    #[arg(long)]
    pub(crate) all: bool,
    /// Print name==version of each plugin that has a version
    #[arg(long)]
    pub(crate) requirements: bool,
    /// Those that are written in Python.
    #[command(flatten)]
    pub(crate) plugins: PluginArguments,
    /// Show this message and exit
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}
