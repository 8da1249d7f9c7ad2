//! The verdict on one answer, and counts of verdicts.

use std::collections::BTreeMap;

use crate::compare::Difference;
use crate::ledger::{Judgement, Status};

/// What a comparison comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// Nothing differs.
    Same,
    /// Differs on purpose, as the ledger says.
    Deliberate,
    /// Differs because something is not built yet, as the ledger says.
    Missing,
    /// Differs, and the ledger does not know.
    Different,
    /// Not played.
    Skipped,
}

/// All verdicts, in the order of the report.
pub(crate) const ALL: [(Verdict, &str); 5] = [
    (Verdict::Same, "same"),
    (Verdict::Deliberate, "deliberate"),
    (Verdict::Missing, "missing"),
    (Verdict::Different, "different"),
    (Verdict::Skipped, "skipped"),
];

impl Verdict {
    /// The verdict that a judgement amounts to.
    pub(crate) fn of(judgement: &Judgement) -> Self {
        if !judgement.unlisted.is_empty() || !judgement.broken.is_empty() {
            return Self::Different;
        }
        match judgement.covered_by.iter().max() {
            Some(Status::Missing) => Self::Missing,
            Some(Status::Deliberate) => Self::Deliberate,
            None => Self::Same,
        }
    }
}

/// A failed comparison, for the report.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) scenario: String,
    pub(crate) label: String,
    pub(crate) unlisted: Vec<Difference>,
    pub(crate) broken: Vec<String>,
}

/// Verdicts counted by area.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    areas: BTreeMap<String, BTreeMap<Verdict, usize>>,
}

impl Tally {
    pub(crate) fn count(&mut self, area: &str, verdict: Verdict) {
        *self
            .areas
            .entry(area.to_owned())
            .or_default()
            .entry(verdict)
            .or_insert(0) += 1;
    }

    /// Counts of one area in the order of [`ALL`].
    pub(crate) fn rows(&self) -> Vec<(String, [usize; 5])> {
        let row = |counts: &BTreeMap<Verdict, usize>| {
            ALL.map(|(verdict, _)| counts.get(&verdict).copied().unwrap_or(0))
        };
        self.areas
            .iter()
            .map(|(area, counts)| (area.clone(), row(counts)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_status_decides() {
        let mut judgement = Judgement::default();
        assert_eq!(Verdict::of(&judgement), Verdict::Same);
        judgement.covered_by = vec![Status::Missing, Status::Deliberate];
        assert_eq!(Verdict::of(&judgement), Verdict::Missing);
        judgement.broken = vec!["x".to_owned()];
        assert_eq!(Verdict::of(&judgement), Verdict::Different);
    }
}
