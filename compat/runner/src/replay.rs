//! `replay`: our binary answers the same requests, and the answers are compared with the goldens.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::args::Selection;
use crate::binaries;
use crate::golden;
use crate::judge::{Judge, LedgerEdits};
use crate::layout::Layout;
use crate::normalise::Normalisers;
use crate::play::{OURS, Played, Stage};
use crate::report;
use crate::scenario;

/// Returns whether nothing failed.
pub(crate) fn run(layout: &Layout, selection: &Selection, edits: LedgerEdits) -> Result<bool> {
    let scenarios = scenario::load_all(layout, &selection.only)?;
    let mut goldens: BTreeMap<String, Vec<Played>> = BTreeMap::new();
    for scenario in &scenarios {
        goldens.insert(scenario.name.clone(), golden::read(layout, &scenario.name)?);
    }
    let binary = binaries::ours(layout)?;
    let mut normalisers = Normalisers::default();
    let stage = Stage {
        layout,
        binary,
        ports: selection.ports,
        name: OURS,
        hash_seed: 0,
        python: binaries::python(layout, selection),
    };
    let played = stage.play_all(&scenarios, &mut normalisers)?;
    let mut judge = Judge::load(layout, selection.only.is_empty())?;
    for scenario in &scenarios {
        judge.compare(scenario, &goldens[&scenario.name], &played[&scenario.name]);
    }
    report::rows(&scenarios);
    report::normalisers(&normalisers);
    judge.finish(edits, selection.failures)
}
