//! Explore and publish SQLite data: one binary.
fn main() {}
