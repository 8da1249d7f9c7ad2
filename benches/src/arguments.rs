//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::contestants::Contestant;
use crate::measurements::Work;

/// Speed against the original and against the floor.
#[derive(Debug, Parser)]
#[command(name = "datasette-benches")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Measure all contestants in turn and print the table of goals.
    Run(RunArguments),
    /// Serve database files with the floor server until killed.
    Floor(FloorArguments),
    /// Only generate the databases.
    Data,
}

/// Options of `run`.
#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// Kinds of work to measure, separated by commas; all of them if not given.
    #[arg(long, value_delimiter = ',', value_name = "WORK")]
    pub(crate) only: Vec<Work>,
    /// Times each contestant takes its turn (CSV at most three times).
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: u32,
    /// Length of one measurement under load, in seconds.
    #[arg(long, default_value_t = 3.0, value_parser = positive_seconds)]
    pub(crate) seconds: f64,
    /// Keep-alive connections, each with one request under way.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) connections: u16,
    /// Contestants to measure.
    #[arg(long, value_delimiter = ',', default_value = "original,floor,ours")]
    pub(crate) against: Vec<Contestant>,
    /// Port the contestants listen on, one after the other.
    #[arg(long, default_value_t = 8200)]
    pub(crate) port: u16,
    /// Also write the results to this file as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// Options of `floor`.
#[derive(Debug, Args)]
pub(crate) struct FloorArguments {
    /// Port on 127.0.0.1.
    #[arg(long)]
    pub(crate) port: u16,
    /// Threads that own a connection; the number of processors if not given.
    #[arg(long)]
    pub(crate) lanes: Option<usize>,
    /// Database files, each served under its file stem.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
}

fn positive_seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 3600.0 => Ok(seconds),
        _ => Err("expected a number of seconds above 0 and up to 3600".to_owned()),
    }
}
