//! Arguments that every way of publishing has: what the site is made of.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};
use serde_json::{Map, Value};

use super::value;

/// The site to publish (PUB-02 to PUB-11).
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct SiteArguments {
    /// JSON or YAML file with metadata to publish; - for standard input
    #[arg(short = 'm', long, value_name = "FILENAME", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().try_map(value::readable))]
    pub(crate) metadata: Option<PathBuf>,
    /// More options for the published server, separated by spaces
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) extra_options: Option<String>,
    /// Publish the Python Datasette of this branch or tag on GitHub instead of this program, e.g.
    /// main
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) branch: Option<String>,
    /// Directory with custom templates
    #[arg(long, value_name = "DIRECTORY", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().try_map(value::directory))]
    pub(crate) template_dir: Option<PathBuf>,
    /// Directory with one-file plugins
    #[arg(long, value_name = "DIRECTORY", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().try_map(value::directory))]
    pub(crate) plugins_dir: Option<PathBuf>,
    /// Serve the files of a directory below /MOUNT/. Repeatable
    #[arg(long = "static", value_name = "MOUNT:DIRECTORY", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().try_map(value::mount))]
    pub(crate) mounts: Vec<(String, PathBuf)>,
    /// Python package to install, a plugin for example. Repeatable
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) install: Vec<String>,
    /// Note to show at /-/versions
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) version_note: Option<String>,
    /// Secret that signs the cookies and tokens of the site; a random one for each run without it
    #[arg(
        long,
        value_name = "TEXT",
        env = "DATASETTE_PUBLISH_SECRET",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    pub(crate) secret: Option<String>,
    /// Metadata: title
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) title: Option<String>,
    /// Metadata: name of the licence
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) license: Option<String>,
    /// Metadata: URL of the licence
    #[arg(long = "license_url", value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) license_url: Option<String>,
    /// Metadata: name of the source
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) source: Option<String>,
    /// Metadata: URL of the source
    #[arg(long = "source_url", value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) source_url: Option<String>,
    /// Metadata: what the data is about
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) about: Option<String>,
    /// Metadata: URL of a page about the data
    #[arg(long = "about_url", value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) about_url: Option<String>,
    /// Linux program of Datasette to publish, where the running one is not one
    #[arg(long, value_name = "FILENAME", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().try_map(value::readable))]
    pub(crate) binary: Option<PathBuf>,
    /// Write the files into this new directory, and call no other program
    #[arg(long, value_name = "DIRECTORY", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().map(PathBuf::from))]
    pub(crate) generate_dir: Option<PathBuf>,
}

/// Secrets of plugins; `package` has none (PUB-08, PUB-30).
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct PluginSecretArguments {
    /// Secret for a plugin, e.g. datasette-auth-github client_id xxx. Repeatable
    #[arg(
        long,
        num_args = 3,
        value_names = ["PLUGIN", "KEY", "VALUE"],
        value_parser = without_single_quote,
        allow_hyphen_values = true
    )]
    plugin_secret: Vec<String>,
}

/// One secret of a plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PluginSecret<'a> {
    /// The plugin.
    pub(crate) plugin: &'a str,
    /// The key of its configuration.
    pub(crate) key: &'a str,
    /// The secret.
    pub(crate) value: &'a str,
}

impl SiteArguments {
    /// The branch; an empty one counts as none.
    pub(crate) fn branch(&self) -> Option<&str> {
        self.branch.as_deref().filter(|branch| !branch.is_empty())
    }

    /// The note; an empty one counts as none.
    pub(crate) fn version_note(&self) -> Option<&str> {
        self.version_note.as_deref().filter(|note| !note.is_empty())
    }

    /// The secret; an empty one counts as none.
    pub(crate) fn secret(&self) -> Option<&str> {
        self.secret.as_deref().filter(|secret| !secret.is_empty())
    }

    /// The metadata that options give, in a fixed order.
    pub(crate) fn description(&self) -> Map<String, Value> {
        let keys = [
            ("title", &self.title),
            ("license", &self.license),
            ("license_url", &self.license_url),
            ("source", &self.source),
            ("source_url", &self.source_url),
            ("about", &self.about),
            ("about_url", &self.about_url),
        ];
        let given = keys.into_iter().filter_map(|(key, value)| {
            let value = value.as_ref()?;
            Some((key.to_owned(), Value::String(value.clone())))
        });
        given.collect()
    }
}

impl PluginSecretArguments {
    /// Each secret in order.
    pub(crate) fn secrets(&self) -> Vec<PluginSecret<'_>> {
        let triples = self.plugin_secret.chunks_exact(3);
        triples
            .map(|triple| PluginSecret {
                plugin: &triple[0],
                key: &triple[1],
                value: &triple[2],
            })
            .collect()
    }
}

fn without_single_quote(text: &str) -> Result<String, String> {
    if text.contains('\'') {
        return Err("--plugin-secret cannot contain single quotes".to_owned());
    }
    Ok(text.to_owned())
}

/// A file to publish.
pub(super) fn database(path: OsString) -> Result<PathBuf, String> {
    let path = value::existing(path)?;
    if path.is_dir() {
        return Err(format!("File '{}' is a directory.", path.display()));
    }
    Ok(path)
}
