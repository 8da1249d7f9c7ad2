//! The arguments of `package`.

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ArgAction, Parser};

use super::site::{SiteArguments, database};

/// Package SQLite files into a Datasette Docker container
#[derive(Debug, Parser)]
#[command(
    name = "package",
    override_usage = "datasette package [OPTIONS] FILES...",
    help_template = "{usage-heading} {usage}\n\n  {about}\n\nOptions:\n{options}",
    disable_help_flag = true,
    args_override_self = true
)]
pub(crate) struct PackageArguments {
    /// Database files
    #[arg(value_name = "FILES", required = true, num_args = 1..,
          value_parser = OsStringValueParser::new().try_map(database))]
    pub(crate) files: Vec<PathBuf>,
    /// Name of the image, or name:tag
    #[arg(short = 't', long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) tag: Option<String>,
    #[command(flatten)]
    pub(crate) site: SiteArguments,
    /// Install SpatiaLite and load it
    #[arg(long)]
    pub(crate) spatialite: bool,
    /// Port to listen on inside the container, 1 to 65535
    #[arg(short = 'p', long, value_name = "INTEGER", default_value = "8001",
          allow_hyphen_values = true, value_parser = port)]
    pub(crate) port: u16,
    /// Show this message and exit
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}

/// A port that can be named (PUB-30).
fn port(text: &str) -> Result<u16, String> {
    let number: i128 = text
        .trim()
        .parse()
        .map_err(|_| format!("'{text}' is not a valid integer range."))?;
    match u16::try_from(number) {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(format!("{number} is not in the range 1<=x<=65535.")),
    }
}
