//! The arguments of `completions` and `man`: what shells and manuals are told about the commands.

use clap::{ArgAction, Command, Parser};
use clap_complete::Shell;

use super::overview;

/// Print a script that completes commands and options in a shell
#[derive(Debug, Parser)]
#[command(
    name = "completions",
    override_usage = "datasette completions [OPTIONS] SHELL",
    help_template = "{usage-heading} {usage}\n\n  {about}\n\nArguments:\n{positionals}\n\nOptions:\n{options}",
    disable_help_flag = true,
    args_override_self = true
)]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
    /// Show this message and exit
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}

impl CompletionsArguments {
    /// The script, without a newline at its end.
    pub(crate) fn script(&self) -> String {
        let mut script = Vec::new();
        let mut command = overview::tree();
        clap_complete::generate(self.shell, &mut command, "datasette", &mut script);
        text_of(&script)
    }
}

/// Print a manual page
#[derive(Debug, Parser)]
#[command(
    name = "man",
    override_usage = "datasette man [OPTIONS] [COMMAND]",
    help_template = "{usage-heading} {usage}\n\n  {about}\n\nArguments:\n{positionals}\n\nOptions:\n{options}",
    disable_help_flag = true,
    args_override_self = true
)]
pub(crate) struct ManArguments {
    /// The command that it is about; without one, the whole program
    #[arg(value_name = "COMMAND", value_parser = known)]
    command: Option<Command>,
    /// Show this message and exit
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}

impl ManArguments {
    /// The page, in roff, without a newline at its end.
    pub(crate) fn page(&self) -> String {
        let (command, title) = match &self.command {
            Some(command) => {
                let name = command.get_name();
                let called = command.clone().bin_name(format!("datasette {name}"));
                (called, format!("datasette-{name}"))
            }
            None => (overview::tree(), "datasette".to_owned()),
        };
        let mut page = Vec::new();
        // Writing to memory cannot fail.
        let _ = clap_mangen::Man::new(command)
            .title(title)
            .render(&mut page);
        text_of(&page)
    }
}

/// The command of that name.
fn known(name: &str) -> Result<Command, String> {
    let found = overview::commands()
        .into_iter()
        .find(|command| command.get_name() == name);
    found.ok_or_else(|| format!("'{name}' is not a command."))
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end().to_owned()
}
