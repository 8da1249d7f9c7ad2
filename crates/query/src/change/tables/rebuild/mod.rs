//! Making a table anew: the statement it has, read, and the one it is to have.

mod definition;
mod definition_parser;
mod index_text;
mod kept_constraints;
mod rebuild_plan;

pub use rebuild_plan::{Rebuild, plan_rebuild};
