//! The arguments of `publish heroku`.

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ArgAction, Parser};

use super::site::{PluginSecretArguments, SiteArguments, database};

/// Publish databases to Datasette running on Heroku
#[derive(Debug, Parser)]
#[command(
    name = "heroku",
    override_usage = "datasette publish heroku [OPTIONS] [FILES]...",
    help_template = "{usage-heading} {usage}\n\n  {about}\n\nOptions:\n{options}",
    disable_help_flag = true,
    args_override_self = true
)]
pub(crate) struct HerokuArguments {
    /// Database files
    #[arg(value_name = "FILES", value_parser = OsStringValueParser::new().try_map(database))]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) site: SiteArguments,
    #[command(flatten)]
    pub(crate) plugins: PluginSecretArguments,
    /// Name of the app; Heroku chooses one if it is empty
    #[arg(
        short = 'n',
        long,
        value_name = "TEXT",
        default_value = "datasette",
        allow_hyphen_values = true
    )]
    pub(crate) name: String,
    /// The program tar for the command heroku, e.g. --tar=/path/to/gtar
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    tar: Option<String>,
    /// Show this message and exit
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}

impl HerokuArguments {
    /// The program tar; an empty name counts as none.
    pub(crate) fn tar(&self) -> Option<&str> {
        self.tar.as_deref().filter(|tar| !tar.is_empty())
    }
}
