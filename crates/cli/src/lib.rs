//! The program as a library, for those who build it with plugins of their own: reads the command
//! line, runs the command, and ends as that ended. `docs/guides/plugins.md` shows how it is used.

mod access_log;
mod address;
mod args;
mod assemble;
mod browser;
mod check;
mod closing;
mod commands;
mod database_files;
mod exporting;
mod extensions;
mod failure;
mod file_hash;
mod fresh_file;
mod logging;
mod output;
mod patience;
mod plugin_commands;
mod python_json;
mod python_plugins;
mod python_telling;
mod service_manager;
mod signals;
mod supervisor;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use args::Request;
use commands::Ending;
use datasette_hooks::Plugin;
use failure::Failure;

/// Runs the program that the words of this process describe. `plugins` stand beside those of the
/// server, behind files of the plugins directory: of one hook they are called first, the last of
/// them before all others (PLUG-67).
#[must_use]
pub fn run(plugins: Vec<Arc<dyn Plugin>>) -> ExitCode {
    logging::start();
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let ended = match plugin_commands::run(&words, args::COMMANDS) {
        Ok(None) => obey(words, plugins),
        Ok(Some(ending)) => Ok(ending),
        Err(failure) => Err(failure),
    };
    match ended {
        Ok(Ending::Code(code)) => ExitCode::from(code),
        Ok(Ending::Terminated) => {
            signals::die_terminated();
            ExitCode::from(143)
        }
        Err(failure) => {
            output::fail(&failure.text());
            ExitCode::from(failure.code())
        }
    }
}

/// Runs what the words ask for.
fn obey(words: Vec<OsString>, plugins: Vec<Arc<dyn Plugin>>) -> Result<Ending, Failure> {
    args::read(words).and_then(|request| match request {
        Request::Serve(arguments) => commands::serve(&arguments, plugins),
        Request::CreateToken(arguments) => commands::create_token(&arguments),
        Request::Embedded(folder, arguments) => commands::embedded(&folder, &arguments),
        Request::Inspect(arguments) => commands::inspect(&arguments),
        Request::Install(arguments) => commands::install(&arguments),
        Request::Package(arguments) => commands::package(&arguments),
        Request::Plugins(arguments) => commands::plugins(&arguments, plugins),
        Request::Publish(words) => commands::publish(&words),
        Request::Uninstall(arguments) => commands::uninstall(&arguments),
        Request::Say(text) => {
            output::say(&text);
            Ok(Ending::Code(0))
        }
    })
}
