//! The words of the domain: names, values, rows, schema, actor, action, fault, clock.
//!
//! Plain data without I/O. Every other crate speaks in these words; this one depends on none.

pub mod access;
pub mod action;
pub mod actor;
pub mod annotation;
pub mod catalogue;
pub mod clock;
pub mod content_security;
pub mod fault;
pub mod given;
pub mod histogram;
pub mod identifier;
pub mod json_text;
pub mod live;
pub mod own_tables;
mod python_bytes;
pub mod python_text;
pub mod query_string;
pub mod real;
pub mod row;
pub mod schema;
pub mod stored_json;
pub mod stored_query;
pub mod tilde;
pub mod truth;
pub mod utc_time;
pub mod value;

pub use action::{Action, Resource};
pub use actor::Actor;
pub use annotation::{ColumnTypeAssignment, MetadataEntry, MetadataScope};
pub use catalogue::{Catalogue, ColumnRef, DatabaseEntry, DatabaseRef, TableRef};
pub use content_security::ContentSecurity;
pub use fault::{Fault, FaultKind};
pub use given::{Given, GivenRow};
pub use query_string::QueryString;
pub use row::{Row, RowBatch, RowSink, SinkClosed};
pub use schema::{Column, DatabaseSchema, Table, TableKind};
pub use stored_query::StoredQuery;
pub use utc_time::UtcTime;
pub use value::{Value, ValueRef};
