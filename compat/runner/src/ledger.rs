//! The ledger of differences, exact both ways: a difference that is not in it fails, and an entry
//! that no longer differs fails.

pub(crate) mod file;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

use crate::answer::Answer;
use crate::compare::{Difference, What, below};
use crate::pattern::Pattern;

/// Why a difference is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    /// On purpose, for good.
    Deliberate,
    /// Not built yet.
    Missing,
}

/// One `[[deviation]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deviation {
    /// Unique, for people.
    pub(crate) id: String,
    /// Pattern on the scenario's name.
    #[serde(default = "anything")]
    pub(crate) scenario: String,
    /// Pattern on the request's label, such as `GET /fixtures/**`.
    #[serde(default = "anything")]
    pub(crate) request: String,
    /// Row of the specification, where the original has a defect.
    #[serde(default)]
    pub(crate) row: Option<String>,
    /// Patterns on the places that differ; each must match something.
    pub(crate) at: Vec<String>,
    /// Restricts the entry to things that only ours has and whose text fits this pattern.
    #[serde(default)]
    pub(crate) adds: Option<String>,
    /// Restricts the entry to things that only the original has and whose text fits this pattern.
    #[serde(default)]
    pub(crate) lacks: Option<String>,
    /// Restricts the entry to values that fit the first pattern in the original's answer and the
    /// second in ours.
    #[serde(default)]
    pub(crate) changes: Option<[String; 2]>,
    /// Restricts the entry to texts that differ in nothing but the case of letters.
    #[serde(default)]
    pub(crate) only_case: bool,
    /// What the original must have answered, by patterns on places and on the texts there.
    #[serde(default)]
    pub(crate) original: BTreeMap<String, String>,
    /// What ours must answer, by place.
    #[serde(default)]
    pub(crate) ours: BTreeMap<String, Value>,
    pub(crate) reason: String,
    pub(crate) status: Status,
    /// Whether `ours` is a condition of the entry, and not a demand.
    #[serde(skip)]
    conditional: bool,
}

fn anything() -> String {
    "**".to_owned()
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "deviation")]
    deviations: Vec<Deviation>,
}

/// Whether a pattern fits a request, or what is asked of the server of a command.
fn concerns(pattern: &str, request: &str) -> bool {
    let pattern = Pattern::new(pattern);
    let asked = request.split_once(" > ").map(|(_, asked)| asked);
    pattern.matches(request) || asked.is_some_and(|asked| pattern.matches(asked))
}

/// The ledger and which parts of it were used in this run.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    deviations: Vec<Deviation>,
    /// Per deviation: whether a played request was in its scope.
    in_scope: Vec<bool>,
    /// Per deviation and place: whether it matched a difference.
    used: Vec<Vec<bool>>,
}

/// What the ledger says about the differences of one answer.
#[derive(Debug, Default)]
pub(crate) struct Judgement {
    /// Differences no entry covers.
    pub(crate) unlisted: Vec<Difference>,
    /// The statuses of the entries that cover the others.
    pub(crate) covered_by: Vec<Status>,
    /// The ids of these entries.
    pub(crate) entries: Vec<String>,
    /// Answers that an entry demands and ours does not give.
    pub(crate) broken: Vec<String>,
}

impl Ledger {
    /// Reads the ledger; a missing file is an empty ledger.
    pub(crate) fn load(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = std::fs::read_to_string(path)?;
        Self::parse(&text).with_context(|| format!("in {}", path.display()))
    }

    /// Reads the text of a ledger.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let file: File = toml::from_str(text)?;
        let mut ids: Vec<&str> = file
            .deviations
            .iter()
            .map(|entry| entry.id.as_str())
            .collect();
        ids.sort_unstable();
        if let Some(pair) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            bail!("two deviations have the id {}", pair[0]);
        }
        let in_scope = vec![false; file.deviations.len()];
        let used = file
            .deviations
            .iter()
            .map(|entry| vec![false; entry.at.len()])
            .collect();
        Ok(Self {
            deviations: file.deviations,
            in_scope,
            used,
        })
    }

    /// The same, but an entry that demands something of ours holds only where ours answers so.
    pub(crate) fn conditional(mut self) -> Self {
        for entry in &mut self.deviations {
            entry.conditional = true;
        }
        self
    }

    /// This ledger and another one.
    pub(crate) fn and(mut self, other: Self) -> Result<Self> {
        let ids = self.ids();
        if let Some(entry) = other
            .deviations
            .iter()
            .find(|entry| ids.contains(&entry.id))
        {
            bail!("two deviations have the id {}", entry.id);
        }
        self.deviations.extend(other.deviations);
        self.in_scope.extend(other.in_scope);
        self.used.extend(other.used);
        Ok(self)
    }

    /// Sorts the differences of one answer into listed and unlisted ones.
    pub(crate) fn judge(
        &mut self,
        scenario: &str,
        request: &str,
        differences: Vec<Difference>,
        (original, ours): (&Answer, &Answer),
    ) -> Judgement {
        let mut judgement = Judgement::default();
        let mut covered = vec![false; differences.len()];
        let mut unbuilt = false;
        for (number, entry) in self.deviations.iter().enumerate() {
            let scope = Pattern::new(&entry.scenario).matches(scenario)
                && concerns(&entry.request, request)
                && entry.expects(original)
                && (!entry.conditional || entry.demands(ours).is_empty());
            if !scope {
                continue;
            }
            self.in_scope[number] = true;
            let mut matched = false;
            unbuilt |= entry.status == Status::Missing && entry.at == ["**"];
            for (place, pattern) in entry.at.iter().enumerate() {
                let pattern = Pattern::new(pattern);
                for (index, difference) in differences.iter().enumerate() {
                    if pattern.matches(&difference.at) && entry.allows(difference) {
                        (covered[index], self.used[number][place], matched) = (true, true, true);
                    }
                }
            }
            if matched {
                judgement.covered_by.push(entry.status);
                judgement.entries.push(entry.id.clone());
                judgement.broken.extend(entry.demands(ours));
            }
        }
        if unbuilt && judgement.covered_by.contains(&Status::Missing) {
            // What is not built cannot answer as it must.
            judgement.broken.clear();
        }
        let unlisted = differences
            .into_iter()
            .zip(covered)
            .filter(|(_, covered)| !covered);
        judgement.unlisted = unlisted.map(|(difference, _)| difference).collect();
        judgement
    }

    /// Entries, or places of entries, that were in scope and matched nothing.
    pub(crate) fn stale(&self) -> Vec<Stale> {
        let mut stale = Vec::new();
        for (number, entry) in self.deviations.iter().enumerate() {
            if !self.in_scope[number] {
                continue;
            }
            let places: Vec<String> = (entry.at.iter().zip(&self.used[number]))
                .filter(|(_, used)| !**used)
                .map(|(place, _)| place.clone())
                .collect();
            if !places.is_empty() {
                let whole = places.len() == entry.at.len();
                stale.push(Stale {
                    id: entry.id.clone(),
                    status: entry.status,
                    places,
                    whole,
                });
            }
        }
        stale
    }

    /// Entries whose scope fits no request of a complete run.
    pub(crate) fn without_scope(&self) -> Vec<&Deviation> {
        let entries = self.deviations.iter().zip(&self.in_scope);
        entries
            .filter(|(_, in_scope)| !**in_scope)
            .map(|(entry, _)| entry)
            .collect()
    }

    /// Ids in use.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.deviations
            .iter()
            .map(|entry| entry.id.clone())
            .collect()
    }
}

impl Deviation {
    /// Whether the original answered as the entry says.
    fn expects(&self, original: &Answer) -> bool {
        self.original.iter().all(|(place, text)| {
            any_leaf(original, "", &mut |at, value| {
                Pattern::new(place).matches(at) && fits(text, value)
            })
        })
    }

    fn allows(&self, difference: &Difference) -> bool {
        let of = |pattern: &Option<String>, what: What, value: &Value| {
            let pattern = pattern.as_ref()?;
            Some(difference.what == what && fits(pattern, value))
        };
        let adds = of(&self.adds, What::Extra, &difference.ours);
        let lacks = of(&self.lacks, What::Missing, &difference.original);
        let changes = self.changes.as_ref().map(|[original, ours]| {
            difference.what == What::Changed
                && fits(original, &difference.original)
                && fits(ours, &difference.ours)
        });
        let case = || text(&difference.original).eq_ignore_ascii_case(&text(&difference.ours));
        adds.or(lacks).or(changes).unwrap_or(true) && (!self.only_case || case())
    }

    fn demands(&self, ours: &Answer) -> Vec<String> {
        let differs = |(place, wanted): (&String, &Value)| {
            let found = ours.pointer(place).unwrap_or(&Value::Null);
            (found != wanted)
                .then(|| format!("{}: {place} must be {wanted}, but is {found}", self.id))
        };
        self.ours.iter().filter_map(differs).collect()
    }
}

/// Whether the text of a value fits a pattern; that of a string is the string itself.
fn fits(pattern: &str, value: &Value) -> bool {
    Pattern::new(pattern).matches(&text(value))
}

fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// Whether a value that holds no others, anywhere in the answer, is as asked.
fn any_leaf(value: &Value, at: &str, asked: &mut dyn FnMut(&str, &Value) -> bool) -> bool {
    match value {
        Value::Array(items) => (items.iter().enumerate())
            .any(|(index, item)| any_leaf(item, &format!("{at}/{index}"), asked)),
        Value::Object(map) => map
            .iter()
            .any(|(key, item)| any_leaf(item, &below(at, key), asked)),
        leaf => asked(at, leaf),
    }
}

/// An entry that no longer differs, wholly or at some of its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stale {
    pub(crate) id: String,
    pub(crate) status: Status,
    pub(crate) places: Vec<String>,
    /// Whether nothing of the entry matched.
    pub(crate) whole: bool,
}

#[cfg(test)]
mod tests;
