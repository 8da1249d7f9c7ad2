//! Is it the same as the original? Scenarios, goldens, live comparison, hunt.
//!
//! Black-box: it starts binaries and speaks HTTP to them, and shares no code with the product.
//! `compat/README.md` says how it is used.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")
)]

mod answer;
mod args;
mod binaries;
mod client;
mod command;
mod compare;
mod databases;
mod facts;
mod fixture;
mod golden;
mod hunt;
mod json_text;
mod judge;
mod layout;
mod ledger;
mod live;
mod normalise;
mod pattern;
mod play;
mod process;
mod published;
mod record;
mod replay;
mod report;
mod scenario;
mod site;
mod variables;
mod verdict;
mod visitor;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::args::{Arguments, Command};
use crate::judge::LedgerEdits;
use crate::layout::Layout;

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            report::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<bool> {
    let layout = Layout::new(arguments.root);
    match arguments.command {
        Command::Record { selection, once } => {
            record::run(&layout, &selection, once).map(|()| true)
        }
        Command::Replay {
            selection,
            write_missing,
            drop_stale,
        } => replay::run(
            &layout,
            &selection,
            LedgerEdits {
                write_missing,
                drop_stale,
            },
        ),
        Command::Plugins { only, environment } => {
            published::run(&layout, &published::Wanted { only, environment })
        }
        Command::Live { selection } => live::run(&layout, &selection),
        Command::Hunt {
            requests,
            seed,
            schemas,
            visitors,
            stop_after,
            keep,
            database,
            ports,
        } => {
            let wanted = hunt::Wanted {
                requests,
                seed,
                visitors,
                schemas,
                stop_after,
                keep,
                files: database,
                ports,
            };
            hunt::run(&layout, &wanted)
        }
    }
}
