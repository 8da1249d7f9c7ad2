//! Who may read what: no way to read tells what a permission hides.

// Names of sites and paths of tests may break like tests.
#![allow(clippy::unwrap_used)]

mod alike;
mod canary;
mod cells;
mod chance;
mod lists;
mod matrix;
mod model;
mod names;
mod same;
mod told;
mod visitors;
