//! Which Python plugins there are: everything here reads files and starts nothing.

mod distribution;
mod entry_points;
mod environment;
mod installed;
mod interpreter;
mod listing;
mod module_home;
mod one_file;
mod path_files;
mod search;
mod site_packages;
mod sources;
#[cfg(test)]
mod tests;

pub use entry_points::{EntryPoint, entry_points};
pub use environment::{Environment, Origin};
pub(crate) use installed::installed_version;
pub use installed::{Found, InstalledPlugin, find_installed};
pub(crate) use interpreter::on_path;
pub use listing::RestingPlugin;
pub use one_file::{OneFilePlugin, find_one_file};
pub use search::Search;
pub use sources::any_mentions;
