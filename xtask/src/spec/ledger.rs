//! The scenarios whose behaviour is not there yet, read from the ledger of differences.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::tree::Tree;

/// Where the ledger is kept.
const PATH: &str = "compat/deviations.toml";
/// Where the recorded answers lie, a file per scenario.
const GOLDENS: &str = "compat/goldens";

/// The parts of the ledger that matter here; the comparison reads the rest.
#[derive(Deserialize)]
struct Ledger {
    #[serde(default, rename = "deviation")]
    deviations: Vec<Deviation>,
}

/// A difference. Scenario, request and places are patterns.
#[derive(Debug, Deserialize)]
struct Deviation {
    #[serde(default = "anything")]
    scenario: String,
    #[serde(default = "anything")]
    request: String,
    at: Vec<String>,
    /// Text that only the original has; the entry is about nothing else.
    lacks: Option<String>,
    status: String,
}

fn anything() -> String {
    "**".to_owned()
}

/// The differences that are there because something is not.
#[derive(Debug, Default)]
pub(crate) struct Missing {
    deviations: Vec<Deviation>,
}

impl Missing {
    /// Reads the ledger of a tree. A tree without one misses nothing.
    pub(crate) fn read(tree: &Tree) -> Result<Missing> {
        let Some(file) = tree.text(PATH) else {
            return Ok(Missing::default());
        };
        let mut ledger: Ledger = toml::from_str(&file.text).context(PATH)?;
        ledger
            .deviations
            .retain(|deviation| deviation.status == "missing");
        Ok(Missing {
            deviations: ledger.deviations,
        })
    }

    /// Whether an answer of this scenario is not there yet. Where an entry is about any scenario,
    /// it concerns those whose recorded answers have the place it names, and there the text that
    /// ours lacks.
    pub(crate) fn concerns(&self, tree: &Tree, scenario: &str) -> bool {
        let mut in_scope = self
            .deviations
            .iter()
            .filter(|deviation| fits(&deviation.scenario, scenario))
            .peekable();
        if in_scope.peek().is_none() {
            return false;
        }
        let golden = tree
            .text(&format!("{GOLDENS}/{scenario}.json"))
            .and_then(|file| serde_json::from_str::<Value>(&file.text).ok());
        // Without a recorded answer nothing speaks against the entry.
        golden.is_none_or(|golden| in_scope.any(|deviation| deviation.touches(&golden)))
    }
}

impl Deviation {
    fn touches(&self, golden: &Value) -> bool {
        let answers = golden["answers"].as_array().into_iter().flatten();
        answers
            .filter(|answer| {
                fits(
                    &self.request,
                    answer["request"].as_str().unwrap_or_default(),
                )
            })
            .any(|answer| {
                let mut places = self.at.iter();
                places.any(|place| {
                    let found = answer.pointer(fixed_part(place));
                    found.is_some_and(|found| self.is_about(found))
                })
            })
    }

    fn is_about(&self, found: &Value) -> bool {
        match &self.lacks {
            None => true,
            Some(pattern) => has_text(found, pattern),
        }
    }
}

/// Whether a text in this value fits.
fn has_text(value: &Value, pattern: &str) -> bool {
    match value {
        Value::String(text) => fits(pattern, text),
        Value::Array(items) => items.iter().any(|item| has_text(item, pattern)),
        Value::Object(members) => members.values().any(|member| has_text(member, pattern)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// What stands before the first star of a place, up to a whole step: `/json` of `/json/rows*`.
fn fixed_part(place: &str) -> &str {
    match place.split_once('*') {
        None => place,
        Some((fixed, _)) => fixed.rsplit_once('/').map_or("", |(steps, _)| steps),
    }
}

/// `*` is anything but a slash, `**` is anything: the patterns of the comparison.
fn fits(pattern: &str, text: &str) -> bool {
    bytes_fit(pattern.as_bytes(), text.as_bytes())
}

fn bytes_fit(pattern: &[u8], text: &[u8]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', b'*', rest @ ..] => (0..=text.len()).any(|cut| bytes_fit(rest, &text[cut..])),
        [b'*', rest @ ..] => {
            let longest = text
                .iter()
                .position(|byte| *byte == b'/')
                .unwrap_or(text.len());
            (0..=longest).any(|cut| bytes_fit(rest, &text[cut..]))
        }
        [letter, rest @ ..] => text.first() == Some(letter) && bytes_fit(rest, &text[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOLDEN: (&str, &str) = (
        "compat/goldens/table/sort.json",
        r#"{"answers": [{"request": "GET /a/b.json?x=1", "json": {"rows": []}}]}"#,
    );

    fn concerns(entry: &str, scenario: &str) -> bool {
        let ledger = format!("[[deviation]]\n{entry}\n");
        let tree = Tree::of(&[(PATH, ledger.as_str()), GOLDEN]);
        Missing::read(&tree).unwrap().concerns(&tree, scenario)
    }

    #[test]
    fn only_what_is_missing_counts() {
        let missing = "scenario = \"table/*\"\nat = [\"**\"]\nstatus = \"missing\"";
        assert!(concerns(missing, "table/sort"));
        assert!(!concerns(missing, "table/sort/deep"));
        assert!(!concerns(missing, "row/plain"));
        let deliberate = "scenario = \"table/*\"\nat = [\"**\"]\nstatus = \"deliberate\"";
        assert!(!concerns(deliberate, "table/sort"));
        assert!(!Missing::default().concerns(&Tree::default(), "table/sort"));
    }

    #[test]
    fn an_entry_about_all_scenarios_concerns_those_with_its_place() {
        let entry = |rest: &str| format!("{rest}\nstatus = \"missing\"");
        assert!(concerns(&entry("at = [\"/json/rows/*\"]"), "table/sort"));
        assert!(!concerns(
            &entry("at = [\"/page/scripts/*\"]"),
            "table/sort"
        ));
        assert!(!concerns(
            &entry("request = \"GET /b**\"\nat = [\"**\"]"),
            "table/sort"
        ));
        assert!(concerns(
            &entry("request = \"GET /a**\"\nat = [\"/json/_trace\", \"/json\"]"),
            "table/sort"
        ));
    }

    #[test]
    fn an_entry_about_a_text_concerns_those_that_have_it() {
        let entry =
            |text: &str| format!("at = [\"/request\"]\nlacks = \"{text}\"\nstatus = \"missing\"");
        assert!(concerns(&entry("GET **x=1"), "table/sort"));
        assert!(!concerns(&entry("POST **"), "table/sort"));
    }

    #[test]
    fn without_a_recorded_answer_the_entry_holds() {
        assert!(concerns(
            "at = [\"/page/scripts/*\"]\nstatus = \"missing\"",
            "table/new"
        ));
    }
}
