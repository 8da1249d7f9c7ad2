//! Which command is meant. Without the name of one it is `serve` (CLI-02, CLI-03).

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgMatches, Command, Parser};
use datasette_engine::VERSION;

use super::create_token::CreateTokenArguments;
use super::inspect::InspectArguments;
use super::install::{InstallArguments, UninstallArguments};
use super::overview;
use super::package::PackageArguments;
use super::plugins::PluginsArguments;
use super::refusal;
use super::serve::ServeArguments;
use super::shell::{CompletionsArguments, ManArguments};
use crate::failure::Failure;
use crate::plugin_commands;

/// The names of the commands of this program.
pub(crate) const COMMANDS: &[&str] = &[
    "serve",
    "create-token",
    "inspect",
    "install",
    "package",
    "plugins",
    "publish",
    "uninstall",
    "completions",
    "man",
];

/// The first word of a process that serves the one that started it; the next is a folder.
const EMBEDDED: &str = "--embedded-in";

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Request {
    /// Serve, or answer one request.
    Serve(Box<ServeArguments>),
    /// Make an API token.
    CreateToken(CreateTokenArguments),
    /// Serve the process that started this one, over sockets in that folder.
    Embedded(PathBuf, Box<ServeArguments>),
    /// Hash files and count their rows.
    Inspect(InspectArguments),
    /// Install Python packages.
    Install(InstallArguments),
    /// Build a container image.
    Package(Box<PackageArguments>),
    /// List plugins.
    Plugins(PluginsArguments),
    /// Publish where the first of these words says.
    Publish(Vec<OsString>),
    /// Remove Python packages.
    Uninstall(UninstallArguments),
    /// Say something and end: help or the version.
    Say(String),
}

/// Reads the words after the program's name.
///
/// # Errors
/// The words cannot be meant (exit code 2).
pub(crate) fn read(words: Vec<OsString>) -> Result<Request, Failure> {
    if let Some(text) = about_the_program(&words) {
        return Ok(Request::Say(text));
    }
    // Not for people: the Python package starts sites with it.
    if let [first, folder, words @ ..] = words.as_slice()
        && first == EMBEDDED
    {
        return parse::<ServeArguments>("serve", words, |arguments| {
            Request::Embedded(PathBuf::from(folder), Box::new(arguments))
        });
    }
    let (command, words) = match words.first().and_then(|first| first.to_str()) {
        Some("serve") => ("serve", &words[1..]),
        Some("create-token") => ("create-token", &words[1..]),
        Some("inspect") => ("inspect", &words[1..]),
        Some("install") => ("install", &words[1..]),
        Some("package") => ("package", &words[1..]),
        Some("plugins") => ("plugins", &words[1..]),
        Some("publish") => return Ok(Request::Publish(words[1..].to_vec())),
        Some("uninstall") => ("uninstall", &words[1..]),
        Some("completions") => ("completions", &words[1..]),
        Some("man") => ("man", &words[1..]),
        _ => ("serve", words.as_slice()),
    };
    match command {
        "create-token" => parse::<CreateTokenArguments>(command, words, Request::CreateToken),
        "inspect" => parse::<InspectArguments>(command, words, Request::Inspect),
        "install" => parse::<InstallArguments>(command, words, Request::Install),
        "package" => parse::<PackageArguments>(command, words, |arguments| {
            Request::Package(Box::new(arguments))
        }),
        "plugins" => parse::<PluginsArguments>(command, words, Request::Plugins),
        "uninstall" => parse::<UninstallArguments>(command, words, Request::Uninstall),
        "completions" => parse::<CompletionsArguments>(command, words, |arguments| {
            Request::Say(arguments.script())
        }),
        "man" => parse::<ManArguments>(command, words, |arguments| Request::Say(arguments.page())),
        _ => parse::<ServeArguments>(command, words, |arguments| {
            Request::Serve(Box::new(arguments))
        }),
    }
}

/// `--help` and `--version` among the options before the first other word are about the program
/// itself (CLI-01, CLI-05).
fn about_the_program(words: &[OsString]) -> Option<String> {
    let leading = words.iter().map_while(|word| {
        let word = word.to_str()?;
        (word.starts_with('-') && word != "-" && word != "--").then_some(word)
    });
    leading.into_iter().find_map(|word| match word {
        "--help" => Some(overview::text(&plugin_commands::list().commands)),
        "--version" => Some(format!("datasette, version {VERSION}")),
        _ => None,
    })
}

fn parse<A: Parser>(
    name: &str,
    words: &[OsString],
    request: impl FnOnce(A) -> Request,
) -> Result<Request, Failure> {
    match read_subcommand(name, A::command(), words)? {
        SubcommandRequest::Run(matches) => match A::from_arg_matches(&matches) {
            Ok(arguments) => Ok(request(arguments)),
            Err(error) => Err(refusal::explain(name, &A::command(), &error)),
        },
        SubcommandRequest::Say(text) => Ok(Request::Say(text)),
    }
}

/// What the words after the name of a command ask for.
#[derive(Debug)]
pub(crate) enum SubcommandRequest {
    /// That it runs, with these arguments.
    Run(ArgMatches),
    /// Its help.
    Say(String),
}

/// Reads the words after the name of a command.
///
/// # Errors
/// The words cannot be meant (exit code 2).
pub(crate) fn read_subcommand(
    name: &str,
    mut command: Command,
    words: &[OsString],
) -> Result<SubcommandRequest, Failure> {
    let program = OsString::from(format!("datasette {name}"));
    let words = std::iter::once(program).chain(words.iter().cloned());
    match command.try_get_matches_from_mut(words) {
        Ok(matches) => Ok(SubcommandRequest::Run(matches)),
        Err(error) if error.kind() == clap::error::ErrorKind::DisplayHelp => Ok(
            SubcommandRequest::Say(error.to_string().trim_end().to_owned()),
        ),
        Err(error) => Err(refusal::explain(name, &command, &error)),
    }
}

#[cfg(test)]
mod tests;
