//! The binary: reads the command line, runs the command, and exits as it ended.

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

use args::Request;
use commands::Ending;
use failure::Failure;

/// Bodies are filled on a lane's thread and freed on another; the system's allocator makes that
/// expensive.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    logging::start();
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let ended = match plugin_commands::run(&words, args::COMMANDS) {
        Ok(None) => run(words),
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
fn run(words: Vec<OsString>) -> Result<Ending, Failure> {
    args::read(words).and_then(|request| match request {
        Request::Serve(arguments) => commands::serve(&arguments),
        Request::CreateToken(arguments) => commands::create_token(&arguments),
        Request::Inspect(arguments) => commands::inspect(&arguments),
        Request::Install(arguments) => commands::install(&arguments),
        Request::Package(arguments) => commands::package(&arguments),
        Request::Plugins(arguments) => commands::plugins(&arguments),
        Request::Publish(words) => commands::publish(&words),
        Request::Uninstall(arguments) => commands::uninstall(&arguments),
        Request::Say(text) => {
            output::say(&text);
            Ok(Ending::Code(0))
        }
    })
}
