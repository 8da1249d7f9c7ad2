//! Rules of plugins as SQL over the internal database, and the compiled engine proven equal to one
//! statement in SQL.

// Plugins of tests may break like tests.
#![allow(clippy::unwrap_used)]

mod agreement;
mod fragments;
mod says;
mod statement;
mod world;

/// The cascade as the contract words it, by which the engine's own tests judge too.
#[path = "../../../permissions/src/cascade/naive.rs"]
mod naive;

/// What the engine's own tests make up.
#[path = "../../../permissions/src/gate/tests/invent.rs"]
mod invent;
