//! The scenarios whose behaviour is not there yet, read from the ledger of differences.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::tree::Tree;

/// Where the ledger is kept.
const PATH: &str = "compat/deviations.toml";

/// The parts of the ledger that matter here; the comparison reads the rest.
#[derive(Deserialize)]
struct Ledger {
    #[serde(default, rename = "deviation")]
    deviations: Vec<Deviation>,
}

#[derive(Deserialize)]
struct Deviation {
    /// A pattern on names of scenarios; without it the entry is about all of them.
    #[serde(default = "anything")]
    scenario: String,
    /// A pattern on labels of requests; without it the entry is about all of a scenario's.
    #[serde(default = "anything")]
    request: String,
    status: String,
}

fn anything() -> String {
    "**".to_owned()
}

/// Patterns of scenarios and requests that lack something.
#[derive(Debug, Default)]
pub(crate) struct Missing {
    patterns: Vec<(String, String)>,
}

impl Missing {
    /// Reads the ledger of a tree. A tree without one misses nothing.
    pub(crate) fn read(tree: &Tree) -> Result<Missing> {
        let Some(file) = tree.text(PATH) else {
            return Ok(Missing::default());
        };
        let ledger: Ledger = toml::from_str(&file.text).context(PATH)?;
        let patterns = ledger
            .deviations
            .into_iter()
            .filter(|deviation| deviation.status == "missing")
            .map(|deviation| (deviation.scenario, deviation.request))
            .collect();
        Ok(Missing { patterns })
    }

    /// Whether an entry says that an answer of this scenario is not there yet.
    pub(crate) fn names(&self, scenario: &str, labels: &[String]) -> bool {
        self.patterns.iter().any(|(name, request)| {
            fits(name.as_bytes(), scenario.as_bytes())
                && labels
                    .iter()
                    .any(|label| fits(request.as_bytes(), label.as_bytes()))
        })
    }
}

/// `*` is anything but a slash, `**` is anything: the patterns of the comparison.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    match pattern {
        [] => name.is_empty(),
        [b'*', b'*', rest @ ..] => (0..=name.len()).any(|cut| fits(rest, &name[cut..])),
        [b'*', rest @ ..] => {
            let longest = name
                .iter()
                .position(|byte| *byte == b'/')
                .unwrap_or(name.len());
            (0..=longest).any(|cut| fits(rest, &name[cut..]))
        }
        [letter, rest @ ..] => name.first() == Some(letter) && fits(rest, &name[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(text: &str) -> Missing {
        Missing::read(&Tree::of(&[(PATH, text)])).unwrap()
    }

    fn names(missing: &Missing, scenario: &str, label: &str) -> bool {
        missing.names(scenario, &[label.to_owned()])
    }

    #[test]
    fn only_what_is_missing_counts() {
        let missing = missing(
            "[[deviation]]\nid = \"a\"\nscenario = \"table/*\"\nstatus = \"missing\"\nat = []\n\n[[deviation]]\nid = \"b\"\nscenario = \"row/plain\"\nstatus = \"deliberate\"\n",
        );
        assert!(names(&missing, "table/sort", "GET /"));
        assert!(!names(&missing, "table/sort/deep", "GET /"));
        assert!(!names(&missing, "row/plain", "GET /"));
    }

    #[test]
    fn an_entry_may_be_about_some_requests_of_all_scenarios() {
        let missing =
            missing("[[deviation]]\nid = \"a\"\nrequest = \"GET /a**\"\nstatus = \"missing\"\n");
        assert!(names(&missing, "table/sort", "GET /a/b.json?x=1"));
        assert!(!names(&missing, "table/sort", "GET /b"));
        assert!(!names(&Missing::default(), "table/sort", "GET /a"));
    }
}
