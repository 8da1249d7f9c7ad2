//! The plugins of the Python process as plugins of the server.

pub(crate) mod callbacks;
mod called;
mod column_type;
mod connection;
mod declared;
mod earlier;
mod facet;
mod known;
mod life;
mod listed;
mod load;
mod magic;
mod query;
mod renderer;
mod response;
mod segment;
mod start;
mod template;
mod token;
mod view;
mod wrapper;

pub(crate) use called::Place;
pub(crate) use declared::Declared;
pub use load::{RunningPlugins, load};
pub use start::{SiteFacts, Start};
