//! The samples of a run.

use std::collections::BTreeMap;

use super::line::LineKey;
use crate::contestants::Contestant;
use crate::statistics::{median, median_ratio};

/// What one contestant reached in one turn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sample {
    /// The line it belongs to.
    pub(crate) key: LineKey,
    /// In the unit of the line.
    pub(crate) value: f64,
    /// Median milliseconds per answer, where there was load.
    pub(crate) p50: Option<f64>,
    /// Milliseconds within which 99 % of the answers came, where there was load.
    pub(crate) p99: Option<f64>,
}

impl Sample {
    /// A sample without latencies.
    pub(crate) fn new(key: LineKey, value: f64) -> Self {
        Self {
            key,
            value,
            p50: None,
            p99: None,
        }
    }
}

/// A contestant that failed, and sat out the rest of that work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Work, round and contestant.
    pub(crate) place: String,
    /// What happened; may name files, so it is only for the screen.
    pub(crate) reason: String,
}

/// All samples, by line and contestant, in the order of the rounds.
#[derive(Debug, Default)]
pub(crate) struct Results {
    samples: BTreeMap<(LineKey, Contestant), Vec<Sample>>,
}

impl Results {
    /// Adds the sample of the next round.
    pub(crate) fn add(&mut self, contestant: Contestant, sample: Sample) {
        self.samples
            .entry((sample.key, contestant))
            .or_default()
            .push(sample);
    }

    /// The values of all rounds; empty if not measured.
    pub(crate) fn values(&self, key: LineKey, contestant: Contestant) -> Vec<f64> {
        self.of(key, contestant)
            .iter()
            .map(|sample| sample.value)
            .collect()
    }

    /// The median over the rounds.
    pub(crate) fn median(&self, key: LineKey, contestant: Contestant) -> Option<f64> {
        median(&self.values(key, contestant))
    }

    /// The median over the rounds of one contestant's value divided by another's.
    pub(crate) fn ratio(
        &self,
        key: LineKey,
        numerator: Contestant,
        denominator: Contestant,
    ) -> Option<f64> {
        median_ratio(&self.values(key, numerator), &self.values(key, denominator))
    }

    /// The medians over the rounds of p50 and p99, in milliseconds.
    pub(crate) fn latencies(&self, key: LineKey, contestant: Contestant) -> Option<(f64, f64)> {
        let samples = self.of(key, contestant);
        let over = |pick: fn(&Sample) -> Option<f64>| {
            median(&samples.iter().filter_map(pick).collect::<Vec<_>>())
        };
        Some((over(|sample| sample.p50)?, over(|sample| sample.p99)?))
    }

    /// The lines with at least one sample, in order.
    pub(crate) fn lines(&self) -> impl Iterator<Item = LineKey> {
        let measured = |key: &LineKey| self.samples.keys().any(|(measured, _)| measured == key);
        LineKey::ALL.into_iter().filter(measured)
    }

    fn of(&self, key: LineKey, contestant: Contestant) -> &[Sample] {
        self.samples
            .get(&(key, contestant))
            .map_or(&[], Vec::as_slice)
    }
}
