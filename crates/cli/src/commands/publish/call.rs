//! A call of another program, as data.

/// A program and its arguments. No shell reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    /// The name of the program.
    pub(super) program: &'static str,
    /// Its arguments.
    pub(super) arguments: Vec<String>,
    /// What is written to its standard input; `None` leaves it the one of this process.
    pub(super) input: Option<String>,
}

impl Call {
    /// A call with these arguments.
    pub(super) fn new<'a>(
        program: &'static str,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self {
            program,
            arguments: arguments.into_iter().map(str::to_owned).collect(),
            input: None,
        }
    }

    /// The same call with more arguments.
    pub(super) fn with<'a>(mut self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        let more = arguments.into_iter().map(str::to_owned);
        self.arguments.extend(more);
        self
    }

    /// The same call with an option and its value, where there is one.
    pub(super) fn with_option(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with([name, value]),
            None => self,
        }
    }

    /// What is called, in words for messages: the program and its subcommand. Options are left
    /// out, since their values may be secret.
    pub(super) fn title(&self) -> String {
        let words = self.arguments.iter().map(String::as_str);
        let subcommand = words.take_while(|word| !word.starts_with('-') && *word != ".");
        let words: Vec<&str> = std::iter::once(self.program).chain(subcommand).collect();
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_leave_options_out() {
        let call = Call::new("heroku", ["config:set", "-a", "app", "KEY=secret"]);
        assert_eq!(call.title(), "heroku config:set");
        assert_eq!(Call::new("docker", ["build", "."]).title(), "docker build");
    }
}
