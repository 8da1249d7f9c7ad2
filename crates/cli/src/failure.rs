//! Why the program ends without success: words, form and exit code.

use datasette_core::{Fault, FaultKind};

/// How a failure is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// The command line is at fault: its usage is shown (exit code 2).
    Usage(String),
    /// A command is missing: the message is the help (exit code 2).
    Help,
    /// The message is all there is to say (exit code 1).
    Plain,
    /// Anything else before the server runs (exit code 1).
    Error,
    /// The socket could not be bound (exit code 3).
    Bind,
}

/// A failure, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    form: Form,
    message: String,
}

impl Failure {
    /// The command line cannot be meant. `command` is the name of the subcommand.
    pub(crate) fn usage(command: &str, message: impl Into<String>) -> Self {
        Self {
            form: Form::Usage(command.to_owned()),
            message: message.into(),
        }
    }

    /// Something that was named cannot be used.
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self {
            form: Form::Error,
            message: message.into(),
        }
    }

    /// A command was left out where one is needed; `help` names them (PUB-15).
    pub(crate) fn help(help: impl Into<String>) -> Self {
        Self {
            form: Form::Help,
            message: help.into(),
        }
    }

    /// Words that are shown as they are.
    pub(crate) fn plain(message: impl Into<String>) -> Self {
        Self {
            form: Form::Plain,
            message: message.into(),
        }
    }

    /// The user does not want to go on.
    pub(crate) fn aborted() -> Self {
        Self::plain("Aborted!")
    }

    /// The socket could not be bound (CLI-128).
    pub(crate) fn bind(message: impl Into<String>) -> Self {
        Self {
            form: Form::Bind,
            message: message.into(),
        }
    }

    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        match self.form {
            Form::Usage(_) | Form::Help => 2,
            Form::Error | Form::Plain => 1,
            Form::Bind => 3,
        }
    }

    /// The text for the standard error stream, without a newline at its end.
    pub(crate) fn text(&self) -> String {
        let message = &self.message;
        match &self.form {
            Form::Help | Form::Plain => message.clone(),
            Form::Usage(command) => format!(
                "Usage: datasette {}\nTry 'datasette {command} --help' for help.\n\nError: {message}",
                usage_of(command)
            ),
            Form::Error => format!("Error: {message}"),
            Form::Bind => format!("ERROR:    {message}"),
        }
    }
}

/// How a command is called.
pub(crate) fn usage_of(command: &str) -> String {
    let arguments = match command {
        "create-token" => " ID",
        "serve" | "inspect" => " [FILES]...",
        "install" => " [PACKAGES]...",
        "package" => " FILES...",
        "uninstall" => " PACKAGES...",
        "publish" => " COMMAND [ARGS]...",
        "completions" => " SHELL",
        "man" => " [COMMAND]",
        target if target.starts_with("publish ") => " [FILES]...",
        _ => "",
    };
    format!("{command} [OPTIONS]{arguments}")
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::error(words(&fault))
    }
}

/// What the operator reads. Unlike a visitor, the operator may know the cause of our own failure.
pub(crate) fn words(fault: &Fault) -> String {
    match fault.cause() {
        Some(cause) if is_unspoken(fault) => cause.to_string(),
        _ => fault.message(),
    }
}

/// Whether the message only says that something failed.
fn is_unspoken(fault: &Fault) -> bool {
    fault.kind() == FaultKind::Internal && fault.message() == Fault::internal("").message()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: CLI-60, CLI-64, CLI-128
    #[test]
    fn each_form_has_its_code_and_shape() {
        let usage = Failure::usage("serve", "No such option '--x'.");
        assert_eq!(usage.code(), 2);
        assert_eq!(
            usage.text(),
            "Usage: datasette serve [OPTIONS] [FILES]...\n\
             Try 'datasette serve --help' for help.\n\nError: No such option '--x'."
        );
        let error = Failure::error("no");
        assert_eq!((error.code(), error.text().as_str()), (1, "Error: no"));
        let bind = Failure::bind("in use");
        assert_eq!((bind.code(), bind.text().as_str()), (3, "ERROR:    in use"));
    }

    #[test]
    fn the_operator_reads_the_cause_of_our_own_failures() {
        assert_eq!(words(&Fault::internal("disk I/O error")), "disk I/O error");
        let spoken = Fault::new(FaultKind::Internal, "file is not a database").caused_by("code 26");
        assert_eq!(words(&spoken), "file is not a database");
        assert_eq!(
            words(&Fault::bad_request("Invalid setting")),
            "Invalid setting"
        );
    }
}
