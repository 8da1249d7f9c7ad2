//! YAML 1.1 text becomes plain data (CONF-02).

mod build;
mod events;
mod hint;
pub(crate) mod locate;
mod scalar;

pub(crate) use build::parse;
pub(crate) use events::Problem;
