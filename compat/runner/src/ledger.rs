//! The ledger of differences, exact both ways: a difference that is not in it fails, and an entry
//! that no longer differs fails.

pub(crate) mod file;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

use crate::answer::Answer;
use crate::compare::{Difference, What};
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
    /// What ours must answer, by place.
    #[serde(default)]
    pub(crate) ours: BTreeMap<String, Value>,
    pub(crate) reason: String,
    pub(crate) status: Status,
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

    /// Sorts the differences of one answer into listed and unlisted ones.
    pub(crate) fn judge(
        &mut self,
        scenario: &str,
        request: &str,
        differences: Vec<Difference>,
        ours: &Answer,
    ) -> Judgement {
        let mut judgement = Judgement::default();
        let mut covered = vec![false; differences.len()];
        let mut unbuilt = false;
        for (number, entry) in self.deviations.iter().enumerate() {
            let scope = Pattern::new(&entry.scenario).matches(scenario)
                && Pattern::new(&entry.request).matches(request);
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
    fn allows(&self, difference: &Difference) -> bool {
        let fits = |pattern: &Option<String>, what: What, value: &Value| {
            let pattern = pattern.as_ref()?;
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            Some(difference.what == what && Pattern::new(pattern).matches(&text))
        };
        let adds = fits(&self.adds, What::Extra, &difference.ours);
        let lacks = fits(&self.lacks, What::Missing, &difference.original);
        adds.or(lacks).unwrap_or(true)
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
