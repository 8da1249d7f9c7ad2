//! HTTP: routes, layers, one handler per page; the only crate that names axum.

mod about_table;
mod actor_cookie;
mod alternate;
pub mod app;
mod builtin;
mod caching;
mod cells;
mod custom_page;
pub mod dispatch;
mod etag;
mod file_body;
mod filters;
mod forgiving;
mod formats;
mod frame;
mod host;
mod http;
pub mod in_process;
mod kept_rows;
mod layer;
pub mod listener;
mod messages;
mod misses;
mod page;
mod plugin_routes;
mod problem;
mod reply;
mod route;
pub mod serve;
mod stream;
mod transformed;
mod visit;
mod wrap;

pub use app::{App, AppParts};
pub use builtin::built_in_plugins;
pub use dispatch::router;
