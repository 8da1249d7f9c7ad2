//! The only crate that links SQLite: lanes, limits, introspection, functions.
