//! Use cases: permit and question become a page; no HTTP, no HTML.

pub mod about;
pub mod access_map;
pub mod ask;
pub mod background;
pub mod borrowing;
mod builtin;
pub mod column_types;
pub mod counts;
pub mod decision;
pub mod declared;
pub mod defaults;
pub mod extras;
pub mod find;
pub mod findings;
pub mod instance;
pub mod labelled_tables;
pub mod labels;
mod magic;
pub mod page;
mod page_sink;
mod plugins;
mod preparations;
pub mod read;
mod rule_sql;
pub mod services;
pub mod shown_config;
mod start;
mod state;
pub mod trace;
pub mod workings;
pub mod write;

pub use instance::Instance;
pub use plugins::Plugins;
pub use start::{Attach, Parts, VERSION};
pub use state::State;
