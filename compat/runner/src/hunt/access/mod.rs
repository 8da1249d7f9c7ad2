//! Who may do what, made up from a seed: a configuration, stored queries, and visitors.

mod actor;
mod queries;
mod rules;
mod site;

pub(super) use actor::{ACTIONS, actor};
pub(super) use site::{Access, DEBUGGERS};
