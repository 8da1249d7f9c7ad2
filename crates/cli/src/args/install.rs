//! The arguments of `install` and `uninstall`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ArgAction, Parser};
use datasette_pyhost::InstallRequest;

use super::python::PythonArguments;
use super::value;

/// Install plugins and other Python packages with pip
#[derive(Debug, Parser)]
#[command(
    name = "install",
    override_usage = "datasette install [OPTIONS] [PACKAGES]...",
    help_template = "{usage-heading} {usage}\n\n  {about}\n\nOptions:\n{options}",
    disable_help_flag = true,
    args_override_self = true
)]
pub(crate) struct InstallArguments {
    /// Packages, as pip understands them
    #[arg(value_name = "PACKAGES", hide = true)]
    packages: Vec<OsString>,
    /// Replace packages that are there by newer versions
    #[arg(short = 'U', long)]
    upgrade: bool,
    /// Install what a file of requirements names
    #[arg(short = 'r', long, value_name = "PATH", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().try_map(value::existing))]
    requirement: Option<PathBuf>,
    /// Install a project in development, which stays where it is
    #[arg(short = 'e', long, value_name = "PATH", allow_hyphen_values = true)]
    editable: Option<OsString>,
    /// Where to.
    #[command(flatten)]
    pub(crate) environment: PythonArguments,
    /// Show this message and exit
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}

impl InstallArguments {
    /// What to install.
    pub(crate) fn request(&self) -> InstallRequest {
        // Empty names are as good as none (CLI-187).
        let given = |text: &OsString| !text.is_empty();
        InstallRequest {
            upgrade: self.upgrade,
            editable: self.editable.clone().filter(given),
            requirement: self.requirement.clone(),
            packages: self.packages.clone(),
        }
    }
}

/// Remove plugins and other Python packages with pip
#[derive(Debug, Parser)]
#[command(
    name = "uninstall",
    override_usage = "datasette uninstall [OPTIONS] PACKAGES...",
    help_template = "{usage-heading} {usage}\n\n  {about}\n\nOptions:\n{options}",
    disable_help_flag = true,
    args_override_self = true
)]
pub(crate) struct UninstallArguments {
    /// Packages
    #[arg(value_name = "PACKAGES", required = true, hide = true)]
    pub(crate) packages: Vec<OsString>,
    /// Do not ask
    #[arg(short = 'y', long)]
    pub(crate) yes: bool,
    /// Where from.
    #[command(flatten)]
    pub(crate) environment: PythonArguments,
    /// Show this message and exit
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}
