//! The arguments of `publish fly`.

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ArgAction, Parser};

use super::site::{PluginSecretArguments, SiteArguments, database};

/// Publish databases to Datasette running on Fly
#[derive(Debug, Parser)]
#[command(
    name = "fly",
    override_usage = "datasette publish fly [OPTIONS] [FILES]...",
    help_template = "{usage-heading} {usage}\n\n  {about}\n\nOptions:\n{options}",
    disable_help_flag = true,
    args_override_self = true
)]
pub(crate) struct FlyArguments {
    /// Database files
    #[arg(value_name = "FILES", value_parser = OsStringValueParser::new().try_map(database))]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) site: SiteArguments,
    #[command(flatten)]
    pub(crate) plugins: PluginSecretArguments,
    /// Install SpatiaLite and load it
    #[arg(long)]
    pub(crate) spatialite: bool,
    /// Region to deploy to, e.g. sjc: see https://fly.io/docs/reference/regions/
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) region: Option<String>,
    /// Organisation that a new app belongs to
    #[arg(short = 'o', long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) org: Option<String>,
    /// Create a volume of this many gigabytes and attach it
    #[arg(long, value_name = "INTEGER", allow_hyphen_values = true, value_parser = gigabytes)]
    pub(crate) create_volume: Option<u32>,
    /// Database that can be written to, created on the volume. Repeatable
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, value_parser = database_name)]
    pub(crate) create_db: Vec<String>,
    /// Name of the volume
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "datasette",
        allow_hyphen_values = true
    )]
    pub(crate) volume_name: String,
    /// Name of the app
    #[arg(
        short = 'a',
        long,
        value_name = "TEXT",
        required = true,
        allow_hyphen_values = true
    )]
    pub(crate) app: String,
    /// A setting of the published server. Repeatable
    #[arg(long, value_names = ["NAME", "VALUE"], num_args = 2, allow_hyphen_values = true)]
    setting: Vec<String>,
    /// Let queries of /_memory use the databases by their names
    #[arg(long)]
    pub(crate) crossdb: bool,
    /// Show the generated fly.toml, Dockerfile and metadata.json
    #[arg(long)]
    pub(crate) show_files: bool,
    /// Show this message and exit
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}

impl FlyArguments {
    /// Words for the published server beyond `--extra-options`.
    pub(crate) fn server_options(&self) -> Vec<String> {
        let mut words = Vec::new();
        for pair in self.setting.chunks_exact(2) {
            words.push("--setting".to_owned());
            words.extend(pair.iter().cloned());
        }
        if self.crossdb {
            words.push("--crossdb".to_owned());
        }
        words
    }
}

fn gigabytes(text: &str) -> Result<u32, String> {
    let number: i128 = text
        .trim()
        .parse()
        .map_err(|_| format!("'{text}' is not a valid integer range."))?;
    match u32::try_from(number) {
        Ok(size) if size > 0 => Ok(size),
        _ => Err(format!("{number} is not in the range x>=1.")),
    }
}

/// The name of a file on the volume; `.db` is added where it is missing.
fn database_name(text: &str) -> Result<String, String> {
    if text.contains(' ') {
        return Err("Database name cannot contain spaces".to_owned());
    }
    let is_name = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    if text.is_empty() || text.starts_with(['.', '-']) || !text.chars().all(is_name) {
        return Err(format!(
            "'{text}' is not a name for a database: letters, digits, - _ and . make one"
        ));
    }
    if text.ends_with(".db") {
        return Ok(text.to_owned());
    }
    Ok(format!("{text}.db"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_of_the_volume_are_files_in_it() {
        assert_eq!(database_name("wiki").as_deref(), Ok("wiki.db"));
        assert_eq!(database_name("wiki.db").as_deref(), Ok("wiki.db"));
        assert_eq!(
            database_name("my wiki").unwrap_err(),
            "Database name cannot contain spaces"
        );
        for bad in ["", "../x", "a/b", ".hidden", "-x", "a;b", "$(x)"] {
            assert!(database_name(bad).is_err(), "{bad}");
        }
    }
}
