//! Plugins written in Python: found without starting Python, and run in a process of their own.

mod discover;

pub use discover::{EntryPoint, entry_points};
