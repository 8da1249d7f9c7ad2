//! Speed against the original and against the floor, as ratios of one run.
//!
//! Three servers (the original, a bare floor and ours) answer the same requests over the same
//! generated files, in turn, on one machine. See `README.md` for how to run and how to read it.

mod agreement;
mod arguments;
mod client;
mod contestants;
mod data;
mod fingerprint;
mod floor;
mod locations;
mod measurements;
mod report;
mod run;
mod statistics;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Floor(arguments) => floor::serve(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Data => data::generate_all().map(|()| ExitCode::SUCCESS),
    };
    outcome.unwrap_or_else(|error| {
        report::complain(&error.to_string());
        ExitCode::FAILURE
    })
}
