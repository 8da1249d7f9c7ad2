//! What must hold for any bytes that a visitor sends.

mod parameters;
mod plan;
mod tables;
mod tilde;
mod token;

pub(crate) use parameters::parameters;
pub(crate) use plan::plan;
pub(crate) use tilde::tilde;
pub(crate) use token::token;
