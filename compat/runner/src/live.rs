//! `live`: both servers at once on identical databases, no goldens; what they wrote is compared too.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::json;

use crate::args::Selection;
use crate::binaries;
use crate::command;
use crate::databases;
use crate::judge::{Judge, LedgerEdits};
use crate::layout::Layout;
use crate::normalise::Normalisers;
use crate::play::{self, Played, Stage};
use crate::process::Server;
use crate::report;
use crate::scenario::{self, Scenario};
use crate::site::Site;
use crate::visitor::{self, Visitors};

/// Label of the comparison of databases.
const DATABASES: &str = "databases afterwards";

/// Returns whether nothing failed.
pub(crate) fn run(layout: &Layout, selection: &Selection) -> Result<bool> {
    let scenarios = scenario::load_all(layout, &selection.only)?;
    let stage = |name, binary| Stage {
        layout,
        binary,
        ports: selection.ports,
        name,
        hash_seed: 0,
        python: binaries::python(layout, selection),
    };
    let original = stage("original", binaries::original(layout)?);
    let ours = stage("ours", binaries::ours(layout)?);
    let visitors = visitor::load(layout)?;
    let mut normalisers = Normalisers::default();
    let mut judge = Judge::load(layout, selection.only.is_empty())?;
    let mut shared: BTreeMap<String, (Server, Server)> = BTreeMap::new();
    for scenario in &scenarios {
        if !scenario.commands.is_empty() {
            let of_original = command::play(&original, scenario, &visitors, &mut normalisers)?;
            let of_ours = command::play(&ours, scenario, &visitors, &mut normalisers)?;
            judge.compare(scenario, &of_original, &of_ours);
            continue;
        }
        let site = Site::load(layout, &scenario.site)?;
        if scenario.writes {
            let servers = (original.start(&site)?, ours.start(&site)?);
            compare(&servers, scenario, &visitors, &mut normalisers, &mut judge)?;
            continue;
        }
        if !shared.contains_key(&site.name) {
            let servers = (original.start(&site)?, ours.start(&site)?);
            shared.insert(site.name.clone(), servers);
        }
        if let Some(servers) = shared.get(&site.name) {
            compare(servers, scenario, &visitors, &mut normalisers, &mut judge)?;
        }
    }
    report::normalisers(&normalisers);
    judge.finish(LedgerEdits::default(), selection.failures)
}

fn compare(
    (original, ours): &(Server, Server),
    scenario: &Scenario,
    visitors: &Visitors,
    normalisers: &mut Normalisers,
    judge: &mut Judge<'_>,
) -> Result<()> {
    let mut answers = Vec::new();
    for server in [original, ours] {
        let mut played = play::play(server, scenario, visitors, normalisers)?;
        if scenario.writes {
            let contents = databases::contents(&server.data)?;
            let answer = json!({"status": 0, "headers": {}, "json": contents});
            played.push(Played {
                label: DATABASES.to_owned(),
                answer,
            });
        }
        answers.push(played);
    }
    judge.compare(scenario, &answers[0], &answers[1]);
    Ok(())
}
