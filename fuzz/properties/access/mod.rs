//! What must hold for any bytes that claim to say who asks, and for any words on who may.

mod allow_block;
mod unsign;

pub(crate) use allow_block::{allow_block, allow_texts};
pub(crate) use unsign::unsign;
