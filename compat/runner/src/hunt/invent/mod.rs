//! Databases made up from a seed, with every kind of table that a server may meet.

mod column;
mod database;
mod names;
mod relation;
mod search;
mod table;
mod value;
mod view;

pub(super) use database::build;
