//! The arguments of `create-token`.

use clap::{ArgAction, Parser};
use datasette_hooks::TokenRestrictions;

use super::python::PluginArguments;
use super::value;
use crate::failure::Failure;

/// Make a signed API token for the actor of that id
#[derive(Debug, Parser)]
#[command(
    name = "create-token",
    override_usage = "datasette create-token [OPTIONS] ID",
    help_template = "{usage-heading} {usage}\n\n  {about}\n\nOptions:\n{options}",
    disable_help_flag = true,
    args_override_self = true
)]
pub(crate) struct CreateTokenArguments {
    /// Id of the actor; checked by hand, after the options
    #[arg(value_name = "ID", hide = true)]
    words: Vec<String>,
    /// Secret that signs the token: that of the server
    #[arg(
        long,
        value_name = "TEXT",
        env = "DATASETTE_SECRET",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    secret: Option<String>,
    /// Seconds until the token expires; never without it
    #[arg(short = 'e', long, value_name = "INTEGER", allow_hyphen_values = true,
          value_parser = value::integer)]
    pub(crate) expires_after: Option<i64>,
    /// Let the token do this everywhere. Repeatable
    #[arg(short = 'a', long, value_name = "ACTION", allow_hyphen_values = true)]
    all: Vec<String>,
    /// Let the token do this in this database. Repeatable
    #[arg(
        short = 'd',
        long,
        value_names = ["DB", "ACTION"],
        num_args = 2,
        action = ArgAction::Append,
        allow_hyphen_values = true
    )]
    database: Vec<String>,
    /// Let the token do this to this table, view or stored query of this database. Repeatable
    #[arg(
        short = 'r',
        long,
        value_names = ["DB", "RESOURCE", "ACTION"],
        num_args = 3,
        action = ArgAction::Append,
        allow_hyphen_values = true
    )]
    resource: Vec<String>,
    /// Show what the token says
    #[arg(long)]
    pub(crate) debug: bool,
    /// Plugins whose actions are known.
    #[command(flatten)]
    pub(crate) plugins: PluginArguments,
    /// Show this message and exit
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}

impl CreateTokenArguments {
    /// The id of the actor and the secret.
    ///
    /// # Errors
    /// One of them is missing, or there is a word too many (CLI-191, CLI-192).
    pub(crate) fn required(&self) -> Result<(&str, &str), Failure> {
        let refuse = |message: String| Err(Failure::usage("create-token", message));
        let Some(id) = self.words.first() else {
            return refuse("Missing argument 'ID'.".to_owned());
        };
        // What an empty secret signs would be worth nothing.
        let Some(secret) = self.secret.as_deref().filter(|secret| !secret.is_empty()) else {
            return refuse("Missing option '--secret'.".to_owned());
        };
        match &self.words[1..] {
            [] => Ok((id, secret)),
            [extra] => refuse(format!("Got unexpected extra argument ({extra})")),
            extra => refuse(format!(
                "Got unexpected extra arguments ({})",
                extra.join(" ")
            )),
        }
    }

    /// What the token is limited to (CLI-194).
    pub(crate) fn restrictions(&self) -> TokenRestrictions {
        let mut restrictions = TokenRestrictions {
            all: self.all.clone(),
            ..TokenRestrictions::default()
        };
        for pair in self.database.chunks_exact(2) {
            let actions = restrictions.database.entry(pair[0].clone()).or_default();
            actions.push(pair[1].clone());
        }
        for triple in self.resource.chunks_exact(3) {
            let resources = restrictions.resource.entry(triple[0].clone()).or_default();
            let actions = resources.entry(triple[1].clone()).or_default();
            actions.push(triple[2].clone());
        }
        restrictions
    }

    /// The actions that options name: first those for everywhere, then those of databases, then
    /// those of resources, each in the order of the options.
    pub(crate) fn actions(&self) -> impl Iterator<Item = &str> {
        let databases = self.database.chunks_exact(2).map(|pair| &pair[1]);
        let resources = self.resource.chunks_exact(3).map(|triple| &triple[2]);
        let all = self.all.iter().chain(databases).chain(resources);
        all.map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    fn read(words: &[&str]) -> CreateTokenArguments {
        let words: Vec<OsString> = std::iter::once("create-token")
            .chain(words.iter().copied())
            .map(OsString::from)
            .collect();
        CreateTokenArguments::try_parse_from(words).expect("arguments")
    }

    // Proves: CLI-194
    #[test]
    fn options_repeat_and_keep_their_order() {
        let read = read(&[
            "-r",
            "b",
            "t",
            "two",
            "-a",
            "one",
            "-d",
            "x",
            "three",
            "--database",
            "x",
            "four",
            "--all=five",
            "-r",
            "b",
            "t",
            "six",
            "-r",
            "b",
            "u",
            "-seven",
            "ann",
            "--secret",
            "s",
        ]);
        assert_eq!(read.required(), Ok(("ann", "s")));
        assert_eq!(
            serde_json::to_string(&read.restrictions()).expect("JSON"),
            r#"{"a":["one","five"],"d":{"x":["three","four"]},"r":{"b":{"t":["two","six"],"u":["-seven"]}}}"#
        );
        let actions: Vec<&str> = read.actions().collect();
        assert_eq!(
            actions,
            ["one", "five", "three", "four", "two", "six", "-seven"]
        );
    }

    // Proves: CLI-191, CLI-192
    #[test]
    fn what_is_missing_is_told_before_what_is_too_much() {
        let told = |words: &[&str], error: &str| {
            let read = read(words);
            let text = read.required().expect_err("a refusal").text();
            assert!(text.ends_with(&format!("\n\nError: {error}")), "{text}");
        };
        told(&["--secret", "s"], "Missing argument 'ID'.");
        let extra = "Got unexpected extra argument (b)";
        told(&["a", "b", "--secret", "s"], extra);
        let extras = "Got unexpected extra arguments (b c)";
        told(&["a", "b", "c", "--secret", "s"], extras);
        told(&["a", "--secret", ""], "Missing option '--secret'.");
    }
}
