//! `cargo xtask demo`: the release build serves the example database on this machine.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use crate::example::{self, Example};
use crate::workspace::Workspace;
use crate::{program, tree};

/// What can be asked of `demo`.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Build the server and the database, and stop.
    #[arg(long)]
    build_only: bool,
    /// The port to serve on.
    #[arg(short, long, default_value_t = 8001)]
    port: u16,
    /// More arguments for `datasette serve`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<OsString>,
}

/// Builds what is missing, then serves until it is stopped.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let root = tree::root();
    program::run(program::cargo(&root).args(["build", "--release", "--package", "datasette"]))?;
    let example = Example::of(&root);
    let verdict = match example::build_if_stale(&example)? {
        true => "built",
        false => "is fresh",
    };
    println!("{verdict}: {}", example.database.display());
    if arguments.build_only {
        return Ok(());
    }
    println!("serving at http://localhost:{}", arguments.port);
    program::run(
        Command::new(Workspace::read(&root)?.release_binary("datasette"))
            .arg("serve")
            .arg(&example.database)
            .arg("--config")
            .arg(example.config())
            .arg("--metadata")
            .arg(example.metadata())
            .arg("--port")
            .arg(arguments.port.to_string())
            .args(&arguments.rest),
    )
}
