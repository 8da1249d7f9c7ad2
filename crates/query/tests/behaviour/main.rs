//! What questions become, and what SQLite makes of it.

// A test that cannot unwrap has failed.
#![allow(clippy::unwrap_used)]

mod site;

mod autocomplete;
mod bound_values;
mod columns;
mod conditions;
mod facets;
mod filter_model;
mod filters;
mod only_row;
mod paging;
mod paging_model;
mod rows;
mod search;
mod sizes;
mod sorting;
mod steady;
mod through;
