//! Facets: what is asked for, and the SQL of results and suggestions.

mod array;
mod column;
mod date;
mod request;
mod scope;

#[cfg(test)]
mod tests;

pub use array::results as array_results;
pub use array::{is_suggested as is_array_suggested, suggest_samples, suggest_types};
pub use column::results as column_results;
pub use column::{is_suggested as is_column_suggested, suggest as suggest_column};
pub use date::results as date_results;
pub use date::suggest as suggest_date;
pub use request::{FacetKind, FacetRequest};
pub(crate) use request::{requested, size};
pub use scope::FacetScope;
