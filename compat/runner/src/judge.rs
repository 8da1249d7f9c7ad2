//! Brings answers, comparison and ledger together into verdicts.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::compare;
use crate::layout::Layout;
use crate::ledger::{Ledger, Stale, Status, file};
use crate::play::Played;
use crate::report;
use crate::scenario::{Request, Scenario};
use crate::verdict::{Failure, Tally, Verdict};

/// What a run may change in the ledger.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LedgerEdits {
    /// Append unlisted differences as `missing`.
    pub(crate) write_missing: bool,
    /// Remove `missing` entries that no longer differ.
    pub(crate) drop_stale: bool,
}

/// Collects verdicts over a run.
#[derive(Debug)]
pub(crate) struct Judge<'a> {
    layout: &'a Layout,
    ledger: Ledger,
    /// Whether every scenario is played, so that entries without a request can be told.
    complete: bool,
    tally: Tally,
    failures: Vec<Failure>,
}

impl<'a> Judge<'a> {
    pub(crate) fn load(layout: &'a Layout, complete: bool) -> Result<Self> {
        let ledger = Ledger::load(&layout.ledger())?;
        let (tally, failures) = (Tally::default(), Vec::new());
        Ok(Self {
            layout,
            ledger,
            complete,
            tally,
            failures,
        })
    }

    /// Compares the answers of one scenario.
    pub(crate) fn compare(&mut self, scenario: &Scenario, original: &[Played], ours: &[Played]) {
        let of_commands = scenario.commands.iter().flat_map(|one| &one.requests);
        for request in scenario.requests.iter().chain(of_commands) {
            if request.skip.is_some() {
                self.tally.count(scenario.area(), Verdict::Skipped);
            }
        }
        let by_label = scenario.by_label();
        let (of_original, of_ours) = (answers_by_label(original), answers_by_label(ours));
        let only_ours = ours
            .iter()
            .filter(|one| !of_original.contains_key(one.label.as_str()));
        for one in original.iter().chain(only_ours) {
            let label = one.label.as_str();
            let answers = (of_original.get(label), of_ours.get(label));
            self.compare_one(scenario, &by_label, label, answers);
        }
    }

    fn compare_one(
        &mut self,
        scenario: &Scenario,
        by_label: &BTreeMap<String, &Request>,
        label: &str,
        (original, ours): (Option<&&Answer>, Option<&&Answer>),
    ) {
        let nothing = json!({"status": Value::Null, "headers": {}});
        let (original, ours) = (
            original.copied().unwrap_or(&nothing),
            ours.copied().unwrap_or(&nothing),
        );
        let plain = Request::get("/");
        let request = Scenario::request_of(by_label, label).unwrap_or(&plain);
        let differences = compare::answers(original, ours, request);
        let judged = self
            .ledger
            .judge(&scenario.name, label, differences, (original, ours));
        let verdict = Verdict::of(&judged);
        self.tally.count(scenario.area(), verdict);
        if verdict == Verdict::Different {
            self.failures.push(Failure {
                scenario: scenario.name.clone(),
                label: label.to_owned(),
                unlisted: judged.unlisted,
                broken: judged.broken,
            });
        }
    }

    /// Prints the result, edits the ledger if asked to, and returns whether nothing failed.
    pub(crate) fn finish(self, edits: LedgerEdits, shown: usize) -> Result<bool> {
        let mut stale = self.ledger.stale();
        let unused = if self.complete {
            self.ledger.without_scope()
        } else {
            Vec::new()
        };
        report::failures(&self.failures, shown);
        report::stale(&stale, &unused);
        report::tally(&self.tally);
        let mut good = self.failures.is_empty() && stale.is_empty() && unused.is_empty();
        if edits.write_missing || edits.drop_stale {
            stale.extend(unused.iter().map(|entry| Stale {
                id: entry.id.clone(),
                status: entry.status,
                places: entry.at.clone(),
                whole: true,
            }));
            self.edit(edits, &stale)?;
            let unsettled = self
                .failures
                .iter()
                .any(|failure| !failure.broken.is_empty())
                || stale.iter().any(|entry| entry.status == Status::Deliberate);
            good = edits.write_missing && edits.drop_stale && !unsettled;
        }
        report::say(if good { "\nnothing failed" } else { "\nfailed" });
        Ok(good)
    }

    fn edit(&self, edits: LedgerEdits, stale: &[Stale]) -> Result<()> {
        let path = self.layout.ledger();
        let mut text = std::fs::read_to_string(&path).unwrap_or_default();
        if edits.drop_stale {
            let missing: Vec<Stale> = stale
                .iter()
                .filter(|entry| entry.status == Status::Missing)
                .cloned()
                .collect();
            text = file::drop_stale(&text, &missing);
            report::say(&format!("\n{} stale entries dropped", missing.len()));
        }
        if edits.write_missing {
            let mut taken = self.ledger.ids();
            let listed = self
                .failures
                .iter()
                .filter(|failure| !failure.unlisted.is_empty());
            let entries: Vec<String> = listed
                .map(|failure| {
                    let (scenario, label) = (&failure.scenario, &failure.label);
                    file::missing_entry(scenario, label, &failure.unlisted, &mut taken)
                })
                .collect();
            text.push_str(&entries.concat());
            report::say(&format!("{} entries written as missing", entries.len()));
        }
        std::fs::write(path, text)?;
        Ok(())
    }
}

fn answers_by_label(played: &[Played]) -> BTreeMap<&str, &Answer> {
    let entries = played.iter().map(|one| (one.label.as_str(), &one.answer));
    entries.collect()
}
