//! Installing and removing packages: pip, run inside of the environment that owns the plugins.

mod archive;
mod make;
mod package;
mod pip;
mod probe;
mod ready;
mod record;
mod request;

pub(crate) use package::VERSION;
pub use ready::ready;
pub use request::{InstallRequest, install, uninstall};
