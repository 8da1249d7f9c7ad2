//! Which command is meant. Without the name of one it is `serve` (CLI-02, CLI-03).

use std::ffi::OsString;

use clap::Parser;
use datasette_engine::VERSION;

use super::create_token::CreateTokenArguments;
use super::inspect::InspectArguments;
use super::overview;
use super::plugins::PluginsArguments;
use super::refusal;
use super::serve::ServeArguments;
use super::shell::{CompletionsArguments, ManArguments};
use crate::failure::Failure;

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Request {
    /// Serve, or answer one request.
    Serve(Box<ServeArguments>),
    /// Make an API token.
    CreateToken(CreateTokenArguments),
    /// Hash files and count their rows.
    Inspect(InspectArguments),
    /// List plugins.
    Plugins(PluginsArguments),
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
    let (command, words) = match words.first().and_then(|first| first.to_str()) {
        Some("serve") => ("serve", &words[1..]),
        Some("create-token") => ("create-token", &words[1..]),
        Some("inspect") => ("inspect", &words[1..]),
        Some("plugins") => ("plugins", &words[1..]),
        Some("completions") => ("completions", &words[1..]),
        Some("man") => ("man", &words[1..]),
        _ => ("serve", words.as_slice()),
    };
    match command {
        "create-token" => parse::<CreateTokenArguments>(command, words, Request::CreateToken),
        "inspect" => parse::<InspectArguments>(command, words, Request::Inspect),
        "plugins" => parse::<PluginsArguments>(command, words, Request::Plugins),
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
        "--help" => Some(overview::text()),
        "--version" => Some(format!("datasette, version {VERSION}")),
        _ => None,
    })
}

fn parse<A: Parser>(
    name: &'static str,
    words: &[OsString],
    request: impl FnOnce(A) -> Request,
) -> Result<Request, Failure> {
    let mut command = A::command();
    let program = OsString::from(format!("datasette {name}"));
    let words = std::iter::once(program).chain(words.iter().cloned());
    let parsed = command
        .try_get_matches_from_mut(words)
        .and_then(|matches| A::from_arg_matches(&matches));
    match parsed {
        Ok(arguments) => Ok(request(arguments)),
        Err(error) if error.kind() == clap::error::ErrorKind::DisplayHelp => {
            Ok(Request::Say(error.to_string().trim_end().to_owned()))
        }
        Err(error) => Err(refusal::explain(name, &command, &error)),
    }
}

#[cfg(test)]
mod tests;
