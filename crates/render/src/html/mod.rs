//! The built-in HTML pages: template engine, base variables, one context per page.

pub mod cell;
pub mod cells;
pub mod context;
pub mod environment;
pub mod filters;
pub mod links;
pub mod page;
pub mod request;
pub mod rows;

pub use environment::Templates;
pub use page::{Base, Crumbs};
