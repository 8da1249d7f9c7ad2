//! The arguments of `publish cloudrun`.

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ArgAction, Parser};

use super::site::{PluginSecretArguments, SiteArguments, database};
use super::value;

/// Publish databases to Datasette running on Cloud Run
#[derive(Debug, Parser)]
#[command(
    name = "cloudrun",
    override_usage = "datasette publish cloudrun [OPTIONS] [FILES]...",
    help_template = "{usage-heading} {usage}\n\n  {about}\n\nOptions:\n{options}",
    disable_help_flag = true,
    args_override_self = true
)]
pub(crate) struct CloudrunArguments {
    /// Database files
    #[arg(value_name = "FILES", value_parser = OsStringValueParser::new().try_map(database))]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) site: SiteArguments,
    #[command(flatten)]
    pub(crate) plugins: PluginSecretArguments,
    /// Name of the directory that is built
    #[arg(
        short = 'n',
        long,
        value_name = "TEXT",
        default_value = "datasette",
        allow_hyphen_values = true
    )]
    pub(crate) name: String,
    /// Cloud Run service to deploy or to replace; asked for without it
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    service: Option<String>,
    /// Install SpatiaLite and load it
    #[arg(long)]
    pub(crate) spatialite: bool,
    /// Show the generated Dockerfile and metadata.json
    #[arg(long)]
    pub(crate) show_files: bool,
    /// Memory of an instance, e.g. 1Gi
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, value_parser = memory)]
    pub(crate) memory: Option<String>,
    /// Virtual processors of an instance: 1, 2 or 4
    #[arg(long, value_name = "1|2|4", allow_hyphen_values = true, value_parser = processors)]
    pub(crate) cpu: Option<String>,
    /// Seconds that the build may take
    #[arg(long, value_name = "INTEGER", allow_hyphen_values = true,
          value_parser = value::integer)]
    pub(crate) timeout: Option<i64>,
    /// Debian package to install. Repeatable
    #[arg(
        long = "apt-get-install",
        value_name = "TEXT",
        allow_hyphen_values = true
    )]
    pub(crate) apt_get_install: Vec<String>,
    /// Most instances at a time; 0 removes the limit
    #[arg(long, value_name = "INTEGER", default_value = "1", allow_hyphen_values = true,
          value_parser = value::integer)]
    pub(crate) max_instances: i64,
    /// Instances that are kept running
    #[arg(long, value_name = "INTEGER", allow_hyphen_values = true,
          value_parser = value::integer)]
    pub(crate) min_instances: Option<i64>,
    /// Artifact Registry repository that stores the image
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "datasette",
        allow_hyphen_values = true
    )]
    pub(crate) artifact_repository: String,
    /// Region or multi-region of the repository
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "us",
        allow_hyphen_values = true
    )]
    pub(crate) artifact_region: String,
    /// Project of the repository; the active project without it
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    artifact_project: Option<String>,
    /// Show this message and exit
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}

impl CloudrunArguments {
    /// The service; an empty one counts as none.
    pub(crate) fn service(&self) -> Option<&str> {
        self.service
            .as_deref()
            .filter(|service| !service.is_empty())
    }

    /// The project of the repository; an empty one counts as none.
    pub(crate) fn artifact_project(&self) -> Option<&str> {
        let project = self.artifact_project.as_deref();
        project.filter(|project| !project.is_empty())
    }
}

/// An amount of memory (PUB-42).
fn memory(text: &str) -> Result<String, String> {
    let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let unit = &text[digits.len()..];
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && ["Gi", "G", "Mi", "M"].contains(&unit) {
        return Ok(text.to_owned());
    }
    Err("--memory should be a number then Gi/G/Mi/M e.g 1Gi".to_owned())
}

fn processors(text: &str) -> Result<String, String> {
    if ["1", "2", "4"].contains(&text) {
        return Ok(text.to_owned());
    }
    Err(format!("'{text}' is not one of '1', '2', '4'."))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: PUB-42
    #[test]
    fn memory_is_a_number_and_a_unit() {
        for good in ["1Gi", "2G", "512Mi", "8M"] {
            assert_eq!(memory(good).as_deref(), Ok(good));
        }
        for bad in ["", "1", "Gi", "1x", "1.5Gi", "1Gi ", "1gi", "-1Gi", "1Gi1"] {
            assert!(memory(bad).is_err(), "{bad}");
        }
    }
}
