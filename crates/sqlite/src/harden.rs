//! Settings every connection gets before its first statement.

use rusqlite::config::DbConfig;
use rusqlite::ffi;
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
/// The schema stays trusted, as the original has it: with `trusted_schema` off, views that use
/// pragma functions or `snippet()`, `highlight()` and `bm25()` stop working ("unsafe use of"), and
/// a hostile schema gains little here, because no function that reaches outside of SQLite is
/// registered and loading of extensions is off. Double-quoted strings stay allowed for the same
/// reason: published queries rely on them.
pub(crate) fn every_connection(connection: &Connection) -> Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false)?;
    convert_reals_with_15_digits(connection)?;
    for (limit, value) in LIMITS {
        connection.set_limit(limit, value)?;
    }
    Ok(())
}

/// SQL that turns reals into text gives 15 significant digits, as SQLite did before 3.52 and as
/// the SQLite of every original does: `(1.0 / 3) || ''` is `0.333333333333333`.
#[allow(unsafe_code)]
fn convert_reals_with_15_digits(connection: &Connection) -> Result<()> {
    const DIGITS: std::ffi::c_int = 15;
    let nothing_back = std::ptr::null_mut::<std::ffi::c_int>();
    // SAFETY: the handle is open for the time of the call, and the two arguments are those this
    // option is documented to take: an integer and a pointer that may be null.
    let code = unsafe {
        ffi::sqlite3_db_config(
            connection.handle(),
            ffi::SQLITE_DBCONFIG_FP_DIGITS,
            DIGITS,
            nothing_back,
        )
    };
    if code == ffi::SQLITE_OK {
        Ok(())
    } else {
        Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None))
    }
}

/// Applies what holds for reading only, after databases were attached.
pub(crate) fn read_connection(connection: &Connection) -> Result<()> {
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(())
}
