//! The reference of the command line, from the help of the built binary and all its commands.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::program;

/// Asks the binary for the help of a command; without words, for its own.
pub(crate) fn help(binary: &Path, words: &[&str]) -> Result<String> {
    // An environment of our own, so that the document does not depend on anybody's terminal or
    // variables.
    program::output_of(
        Command::new(binary)
            .args(words)
            .arg("--help")
            .env_clear()
            .env("COLUMNS", "80"),
    )
}

/// The whole document. `help` returns what a command says about itself.
pub(crate) fn reference(help: impl Fn(&[&str]) -> Result<String>) -> Result<String> {
    let mut text = String::from(
        "# Command line\n\nWritten by `cargo xtask gen` from `datasette --help` and the help of every command.\n",
    );
    add(&mut text, &[], &help)?;
    Ok(text)
}

fn add(text: &mut String, words: &[&str], help: &impl Fn(&[&str]) -> Result<String>) -> Result<()> {
    let said = help(words)?;
    let name = ["datasette"]
        .iter()
        .chain(words)
        .copied()
        .collect::<Vec<_>>()
        .join(" ");
    if said.trim().is_empty() {
        bail!("`{name} --help` says nothing");
    }
    let body: Vec<&str> = said.trim_end().lines().map(str::trim_end).collect();
    text.push_str(&format!(
        "\n## {name}\n\n```text\n{}\n```\n",
        body.join("\n")
    ));
    for command in commands_in(&said) {
        let mut longer = words.to_vec();
        longer.push(command);
        add(text, &longer, help)?;
    }
    Ok(())
}

/// The names below the heading `Commands:`; the default command carries a star.
fn commands_in(help: &str) -> Vec<&str> {
    help.lines()
        .skip_while(|line| line.trim() != "Commands:")
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with(' '))
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .map(|name| name.trim_end_matches('*'))
        .filter(|name| *name != "help")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELP: &str = "Usage: datasette [OPTIONS] COMMAND\n\nOptions:\n  --help  Show this\n\nCommands:\n  serve*   Serve files\n           on a port\n  publish  Publish\n";

    fn sample(words: &[&str]) -> Result<String> {
        Ok(match words {
            [] => HELP.to_owned(),
            ["publish"] => "Usage: publish\n\nCommands:\n  heroku  To Heroku\n".to_owned(),
            ["silent"] => String::new(),
            _ => format!("Usage: {}   \n", words.join(" ")),
        })
    }

    #[test]
    fn commands_are_read_from_the_help() {
        assert_eq!(commands_in(HELP), ["serve", "publish"]);
        assert!(commands_in("Usage: x\n\nOptions:\n  --help  y\n").is_empty());
    }

    #[test]
    fn every_command_has_its_part_at_any_depth() {
        let text = reference(sample).unwrap();
        for heading in [
            "## datasette\n",
            "## datasette serve\n",
            "## datasette publish heroku\n",
        ] {
            assert!(text.contains(heading), "{heading}");
        }
        assert!(!text.lines().any(|line| line.ends_with(' ')));
    }

    #[test]
    fn silence_is_an_error() {
        assert!(reference(|_| Ok(String::new())).is_err());
        assert!(reference(|_| bail!("broken")).is_err());
    }
}
