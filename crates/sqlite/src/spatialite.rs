//! SpatiaLite: where its library is, and what it says about itself (EXT-10, EXT-14).

use std::path::{Path, PathBuf};

use datasette_core::Value;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::extensions::{self, Extension};

/// Where the library may be; the first that exists counts.
const LIBRARIES: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu/mod_spatialite.so",
    "/usr/local/lib/mod_spatialite.dylib",
    "/usr/local/lib/mod_spatialite.so",
    "/opt/homebrew/lib/mod_spatialite.dylib",
];

/// Functions without arguments, each of which tells something about the library.
const DETAILS: [&str; 28] = [
    "spatialite_version",
    "spatialite_target_cpu",
    "check_strict_sql_quoting",
    "freexl_version",
    "proj_version",
    "geos_version",
    "rttopo_version",
    "libxml2_version",
    "HasIconv",
    "HasMathSQL",
    "HasGeoCallbacks",
    "HasProj",
    "HasProj6",
    "HasGeos",
    "HasGeosAdvanced",
    "HasGeosTrunk",
    "HasGeosReentrant",
    "HasGeosOnlyReentrant",
    "HasMiniZip",
    "HasRtTopo",
    "HasLibXML2",
    "HasEpsg",
    "HasFreeXL",
    "HasGeoPackage",
    "HasGCP",
    "HasTopology",
    "HasKNN",
    "HasRouting",
];

/// What a function says, or SQLite's words when there is no such function.
pub type Detail = (&'static str, Result<Value, String>);

/// The library on this machine.
pub fn find_spatialite() -> Option<PathBuf> {
    let mut libraries = LIBRARIES.iter().map(Path::new);
    libraries.find(|path| path.exists()).map(Path::to_owned)
}

/// What SpatiaLite says about itself; `None` where none of the extensions is it.
pub fn spatialite_details(extensions: &[Extension]) -> Option<Vec<Detail>> {
    if extensions.is_empty() {
        return None;
    }
    let connection = Connection::open_in_memory().ok()?;
    extensions::load(&connection, extensions).ok()?;
    ask(&connection, DETAILS[0]).ok()?;
    let details = DETAILS.iter().map(|name| {
        let said = ask(&connection, name);
        (*name, said.map_err(|error| words(&error)))
    });
    Some(details.collect())
}

fn ask(connection: &Connection, function: &str) -> rusqlite::Result<Value> {
    connection.query_row(&format!("select {function}()"), [], |row| {
        Ok(match row.get_ref(0)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(bytes) => Value::Blob(bytes.to_owned()),
        })
    })
}

fn words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}
