//! Extensions of SQLite that the operator names: found, and tried before anything is served.

use std::ffi::OsString;

use datasette_sqlite::{Extension, check_extensions, find_spatialite};

use crate::args::extension;
use crate::failure::{Failure, words};

/// Where extensions are named when no option does (CLI-202, CLI-207).
const VARIABLE: &str = "DATASETTE_LOAD_EXTENSION";

/// The word that stands for SpatiaLite's library, wherever it is.
const SPATIALITE: &str = "spatialite";

/// The extensions of the options, else those of the environment, ready to be loaded.
///
/// # Errors
/// One of them cannot be found or loaded (EXT-06, EXT-11).
pub(crate) fn wanted(
    command: &'static str,
    named: &[Extension],
) -> Result<Vec<Extension>, Failure> {
    let mut wanted = named.to_vec();
    if wanted.is_empty() {
        wanted = of_environment(command)?;
    }
    for extension in &mut wanted {
        if extension.path.as_os_str() == SPATIALITE && extension.entry_point.is_none() {
            extension.path = find_spatialite()
                .ok_or_else(|| Failure::error("Could not find SpatiaLite extension"))?;
        }
    }
    check_extensions(&wanted).map_err(|fault| Failure::error(words(&fault)))?;
    Ok(wanted)
}

/// What the variable names, separated by white space; empty counts as unset.
fn of_environment(command: &'static str) -> Result<Vec<Extension>, Failure> {
    let value = std::env::var_os(VARIABLE).unwrap_or_default();
    let text = value.to_string_lossy();
    let named = text.split_whitespace().map(OsString::from);
    named
        .map(|name| {
            extension(name)
                .map_err(|reason| Failure::usage(command, format!("{VARIABLE}: {reason}")))
        })
        .collect()
}
