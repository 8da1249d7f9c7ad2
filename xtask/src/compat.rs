//! `cargo xtask compat`: the comparison with the original, from the debug build.

use std::ffi::OsString;

use anyhow::Result;

use crate::{program, tree};

/// Everything after `compat` goes to the comparison.
#[derive(clap::Args, Debug)]
#[command(disable_help_flag = true)]
pub(crate) struct Arguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<OsString>,
}

/// Builds and runs the comparison.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    program::run(
        program::cargo(&tree::root())
            .args(["run", "--quiet", "--package", "datasette-compat", "--"])
            .args(&arguments.rest),
    )
}
