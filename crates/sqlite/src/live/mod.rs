//! A lane's connection in other hands.

mod blobs;
mod borrowed;
mod definitions;
mod errors;
mod statements;

pub use borrowed::Borrowed;
pub(crate) use borrowed::{Circumstances, own};
