//! `cargo xtask bench`: the benchmarks, from the release build; other builds measure nothing.

use std::ffi::OsString;

use anyhow::Result;

use crate::{program, tree};

/// Everything after `bench` goes to the benchmarks.
#[derive(clap::Args, Debug)]
#[command(disable_help_flag = true)]
pub(crate) struct Arguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<OsString>,
}

/// Builds the server and the benchmarks, and runs them.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let root = tree::root();
    program::run(program::cargo(&root).args(["build", "--release", "--package", "datasette"]))?;
    program::run(
        program::cargo(&root)
            .args([
                "run",
                "--release",
                "--quiet",
                "--package",
                "datasette-benches",
                "--",
            ])
            .args(&arguments.rest),
    )
}
