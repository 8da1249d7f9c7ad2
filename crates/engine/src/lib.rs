//! Use cases: permit and question become a page; no HTTP, no HTML.

pub mod about;
pub mod ask;
pub mod counts;
pub mod defaults;
pub mod extras;
pub mod find;
pub mod instance;
pub mod labels;
pub mod page;
mod page_sink;
pub mod read;
mod start;

pub use instance::Instance;
pub use start::{Attach, Parts, VERSION, built_in_plugins};
