//! `hunt`: generated requests go to both servers; what differs is shrunk and written as a scenario.

mod access;
mod chain;
mod generate;
mod invent;
mod mistakes;
mod pair;
mod random;
mod run;
mod scenario_file;
mod schema;
mod shrink;
mod ties;

pub(crate) use run::{Wanted, run};
