//! The arguments of `inspect`.

use std::path::{Path, PathBuf};

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ArgAction, Parser};
use datasette_sqlite::Extension;

use super::value;

/// Hash files and count their rows, as JSON for `datasette serve --inspect-file`
#[derive(Debug, Parser)]
#[command(
    name = "inspect",
    override_usage = "datasette inspect [OPTIONS] [FILES]...",
    help_template = "{usage-heading} {usage}\n\n  {about}\n\nOptions:\n{options}",
    disable_help_flag = true,
    args_override_self = true
)]
pub(crate) struct InspectArguments {
    /// Database files
    #[arg(value_name = "FILES", value_parser = OsStringValueParser::new().try_map(value::existing))]
    pub(crate) files: Vec<PathBuf>,
    /// File to write to; - for standard output
    #[arg(long, value_name = "TEXT", default_value = "-", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().map(PathBuf::from))]
    inspect_file: PathBuf,
    /// Extension of SQLite to load, with an entry point if need be; the word spatialite finds
    /// that library. Repeatable; separated by spaces in the environment variable
    /// DATASETTE_LOAD_EXTENSION
    #[arg(long, value_name = "PATH[:ENTRYPOINT]", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().try_map(value::extension))]
    pub(crate) load_extension: Vec<Extension>,
    /// Show this message and exit
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}

impl InspectArguments {
    /// The file to write to; `None` for the standard output.
    pub(crate) fn inspect_file(&self) -> Option<&Path> {
        (self.inspect_file != Path::new("-")).then_some(&*self.inspect_file)
    }
}
