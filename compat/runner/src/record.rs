//! `record`: what the original answers becomes the goldens.

use anyhow::{Result, bail};

use crate::args::Selection;
use crate::binaries;
use crate::compare;
use crate::golden;
use crate::layout::Layout;
use crate::normalise::Normalisers;
use crate::play::{Played, Stage};
use crate::report;
use crate::scenario::{self, Scenario};
use crate::verdict::Failure;

/// How often scenarios with unstable answers are tried again: time limits inside the original may
/// strike on a busy machine.
const ATTEMPTS: u32 = 3;

/// Plays every scenario twice with different hash seeds; only answers that are the same both times
/// are fit to be compared with and become goldens.
pub(crate) fn run(layout: &Layout, selection: &Selection, once: bool) -> Result<()> {
    let all = scenario::load_all(layout, &selection.only)?;
    let version = binaries::version(layout)?;
    let binary = binaries::original(layout)?;
    let mut normalisers = Normalisers::default();
    let mut stage = Stage {
        layout,
        binary,
        ports: selection.ports,
        name: "original",
        hash_seed: 0,
        python: None,
    };
    let (mut recorded, mut changed) = (0, 0);
    let mut left = all.clone();
    let mut unstable = Vec::new();
    for attempt in 0..ATTEMPTS {
        stage.hash_seed = attempt * 2;
        let first = stage.play_all(&left, &mut normalisers)?;
        unstable.clear();
        if !once {
            stage.hash_seed += 1;
            let second = stage.play_all(&left, &mut Normalisers::default())?;
            for scenario in &left {
                let (one, two) = (&first[&scenario.name], &second[&scenario.name]);
                unstable.extend(disagreements(scenario, one, two));
            }
        }
        left.retain(|scenario| unstable.iter().any(|one| one.scenario == scenario.name));
        for scenario in &all {
            let settled = !left.iter().any(|unsettled| unsettled.name == scenario.name);
            if let Some(played) = first.get(&scenario.name).filter(|_| settled) {
                changed += usize::from(golden::write(layout, scenario, &version, played)?);
                recorded += played.len();
            }
        }
        if left.is_empty() {
            break;
        }
    }
    report::normalisers(&normalisers);
    report::say(&format!(
        "\n{recorded} answers recorded, {changed} goldens changed"
    ));
    if selection.only.is_empty() {
        let names: Vec<String> = all.iter().map(|scenario| scenario.name.clone()).collect();
        for orphan in golden::orphans(layout, &names)? {
            report::say(&format!("golden without a scenario: {orphan}"));
        }
    }
    if !unstable.is_empty() {
        report::failures(&unstable, selection.failures);
        bail!(
            "{} answers differ between two recordings and are not recorded",
            unstable.len()
        );
    }
    Ok(())
}

/// Answers of a scenario that differ between two recordings.
fn disagreements(scenario: &Scenario, first: &[Played], second: &[Played]) -> Vec<Failure> {
    let mut found = Vec::new();
    let by_label = scenario.by_label();
    for (number, one) in first.iter().enumerate() {
        let again = second.get(number);
        let unlisted = match (Scenario::request_of(&by_label, &one.label), again) {
            (Some(request), Some(again)) => compare::answers(&one.answer, &again.answer, request),
            _ => Vec::new(),
        };
        if !unlisted.is_empty() || again.is_none() {
            let (scenario, label) = (scenario.name.clone(), one.label.clone());
            found.push(Failure {
                scenario,
                label,
                unlisted,
                broken: Vec::new(),
            });
        }
    }
    found
}
