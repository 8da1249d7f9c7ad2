//! From a file's schema to the domain's description of it.

mod assemble;
mod columns;
mod ddl;
mod derivation;
mod fts;
mod hidden;
mod keys;
mod labels;
mod source;

pub(crate) use assemble::database;
pub(crate) use source::describe_tables;
