//! SQL that somebody writes: what it demands, first statements to offer, and storing it.

pub mod demand;
pub mod query_draft;
pub mod sql_template;
