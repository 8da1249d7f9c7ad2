//! `datasette --help`: what the program is and which commands it has.

use clap::{Command, CommandFactory};
use datasette_engine::VERSION;

use super::create_token::CreateTokenArguments;
use super::inspect::InspectArguments;
use super::install::{InstallArguments, UninstallArguments};
use super::package::PackageArguments;
use super::plugins::PluginsArguments;
use super::serve::ServeArguments;
use super::shell::{CompletionsArguments, ManArguments};
use crate::commands::publish_command;
use crate::plugin_commands::Listed;

/// What the program is for.
const ABOUT: &str = "Explore and publish data in SQLite databases";

/// All commands, the default one first.
pub(crate) fn commands() -> Vec<Command> {
    vec![
        ServeArguments::command(),
        CreateTokenArguments::command(),
        InspectArguments::command(),
        InstallArguments::command(),
        PackageArguments::command(),
        PluginsArguments::command(),
        publish_command(),
        UninstallArguments::command(),
        CompletionsArguments::command(),
        ManArguments::command(),
    ]
}

/// The whole program as one command: its options are those of the default command (CLI-03).
pub(crate) fn tree() -> Command {
    ServeArguments::command()
        .name("datasette")
        .about(ABOUT)
        .version(VERSION)
        .subcommands(commands())
}

/// The name in the list of commands. The star marks the default one.
fn shown(command: &Command) -> String {
    match command.get_name() {
        "serve" => "serve*".to_owned(),
        name => name.to_owned(),
    }
}

/// The text (CLI-01). The star marks the default command.
pub(crate) fn text(of_plugins: &[Listed]) -> String {
    let mut text = String::from(
        "Usage: datasette [OPTIONS] COMMAND [ARGS]...\n\n  \
         Explore and publish data in SQLite databases\n\n\
         Options:\n  \
         --version  Show the version and exit\n  \
         --help     Show this message and exit\n\n",
    );
    text.push_str(&listing(&commands(), of_plugins));
    text.push_str("\nWithout the name of a command, serve is meant.");
    text
}

/// The help of `publish`, whose commands are the targets (PUB-15).
pub(crate) fn of_publish(publish: &Command, of_plugins: &[Listed]) -> String {
    let targets: Vec<Command> = publish.get_subcommands().cloned().collect();
    format!(
        "Usage: datasette publish [OPTIONS] COMMAND [ARGS]...\n\n  {}\n\n\
         Options:\n  --help  Show this message and exit\n\n{}",
        about(publish),
        listing(&targets, of_plugins).trim_end()
    )
}

fn about(command: &Command) -> String {
    let about = command.get_about();
    about.map(ToString::to_string).unwrap_or_default()
}

/// The commands with their lines. A plugin's command takes the place of one of the same name.
fn listing(commands: &[Command], of_plugins: &[Listed]) -> String {
    let is_replaced = |command: &Command| {
        let mut names = of_plugins.iter().map(|listed| &listed.0);
        names.any(|name| name == command.get_name())
    };
    let own = commands.iter().filter(|command| !is_replaced(command));
    let own = own.map(|command| (shown(command), about(command)));
    let others = of_plugins.iter();
    let others = others.map(|listed| (listed.0.clone(), listed.1.clone()));
    let all: Vec<(String, String)> = own.chain(others).collect();
    let width = all.iter().map(|(name, _)| name.len()).max();
    let width = width.unwrap_or(0);
    let mut text = String::from("Commands:\n");
    for (name, about) in all {
        text.push_str(&format!("  {name:width$}  {about}\n"));
    }
    text
}
