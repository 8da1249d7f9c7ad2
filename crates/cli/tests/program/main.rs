//! The built binary as its users meet it.
#![allow(clippy::unwrap_used)]

mod asked;
mod databases;
mod exports;
mod folder;
mod lifetime;
mod listings;
mod options;
mod refusals;
mod server;
mod signing_in;
mod tokens;
