//! A scenario of the comparison, as far as proofs need it: its rows, and whether it is played.

use serde::Deserialize;

/// The keys of a scenario file that matter here; the comparison reads the rest.
#[derive(Debug, Deserialize)]
pub(crate) struct Scenario {
    #[serde(default)]
    pub(crate) rows: Vec<String>,
    #[serde(default, rename = "request")]
    requests: Vec<toml::Table>,
    #[serde(default, rename = "command")]
    commands: Vec<toml::Table>,
    /// Another scenario whose requests are played here too.
    requests_of: Option<String>,
}

impl Scenario {
    /// Reads the text of a scenario file.
    pub(crate) fn parse(text: &str) -> Result<Scenario, toml::de::Error> {
        toml::from_str(text)
    }

    /// Whether any request or command is played. A request with a reason to skip it is not.
    pub(crate) fn is_played(&self) -> bool {
        self.requests_of.is_some()
            || !self.commands.is_empty()
            || self
                .requests
                .iter()
                .any(|request| !request.contains_key("skip"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_of_skipped_requests_is_not_played() {
        let skipped = "[[request]]\nget = \"/\"\nskip = \"needs a clock\"\n";
        assert!(!Scenario::parse(skipped).unwrap().is_played());
        let half = format!("{skipped}[[request]]\nget = \"/a\"\n");
        assert!(Scenario::parse(&half).unwrap().is_played());
        assert!(!Scenario::parse("rows = []").unwrap().is_played());
        let typed = "rows = []\n[[command]]\nrun = \"datasette --version\"";
        assert!(Scenario::parse(typed).unwrap().is_played());
        let borrowed = "rows = []\nrequests_of = \"index/home\"";
        assert!(Scenario::parse(borrowed).unwrap().is_played());
    }
}
