//! Commands that installed Python plugins add (HOOK-57 to HOOK-60): found without Python where that
//! can be known, and run by it.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use datasette_pyhost::any_mentions;
use serde::Deserialize;

use crate::commands::Ending;
use crate::failure::Failure;
use crate::output;
use crate::python_plugins::{PythonPlugins, interpreter};
use crate::python_telling::told;

/// The hooks that add commands.
const COMMANDS: &str = "register_commands";
const TARGETS: &str = "publish_subcommand";

/// What runs in Python. `-c` puts the working folder first, where anything may lie.
const PROGRAM: &str = "import sys
if sys.path[0] == '':
    del sys.path[0]
from datasette.cli import run_for_program
run_for_program()";

/// The program that Python starts for what is none of its commands.
const OWN_PROGRAM: &str = "DATASETTE_BINARY";

/// A command of a plugin, with its line in the help.
#[derive(Debug, Deserialize)]
pub(crate) struct Listed(pub(crate) String, pub(crate) String);

/// All of them.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct OfPlugins {
    /// Those of `datasette`.
    pub(crate) commands: Vec<Listed>,
    /// Those of `datasette publish`.
    pub(crate) publish: Vec<Listed>,
}

/// The environment with its installed plugins: commands of the folder of plugins come too late
/// (PLUG-22).
fn installed() -> Result<PythonPlugins, Failure> {
    let python = std::env::var_os("DATASETTE_PYTHON").filter(|path| !path.is_empty());
    PythonPlugins::find("serve", python.map(Into::into), None)
}

fn mentioned(plugins: &PythonPlugins, words: &[&[&str]]) -> bool {
    let environment = plugins.environment.as_ref();
    environment.is_some_and(|environment| any_mentions(environment, &plugins.installed, words))
}

/// Runs the command of a plugin that the words name; `None` where they can name none.
///
/// # Errors
/// Python does not start.
pub(crate) fn run(words: &[OsString], own: &[&str]) -> Result<Option<Ending>, Failure> {
    let Some(name) = words.first().and_then(|word| word.to_str()) else {
        return Ok(None);
    };
    if own.contains(&name) || !may_be_name(name) {
        return Ok(None);
    }
    run_named(COMMANDS, name, Path::new(name).exists(), words)
}

/// Runs the target of a plugin that the words after `publish` name; `None` where they can name none.
///
/// # Errors
/// Python does not start.
pub(crate) fn publish(words: &[OsString], is_own: bool) -> Result<Option<Ending>, Failure> {
    let Some(name) = words.first().and_then(|word| word.to_str()) else {
        return Ok(None);
    };
    if !may_be_name(name) {
        return Ok(None);
    }
    let all: Vec<OsString> = std::iter::once("publish".into())
        .chain(words.iter().cloned())
        .collect();
    // A plugin's target of the same name is the one that its users mean.
    run_named(TARGETS, name, is_own, &all)
}

fn run_named(
    hook: &str,
    name: &str,
    has_other_meaning: bool,
    words: &[OsString],
) -> Result<Option<Ending>, Failure> {
    let plugins = installed()?;
    let function = name.replace('-', "_");
    let hooks: &[&str] = &[hook];
    let names: &[&str] = &[name, &function];
    // Where the word means something else, too, it is a command only if a plugin knows it.
    let is_asked = match has_other_meaning {
        true => mentioned(&plugins, &[hooks, names]),
        false => mentioned(&plugins, &[hooks]),
    };
    if !is_asked {
        return Ok(None);
    }
    let mut command = python(plugins, "run".as_ref())?;
    command.args(words);
    replace(command).map(Some)
}

/// Whether a word looks like the name of a command. Files have dots and slashes.
fn may_be_name(word: &str) -> bool {
    let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
    !word.starts_with('-') && !word.is_empty() && word.chars().all(plain)
}

/// The commands of all plugins. Python is started only where a plugin may have some.
pub(crate) fn list() -> OfPlugins {
    match try_list() {
        Ok(found) => found,
        Err(failure) => {
            output::warn(&format!(
                "commands of plugins are missing: {}",
                failure.text()
            ));
            OfPlugins::default()
        }
    }
}

fn try_list() -> Result<OfPlugins, Failure> {
    let plugins = installed()?;
    if !mentioned(&plugins, &[&[COMMANDS, TARGETS]]) {
        return Ok(OfPlugins::default());
    }
    told(|answer| {
        let mut command = python(plugins, "list".as_ref())?;
        command.arg(answer);
        Ok(command)
    })
}

fn python(plugins: PythonPlugins, what: &OsStr) -> Result<Command, Failure> {
    let interpreter = interpreter(plugins.environment)?;
    let mut command = interpreter.command();
    command.args(["-c", PROGRAM]).arg(what);
    if let Ok(program) = std::env::current_exe() {
        command.env(OWN_PROGRAM, program);
    }
    Ok(command)
}

/// Python in place of this process, so that terminals, signals and exit codes are its own.
#[cfg(unix)]
fn replace(mut command: Command) -> Result<Ending, Failure> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(Failure::error(format!("Python cannot be started: {error}")))
}

#[cfg(not(unix))]
fn replace(mut command: Command) -> Result<Ending, Failure> {
    let status = command
        .status()
        .map_err(|error| Failure::error(format!("Python cannot be started: {error}")))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(Ending::Code(code.unwrap_or(1)))
}
