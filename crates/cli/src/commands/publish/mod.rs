//! `datasette publish` and `datasette package`: a site becomes files, and programs are called with
//! them.
//!
//! Everything up to the files and the calls is made from the arguments alone; only
//! `folder.rs`, `program.rs` and `dialogue.rs` touch the world, and one file per target says in
//! which order.

mod binary;
mod call;
mod cloudrun;
mod cloudrun_calls;
mod context;
mod dialogue;
mod dockerfile;
mod elf;
mod fly;
mod fly_calls;
mod fly_toml;
mod folder;
mod heroku;
mod metadata;
mod package;
mod procfile;
mod program;
mod quote;
mod secrets;
mod server_words;
mod site;
mod target;

pub(crate) use package::package;
pub(crate) use target::{command, publish};
