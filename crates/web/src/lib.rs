//! HTTP: routes, layers, one handler per page; the only crate that names axum.

mod about_table;
mod alternate;
pub mod app;
mod caching;
pub mod dispatch;
mod file_body;
mod forgiving;
mod frame;
pub mod in_process;
mod layer;
pub mod listener;
mod misses;
mod page;
mod problem;
mod reply;
pub mod route;
pub mod serve;
mod stream;
mod visit;

pub use app::App;
pub use dispatch::router;
