//! Arguments that say which Python plugins are meant.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};

use super::value;

/// Which Python environment is meant.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct PythonArguments {
    /// Python whose plugins are used: a program, or the folder of a virtual environment. Without
    /// it the active environment, or the one that `datasette install` made
    #[arg(
        long,
        value_name = "PATH",
        env = "DATASETTE_PYTHON",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    python: Option<OsString>,
}

impl PythonArguments {
    /// The interpreter or environment; an empty path counts as none.
    pub(crate) fn python(&self) -> Option<PathBuf> {
        let given = self.python.as_ref().filter(|path| !path.is_empty());
        given.map(PathBuf::from)
    }
}

/// Which Python plugins are meant.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct PluginArguments {
    /// Directory with plugins: every *.py file directly inside is one
    #[arg(long, value_name = "DIRECTORY", allow_hyphen_values = true,
          value_parser = OsStringValueParser::new().try_map(value::directory))]
    pub(crate) plugins_dir: Option<PathBuf>,
    /// Those that are installed.
    #[command(flatten)]
    pub(crate) environment: PythonArguments,
}
