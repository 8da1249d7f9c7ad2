//! Plugins written in Python: found without starting Python, and run in a process of their own.

mod accepting;
mod answering;
mod borrowing;
mod cache;
mod channel;
mod discover;
mod exchange;
mod inside;
mod install;
mod lines;
mod plugin;
mod process;
mod protocol;

pub use answering::EmbeddedSite;
pub use discover::{
    EntryPoint, Environment, Found, InstalledPlugin, OneFilePlugin, Origin, RestingPlugin, Search,
    any_mentions, entry_points, find_installed, find_one_file,
};
pub use install::{InstallRequest, install, ready, uninstall};
pub use plugin::{RunningPlugins, SiteFacts, Start, load};
pub use process::{Interpreter, Parent, ParentSockets, PythonHost, Verdict};
