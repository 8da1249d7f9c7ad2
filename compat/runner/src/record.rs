//! `record`: what the original answers becomes the goldens.

use anyhow::{Result, bail};

use crate::args::Selection;
use crate::binaries;
use crate::compare;
use crate::golden;
use crate::layout::Layout;
use crate::normalise::Normalisers;
use crate::play::Stage;
use crate::report;
use crate::scenario;
use crate::verdict::Failure;

/// Plays every scenario twice with different hash seeds; only answers that are the same both times
/// are fit to be compared with.
pub(crate) fn run(layout: &Layout, selection: &Selection, once: bool) -> Result<()> {
    let scenarios = scenario::load_all(layout, &selection.only)?;
    let version = binaries::version(layout)?;
    let binary = binaries::original(layout)?;
    let mut normalisers = Normalisers::default();
    let mut stage = Stage {
        layout,
        binary,
        ports: selection.ports,
        name: "original",
        hash_seed: 0,
    };
    let first = stage.play_all(&scenarios, &mut normalisers)?;
    let mut unstable = Vec::new();
    if !once {
        stage.hash_seed = 1;
        let second = stage.play_all(&scenarios, &mut Normalisers::default())?;
        for scenario in &scenarios {
            for (number, one) in first[&scenario.name].iter().enumerate() {
                let request = scenario.request_of(&one.label);
                let again = second[&scenario.name].get(number);
                let unlisted = match (request, again) {
                    (Some(request), Some(again)) => {
                        compare::answers(&one.answer, &again.answer, request)
                    }
                    _ => Vec::new(),
                };
                if !unlisted.is_empty() || again.is_none() {
                    unstable.push(Failure {
                        scenario: scenario.name.clone(),
                        label: one.label.clone(),
                        unlisted,
                        broken: Vec::new(),
                    });
                }
            }
        }
    }
    let mut changed = 0;
    for (name, played) in &first {
        changed += usize::from(golden::write(layout, name, &version, played)?);
    }
    let answers: usize = first.values().map(Vec::len).sum();
    report::normalisers(&normalisers);
    report::say(&format!(
        "\n{answers} answers recorded, {changed} goldens changed"
    ));
    if selection.only.is_empty() {
        for orphan in golden::orphans(layout, &first.keys().cloned().collect::<Vec<_>>())? {
            report::say(&format!("golden without a scenario: {orphan}"));
        }
    }
    if !unstable.is_empty() {
        report::failures(&unstable, selection.failures);
        bail!("{} answers differ between two recordings", unstable.len());
    }
    Ok(())
}
