//! Who may read what: no way to read tells what a permission hides.

// Names of sites and paths of tests may break like tests.
#![allow(clippy::unwrap_used)]

mod cells;
mod matrix;
mod model;
mod visitors;
