//! `cargo xtask check`: the house rules, run by machine, each saying what to do instead.

mod allow;
mod architecture;
mod arrows;
mod finding;
mod machine_paths;
mod names;
mod opening;
mod panics;
mod printing;
mod promises;
mod rules;
#[cfg(test)]
mod samples;
mod signposts;
mod size;
mod sources;
mod templates;
mod unfinished;
mod whitespace;

pub(crate) use finding::Finding;
pub(crate) use rules::{Arguments, run};
