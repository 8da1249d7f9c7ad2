//! The built-in `json` format: values, row shapes and the object around them.

pub mod envelope;
pub mod rows;
pub mod shape;
pub mod writer;

pub use envelope::wrap;
pub use rows::JsonRows;
pub use shape::{JsonOptions, Shape};
