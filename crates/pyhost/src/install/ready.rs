//! An interpreter that can run plugins.

use super::make::make;
use super::package::{self, NAME, VERSION};
use super::request::{bring, no_place};
use crate::discover::{Environment, Search, installed_version};
use crate::process::Interpreter;

/// The interpreter of the environment, with the package that plugins import: the environment's own
/// where that is the one of this program, else this program's, which nothing has to be installed
/// for. Without an environment, where a folder of plugins needs one, the managed one is made.
/// `tell` is told what takes time.
///
/// # Errors
/// A sentence for the user.
pub fn ready(
    environment: Option<Environment>,
    search: &Search,
    tell: &mut dyn FnMut(&str),
) -> Result<Interpreter, String> {
    let environment = match environment {
        Some(environment) => environment,
        None => {
            let made = make(search, tell)?;
            let folder = tempfile::tempdir().map_err(no_place)?;
            match bring(&made.python, folder.path(), tell)? {
                0 => made,
                code => return Err(format!("pip ended with {code}")),
            }
        }
    };
    let installed = installed_version(&environment, NAME);
    let module_folders = match installed.as_deref() {
        Some(VERSION) => Vec::new(),
        _ => vec![package::unpacked().map_err(no_place)?],
    };
    Ok(Interpreter {
        program: environment.python,
        module_folders,
    })
}
