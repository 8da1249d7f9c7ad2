//! What is wrong with a command line, in the words that scripts know (CLI-07, CLI-08, CLI-11).

use std::error::Error;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use crate::failure::Failure;

/// The refusal for an error of the parser.
pub(crate) fn explain(name: &str, command: &Command, error: &clap::Error) -> Failure {
    Failure::usage(name, message(command, error))
}

fn message(command: &Command, error: &clap::Error) -> String {
    let shown = text(error, ContextKind::InvalidArg).unwrap_or_default();
    let option = command
        .get_arguments()
        .find(|argument| argument.to_string() == shown);
    match (error.kind(), option) {
        (ErrorKind::UnknownArgument, _) if !shown.starts_with('-') => {
            format!("Got unexpected extra argument ({shown})")
        }
        (ErrorKind::UnknownArgument, _) => match text(error, ContextKind::SuggestedArg) {
            Some(meant) => format!("No such option '{shown}'. Did you mean '{meant}'?"),
            None => format!("No such option '{shown}'."),
        },
        (ErrorKind::InvalidValue, Some(option)) if option.is_positional() => {
            let value = text(error, ContextKind::InvalidValue).unwrap_or_default();
            let name = names(option);
            let valid = match error.get(ContextKind::ValidValue) {
                Some(ContextValue::Strings(valid)) => valid.join("', '"),
                _ => String::new(),
            };
            format!("Invalid value for {name}: '{value}' is not one of '{valid}'.")
        }
        (ErrorKind::InvalidValue, Some(option)) => match wanted(option) {
            1 => format!("Option '{}' requires an argument.", long(option)),
            number => format!("Option '{}' requires {number} arguments.", long(option)),
        },
        (ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues, Some(option)) => {
            format!(
                "Option '{}' requires {} arguments.",
                long(option),
                wanted(option)
            )
        }
        (ErrorKind::TooManyValues, Some(option)) => {
            format!("Option '{}' does not take a value.", long(option))
        }
        (ErrorKind::ValueValidation, Some(option)) => {
            let reason = error.source().map(ToString::to_string).unwrap_or_default();
            invalid(option, &reason)
        }
        (ErrorKind::MissingRequiredArgument, _) => {
            // The parser names it as it is written in the usage, with its value.
            let missing = command.get_arguments().find(|argument| {
                let written = argument.to_string();
                shown == written || shown.starts_with(&format!("{written} "))
            });
            match missing {
                Some(argument) if argument.is_positional() => {
                    format!("Missing argument {}.", names(argument))
                }
                Some(argument) => format!("Missing option {}.", names(argument)),
                None => format!("Missing argument '{shown}'."),
            }
        }
        _ => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            first.trim_start_matches("error: ").to_owned()
        }
    }
}

/// That the value of an option cannot be meant, and why (CLI-08).
fn invalid(option: &Arg, reason: &str) -> String {
    format!("Invalid value for {}: {reason}", names(option))
}

/// The names of an option, or of an argument.
fn names(option: &Arg) -> String {
    match option.get_short() {
        _ if option.is_positional() => {
            let name = option.to_string();
            let required = name.trim_start_matches('<').replace('>', "");
            format!("'{required}'")
        }
        Some(short) => format!("'-{short}' / '{}'", long(option)),
        None => format!("'{}'", long(option)),
    }
}

/// [`invalid`] for the option `--setting`, whose values are checked after parsing.
pub(crate) fn invalid_setting(reason: &str) -> Failure {
    Failure::usage(
        "serve",
        format!("Invalid value for '-s' / '--setting': {reason}"),
    )
}

fn wanted(option: &Arg) -> usize {
    option.get_num_args().map_or(1, |range| range.min_values())
}

fn long(option: &Arg) -> String {
    match option.get_long() {
        Some(long) => format!("--{long}"),
        None => option.to_string(),
    }
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => texts.first().cloned(),
        _ => None,
    }
}
