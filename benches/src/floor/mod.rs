//! The floor: what a server costs that does nothing but the work itself.
//!
//! axum, one connection per lane with cached statements, bytes written by hand. No features, no
//! permissions, no settings; but the same JSON and CSV as the original, byte for byte.

mod csv;
mod json;
mod lanes;
mod real;
mod schema;
mod server;
mod writer;

pub(crate) use server::serve;

#[cfg(test)]
mod tests;
