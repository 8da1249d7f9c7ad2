//! The generated databases: the same bytes of content on every machine.

mod cache;
pub(crate) mod many;
pub(crate) mod million;
mod random;

pub(crate) use cache::{Databases, generate_all};
