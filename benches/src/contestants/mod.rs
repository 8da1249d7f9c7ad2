//! Who is measured, how each is started, and how much memory it takes.

mod contestant;
mod memory_use;
mod original;
mod server;
mod shell;

pub(crate) use contestant::{Contestant, Contestants};
pub(crate) use memory_use::MemoryUse;
pub(crate) use server::Server;
