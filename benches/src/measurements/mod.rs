//! What is measured.

mod access;
mod cold_start;
mod export;
mod memory;
mod plugins;
mod setting;
mod size;
mod tables;
mod throughput;
mod work;
mod writes;

pub(crate) use setting::Setting;
pub(crate) use work::{Work, measure};
