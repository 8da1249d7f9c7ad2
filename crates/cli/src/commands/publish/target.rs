//! Where sites can be published, and `datasette publish` itself.

use std::ffi::OsString;

use clap::{ArgMatches, Command, CommandFactory, FromArgMatches};

use super::{cloudrun, dialogue, fly, heroku};
use crate::args::{
    self, CloudrunArguments, FlyArguments, HerokuArguments, SubcommandRequest, publish_help,
};
use crate::commands::Ending;
use crate::failure::Failure;
use crate::output;
use crate::plugin_commands;

use super::program::Program;

/// A place for sites. Those of plugins are made from the same parts.
struct Target {
    /// What comes after `datasette publish`.
    name: &'static str,
    /// Its arguments.
    command: fn() -> Command,
    /// Publishes.
    publish: fn(&ArgMatches) -> Result<Ending, Failure>,
}

/// Every target, in the order of the help (PUB-15, CLI-13).
fn targets() -> Vec<Target> {
    vec![
        Target {
            name: "cloudrun",
            command: CloudrunArguments::command,
            publish: |matches| cloudrun::publish(&read::<CloudrunArguments>(matches)?),
        },
        Target {
            name: "fly",
            command: FlyArguments::command,
            publish: |matches| fly::publish(&read::<FlyArguments>(matches)?),
        },
        Target {
            name: "heroku",
            command: HerokuArguments::command,
            publish: |matches| heroku::publish(&read::<HerokuArguments>(matches)?),
        },
    ]
}

fn read<A: FromArgMatches>(matches: &ArgMatches) -> Result<A, Failure> {
    A::from_arg_matches(matches).map_err(|error| Failure::error(error.to_string()))
}

/// The command with its targets, for help, manuals and completions.
pub(crate) fn command() -> Command {
    let targets = targets();
    let commands = targets.iter().map(|target| (target.command)());
    Command::new("publish")
        .about("Publish SQLite database files to the internet, with an interface and an API")
        .subcommands(commands)
}

/// Publishes where the first word says (PUB-15).
pub(crate) fn publish(words: &[OsString]) -> Result<Ending, Failure> {
    let targets = targets();
    let help = || publish_help(&command(), &plugin_commands::list().publish);
    let is_own = words
        .first()
        .is_some_and(|name| targets.iter().any(|target| target.name == name));
    if let Some(ended) = plugin_commands::publish(words, is_own)? {
        return Ok(ended);
    }
    let Some((name, words)) = words.split_first() else {
        return Err(Failure::help(help()));
    };
    let name = name.to_string_lossy();
    if name == "--help" {
        output::say(&help());
        return Ok(Ending::Code(0));
    }
    let Some(target) = targets.iter().find(|target| target.name == name) else {
        return Err(Failure::usage(
            "publish",
            if name.starts_with('-') {
                format!("No such option '{name}'.")
            } else {
                format!("No such command '{name}'.")
            },
        ));
    };
    let command = format!("publish {name}");
    match args::read_subcommand(&command, (target.command)(), words)? {
        SubcommandRequest::Run(matches) => (target.publish)(&matches),
        SubcommandRequest::Say(text) => {
            output::say(&text);
            Ok(Ending::Code(0))
        }
    }
}

/// Finds the program of a target.
///
/// # Errors
/// It is not installed (PUB-41, PUB-61).
pub(super) fn program(name: &str, place: &str, link: &str) -> Result<Program, Failure> {
    Program::find(name).ok_or_else(|| {
        let news = format!("Publishing to {place} requires {name} to be installed and configured");
        Failure::plain(format!(
            "{}\nFollow the instructions at {link}",
            dialogue::alarming(&news)
        ))
    })
}
