//! Functions, collations, limits and extensions for a connection in other hands.

use datasette_core::live::{Definition, LiveError};
use rusqlite::limits::Limit;
use rusqlite::{Connection, ffi};

use super::errors;
use crate::preparation::{self, Preparation};

/// Defines something, or takes it back.
pub(super) fn define(connection: &Connection, definition: Definition) -> Result<(), LiveError> {
    let done = match prepared(definition)? {
        Wanted::There(preparation) => {
            preparation::prepare(connection, std::slice::from_ref(&preparation))
        }
        Wanted::FunctionGone(name, arity) => connection.remove_function(&*name, arity),
        Wanted::CollationGone(name) => connection.remove_collation(&*name),
    };
    done.map_err(errors::of_driver)
}

enum Wanted {
    There(Preparation),
    FunctionGone(String, i32),
    CollationGone(String),
}

/// SQLite's own bound is 1000; 127 in what every build has, and 255 is what this room counts with.
fn arity(given: i32) -> Result<Option<u8>, LiveError> {
    match given {
        -1 => Ok(None),
        _ => u8::try_from(given)
            .map(Some)
            .map_err(|_| LiveError::misuse("Error creating function")),
    }
}

fn prepared(definition: Definition) -> Result<Wanted, LiveError> {
    Ok(match definition {
        Definition::Function {
            name,
            arity: count,
            deterministic,
            function,
        } => match function {
            Some(function) => Wanted::There(Preparation::Function {
                name,
                arity: arity(count)?,
                deterministic,
                function,
            }),
            None => Wanted::FunctionGone(name, count),
        },
        Definition::Aggregate {
            name,
            arity: count,
            window,
            start,
        } => match start {
            Some(start) => Wanted::There(Preparation::Aggregate {
                name,
                arity: arity(count)?,
                window,
                start,
            }),
            None => Wanted::FunctionGone(name, count),
        },
        Definition::Collation { name, order } => match order {
            Some(order) => Wanted::There(Preparation::Collation { name, order }),
            None => Wanted::CollationGone(name),
        },
    })
}

/// Sets a limit and answers the former.
pub(super) fn limit(connection: &Connection, category: i32, new: i32) -> Result<i32, LiveError> {
    const ALL: [Limit; 12] = [
        Limit::SQLITE_LIMIT_LENGTH,
        Limit::SQLITE_LIMIT_SQL_LENGTH,
        Limit::SQLITE_LIMIT_COLUMN,
        Limit::SQLITE_LIMIT_EXPR_DEPTH,
        Limit::SQLITE_LIMIT_COMPOUND_SELECT,
        Limit::SQLITE_LIMIT_VDBE_OP,
        Limit::SQLITE_LIMIT_FUNCTION_ARG,
        Limit::SQLITE_LIMIT_ATTACHED,
        Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH,
        Limit::SQLITE_LIMIT_VARIABLE_NUMBER,
        Limit::SQLITE_LIMIT_TRIGGER_DEPTH,
        Limit::SQLITE_LIMIT_WORKER_THREADS,
    ];
    let index = usize::try_from(category).ok();
    let limit = index.and_then(|index| ALL.get(index).copied());
    let limit = limit.ok_or_else(|| LiveError::misuse("'category' is out of bounds"))?;
    let former = if new < 0 {
        connection.limit(limit)
    } else {
        connection.set_limit(limit, new)
    };
    former.map_err(errors::of_driver)
}

/// Allows or forbids loading extensions.
#[allow(unsafe_code)]
pub(super) fn allow_extensions(connection: &Connection, allowed: bool) -> Result<(), LiveError> {
    let done = if allowed {
        // SAFETY: whoever borrowed the connection is code that the owner of the site installed; on
        // a connection of its own it could load what it likes.
        unsafe { connection.load_extension_enable() }
    } else {
        connection.load_extension_disable()
    };
    done.map_err(errors::of_driver)
}

/// Loads an extension.
#[allow(unsafe_code)]
pub(super) fn load_extension(
    connection: &Connection,
    path: &str,
    entry_point: Option<&str>,
) -> Result<(), LiveError> {
    // SAFETY: as above; without permission SQLite refuses.
    unsafe { connection.load_extension(path, entry_point) }.map_err(errors::of_driver)
}

const _: () = assert!(ffi::SQLITE_LIMIT_WORKER_THREADS == 11);
