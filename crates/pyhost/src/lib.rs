//! Plugins written in Python: found without starting Python, and run in a process of their own.

mod discover;

pub use discover::{
    EntryPoint, Environment, Found, InstalledPlugin, OneFilePlugin, Origin, Search, entry_points,
    find_installed, find_one_file,
};
