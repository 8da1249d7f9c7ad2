//! Facets: what is asked for, and the SQL of results and suggestions.

pub mod array;
pub mod column;
pub mod date;
mod request;
mod scope;
pub mod tally;

pub use request::{FacetKind, FacetRequest};
pub(crate) use request::{check_allowed, requested, size};
pub use scope::{FacetScope, Rows};
