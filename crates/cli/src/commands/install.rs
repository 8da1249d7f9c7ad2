//! `datasette install` and `datasette uninstall`: pip, where the plugins are.

use datasette_pyhost::Search;

use super::Ending;
use crate::args::{InstallArguments, UninstallArguments};
use crate::failure::Failure;
use crate::output;
use crate::python_plugins::environment;

/// Installs packages; ends as pip does (CLI-186, CLI-187).
pub(crate) fn install(arguments: &InstallArguments) -> Result<Ending, Failure> {
    let request = arguments.request();
    if request.is_empty() {
        let message = "Please specify at least one package to install";
        return Err(Failure::usage("install", message));
    }
    let python = arguments.environment.python();
    let environment = environment("install", python.clone())?;
    let search = Search::of_process(python);
    let code = datasette_pyhost::install(environment, &search, &request, &mut output::tell);
    code.map(Ending::Code).map_err(Failure::error)
}

/// Removes packages; ends as pip does (CLI-188).
pub(crate) fn uninstall(arguments: &UninstallArguments) -> Result<Ending, Failure> {
    let environment = environment("uninstall", arguments.environment.python())?;
    let Some(environment) = environment else {
        return Err(Failure::error(
            "Nothing is installed: there is no Python environment for plugins",
        ));
    };
    let code = datasette_pyhost::uninstall(&environment, &arguments.packages, arguments.yes);
    code.map(Ending::Code).map_err(Failure::error)
}
