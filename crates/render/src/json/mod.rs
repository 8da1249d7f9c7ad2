//! The built-in `json` format: values, row shapes and the object around them.

pub mod analysis;
pub mod autocomplete;
pub mod database;
pub mod describe;
pub mod envelope;
pub mod query;
pub mod row;
pub mod rows;
pub mod shape;
pub mod stored;
pub mod table;
pub mod trace;
pub mod writer;

pub use envelope::wrap;
pub use rows::JsonRows;
pub use shape::{JsonOptions, Shape};
