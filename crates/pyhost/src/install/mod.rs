//! Installing and removing packages: pip, run inside of the environment that owns the plugins.

mod make;
mod package;
mod pip;
mod probe;
mod request;

pub use request::{InstallRequest, install, uninstall};
