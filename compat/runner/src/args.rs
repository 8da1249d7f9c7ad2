//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::process::Ports;

/// Is it the same as the original?
#[derive(Debug, Parser)]
#[command(name = "datasette-compat")]
pub(crate) struct Arguments {
    /// The `compat` folder.
    #[arg(long, global = true, value_name = "FOLDER")]
    pub(crate) root: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play every scenario against the original and write goldens
    Record {
        #[command(flatten)]
        selection: Selection,
        /// Do not play a second time to see whether the answers are stable
        #[arg(long)]
        once: bool,
    },
    /// Play every scenario against our binary and compare with the goldens
    Replay {
        #[command(flatten)]
        selection: Selection,
        /// Append unlisted differences to the ledger with status `missing`
        #[arg(long)]
        write_missing: bool,
        /// Take `missing` entries that no longer differ out of the ledger
        #[arg(long)]
        drop_stale: bool,
    },
    /// See whether published plugins work, each on a site of its own
    Plugins {
        /// Parts of names of cases; all cases if none is given
        only: Vec<String>,
        /// The environment that `datasette install` filled; without it the original is played,
        /// with the plugins of its own environment
        #[arg(long, value_name = "FOLDER")]
        environment: Option<PathBuf>,
    },
    /// Play against both, side by side, and compare the databases afterwards
    Live {
        #[command(flatten)]
        selection: Selection,
    },
    /// Generate requests, send them to both, and shrink what differs
    Hunt {
        /// How many requests to generate
        #[arg(long, default_value_t = 1000)]
        requests: usize,
        /// The same seed generates the same requests
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How many visitors to make up from the seed, with rules that tell them apart
        #[arg(long, default_value_t = 0)]
        visitors: usize,
        /// Stop after this many different answers
        #[arg(long, default_value_t = 20)]
        stop_after: usize,
        /// How many databases to make up from the seed
        #[arg(long, default_value_t = 0)]
        schemas: usize,
        /// Write the databases there and leave them, to look at what was found
        #[arg(long, value_name = "FOLDER")]
        keep: Option<PathBuf>,
        /// Database files, or SQL files that make some, to serve and to read the schema from
        #[arg(long, num_args = 1.., value_name = "FILE")]
        database: Vec<PathBuf>,
        /// Ports that may be used; without it the system chooses
        #[arg(long, value_name = "FIRST-LAST")]
        ports: Option<Ports>,
    },
}

/// Which scenarios, and how they are shown.
#[derive(Debug, Clone, Args)]
pub(crate) struct Selection {
    /// Parts of scenario names; all scenarios if none is given
    pub(crate) only: Vec<String>,
    /// Ports that may be used; without it the system chooses
    #[arg(long, value_name = "FIRST-LAST")]
    pub(crate) ports: Option<Ports>,
    /// The Python that runs plugins of ours; without it, that of the tests of the Python package
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) python: Option<PathBuf>,
    /// How many failed requests to show
    #[arg(long, default_value_t = 40)]
    pub(crate) failures: usize,
}
