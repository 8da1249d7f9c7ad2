//! The built-in HTML pages: template engine, base variables, one context per page.

pub mod about;
pub mod alter_form;
pub mod cell;
pub mod cells;
pub mod context;
pub mod create_form;
pub mod custom_page;
pub mod data;
mod debug;
mod engines;
pub mod environment;
pub mod error;
mod exported;
pub mod filters;
pub mod functions;
mod given;
mod jinja;
pub mod links;
pub mod page;
mod plugin_values;
mod printing;
pub mod request;
pub mod row_tools;
pub mod rows;
pub mod scripting;
mod sources;
pub mod tools;
mod uses;
mod wrapping;

pub use environment::{Page, Templates};
pub use page::{Base, Crumbs};
pub use scripting::{Needs, PageScripts};

/// The variables of one page, for [`page::render`].
pub type Variables = minijinja::value::Value;
