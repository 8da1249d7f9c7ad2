//! What the pages show, and what they keep to themselves.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod configured;
mod database;
mod facets;
mod index;
mod labels;
mod secrets;
mod tables;
