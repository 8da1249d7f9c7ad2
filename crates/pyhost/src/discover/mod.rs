//! Which Python plugins there are: everything here reads files and starts nothing.

mod entry_points;

pub use entry_points::{EntryPoint, entry_points};
