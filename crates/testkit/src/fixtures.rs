//! A database with one table per thing that a table can be.

/// The statements that make it, the same as for the comparison with the original.
pub const SQL: &str = include_str!("../../../compat/databases/fixtures.sql");
