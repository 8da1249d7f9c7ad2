//! A scenario of the comparison, as far as proofs need it: its rows and its requests.

use std::collections::BTreeMap;

use serde::Deserialize;

const METHODS: [&str; 7] = ["get", "head", "post", "put", "patch", "delete", "options"];

/// The keys of a scenario file that matter here; the comparison reads the rest.
#[derive(Debug, Deserialize)]
pub(crate) struct Scenario {
    #[serde(default)]
    pub(crate) rows: Vec<String>,
    #[serde(default, rename = "request")]
    requests: Vec<toml::Table>,
}

impl Scenario {
    /// Reads the text of a scenario file.
    pub(crate) fn parse(text: &str) -> Result<Scenario, toml::de::Error> {
        toml::from_str(text)
    }

    /// Whether any request is played. One with a reason to skip it is not.
    pub(crate) fn is_played(&self) -> bool {
        self.requests
            .iter()
            .any(|request| !request.contains_key("skip"))
    }

    /// One label per request, the way the ledger names them: `GET /path`, and ` #2` and so on
    /// where a line repeats.
    pub(crate) fn labels(&self) -> Vec<String> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        self.requests
            .iter()
            .map(|request| {
                let line = line_of(request);
                let count = seen.entry(line.clone()).or_insert(0);
                *count += 1;
                match *count {
                    1 => line,
                    n => format!("{line} #{n}"),
                }
            })
            .collect()
    }
}

fn line_of(request: &toml::Table) -> String {
    for method in METHODS {
        if let Some(path) = request.get(method).and_then(toml::Value::as_str) {
            return format!("{} {path}", method.to_uppercase());
        }
    }
    let words = request.get("method").and_then(toml::Value::as_array);
    words
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_named_as_in_the_ledger() {
        let text = "rows = []\n[[request]]\nget = \"/\"\n[[request]]\nget = \"/\"\n[[request]]\nmethod = [\"PURGE\", \"/x\"]\n";
        let scenario = Scenario::parse(text).unwrap();
        assert_eq!(scenario.labels(), ["GET /", "GET / #2", "PURGE /x"]);
    }

    #[test]
    fn a_scenario_of_skipped_requests_is_not_played() {
        let skipped = "[[request]]\nget = \"/\"\nskip = \"needs a clock\"\n";
        assert!(!Scenario::parse(skipped).unwrap().is_played());
        let half = format!("{skipped}[[request]]\nget = \"/a\"\n");
        assert!(Scenario::parse(&half).unwrap().is_played());
        assert!(!Scenario::parse("rows = []").unwrap().is_played());
    }
}
