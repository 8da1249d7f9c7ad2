//! Settings every connection gets before its first statement.

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, Result};

/// Upper bounds on what one statement may ask of SQLite. `LENGTH` also bounds the memory that a
/// function such as `zeroblob` can claim, and with it the size of a value that can be read.
const LIMITS: [(Limit, i32); 8] = [
    (Limit::SQLITE_LIMIT_LENGTH, 128 * 1024 * 1024),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 4 * 1024 * 1024),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 1_000),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 500),
    (Limit::SQLITE_LIMIT_VDBE_OP, 25_000_000),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 5_000),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 100),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

/// Applies what holds for reading and writing alike.
///
/// The schema stays trusted, as the original has it: with `trusted_schema` off, ordinary views
/// that use pragma functions, search snippets or functions of plugins stop working, and a hostile
/// schema gains nothing here, because no function that reaches outside of SQLite is registered
/// and loading of extensions is off. Double-quoted strings stay allowed for the same reason:
/// published queries rely on them.
pub(crate) fn every_connection(connection: &Connection) -> Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false)?;
    for (limit, value) in LIMITS {
        connection.set_limit(limit, value)?;
    }
    Ok(())
}

/// Applies what holds for reading only, after databases were attached.
pub(crate) fn read_connection(connection: &Connection) -> Result<()> {
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(())
}
