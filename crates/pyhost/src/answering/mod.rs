//! Answers what Python asks of the server.

mod data;
mod pages;
mod rights;
mod rows;
mod services;
mod site;
mod templates;

pub(crate) use data::actor;
pub(crate) use rows::{Blob, Rows};
pub(crate) use services::{Answered, Services, answered};
