//! `datasette --help`: what the program is and which commands it has.

use clap::CommandFactory;

use super::create_token::CreateTokenArguments;
use super::plugins::PluginsArguments;
use super::serve::ServeArguments;

/// The text (CLI-01). The star marks the default command.
pub(crate) fn text() -> String {
    let commands = [
        ("serve*", ServeArguments::command()),
        ("create-token", CreateTokenArguments::command()),
        ("plugins", PluginsArguments::command()),
    ];
    let mut text = String::from(
        "Usage: datasette [OPTIONS] COMMAND [ARGS]...\n\n  \
         Explore and publish data in SQLite databases\n\n\
         Options:\n  \
         --version  Show the version and exit\n  \
         --help     Show this message and exit\n\n\
         Commands:\n",
    );
    let width = commands
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or(0);
    for (name, command) in &commands {
        let about = command
            .get_about()
            .map(ToString::to_string)
            .unwrap_or_default();
        text.push_str(&format!("  {name:width$}  {about}\n"));
    }
    text.push_str("\nWithout the name of a command, serve is meant.");
    text
}
