//! Requests made from a schema: every page and format, with every argument.

mod argument;
mod filter;
mod hostile;
mod permission;
mod place;
mod request;
mod row;
mod statement;
mod table;

pub(super) use permission::query as about_access;
pub(super) use request::{Query, query, shape_of};
