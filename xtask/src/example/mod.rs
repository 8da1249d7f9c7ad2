//! The example database, made from the readable files below `examples/elements`.

mod build;
mod rows;
#[cfg(test)]
mod tests;

pub(crate) use build::{Example, build_if_stale};
