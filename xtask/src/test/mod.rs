//! `cargo xtask test`: a list of named steps, run in order, timed and summed up.

mod browser;
mod debian;
mod plugins;
mod proxies;
mod python;
mod run;
mod steps;
mod tool;

pub(crate) use run::{Arguments, run};
