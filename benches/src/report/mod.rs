//! What the measurements say: goals, tables, JSON.

mod document;
mod goal;
mod grid;
mod line;
mod machine;
mod results;
mod screen;

pub(crate) use document::document;
pub(crate) use line::LineKey;
pub(crate) use machine::Machine;
pub(crate) use results::{Failure, Results, Sample};
pub(crate) use screen::{complain, progress, summary};
