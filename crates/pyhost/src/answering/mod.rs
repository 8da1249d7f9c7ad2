//! Answers what Python asks of the server.

mod data;
mod databases;
mod embedding;
mod loans;
mod pages;
mod rights;
mod rows;
mod services;
mod site;
mod tasks;
mod templates;

pub(crate) use data::actor;
pub use embedding::EmbeddedSite;
pub(crate) use rows::{Blob, Rows};
pub(crate) use services::{Answered, Services, answered};
