//! The built-in HTML pages: template engine, base variables, one context per page.

pub mod about;
pub mod cell;
pub mod cells;
pub mod context;
pub mod data;
pub mod environment;
pub mod error;
pub mod filters;
pub mod links;
pub mod page;
pub mod request;
pub mod rows;

pub use environment::Templates;
pub use page::{Base, Crumbs};

/// The variables of one page, for [`page::render`].
pub type Variables = minijinja::value::Value;
