//! The test world: sites without sockets, fixtures, hostile names; a dev-dependency only.

mod answer;
mod build;
pub mod fixtures;
pub mod hostile;
mod site;

pub use answer::Answer;
pub use build::SiteBuilder;
pub use site::TestSite;
