//! Column filters: `{column}__{lookup}={value}`.
//!
//! A new lookup takes two lines: write it into the family file where it belongs (`compare`,
//! `text`, `set`, `json`, `date`, `null`), then name it in `registry.rs` at its place in the menu.

mod compare;
mod date;
mod json;
pub mod lookup;
mod null;
mod registry;
mod request;
mod set;
mod text;

pub use request::Filter;
pub(crate) use request::{is_filter, parse};
