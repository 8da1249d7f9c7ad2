//! The generated databases: the same bytes of content on every machine.

mod cache;
pub(crate) mod many;
pub(crate) mod million;
mod random;
mod tables;

pub(crate) use cache::{Databases, Generated, generate_all};
