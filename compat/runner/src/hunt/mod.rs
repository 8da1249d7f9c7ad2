//! `hunt`: generated requests go to both servers; what differs is shrunk and written as a scenario.

mod generate;
mod random;
mod scenario_file;
mod schema;
mod shrink;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::answer::Answer;
use crate::binaries;
use crate::client::Outgoing;
use crate::compare::{self, Difference};
use crate::layout::Layout;
use crate::ledger::Ledger;
use crate::normalise::Normalisers;
use crate::play;
use crate::process::{Ports, Server};
use crate::report;
use crate::scenario::Request;
use crate::verdict::{Failure, Tally, Verdict};

use generate::Query;
use random::Random;
use schema::Schema;

/// Arguments that keep the original from giving up on slow or busy machines.
const SETTINGS: [(&str, &str); 3] = [
    ("facet_time_limit_ms", "10000"),
    ("facet_suggest_time_limit_ms", "10000"),
    ("sql_time_limit_ms", "10000"),
];
/// Pages followed after a first page.
const PAGES: usize = 3;

/// What a hunt is asked to do.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) requests: usize,
    pub(crate) seed: u64,
    pub(crate) stop_after: usize,
    pub(crate) files: Vec<PathBuf>,
    pub(crate) ports: Ports,
}

/// Both servers, and what is known about their differences.
struct Pair {
    original: Server,
    ours: Server,
    ledger: Ledger,
}

/// Returns whether no unlisted difference was found.
pub(crate) fn run(layout: &Layout, wanted: &Wanted) -> Result<bool> {
    let mut schemas = Vec::new();
    for file in &wanted.files {
        schemas.push(Schema::read(file).with_context(|| format!("reading {}", file.display()))?);
    }
    if schemas.iter().all(|schema| schema.tables.is_empty()) {
        bail!("the databases have no tables");
    }
    let pair = Pair {
        original: start(layout, wanted, "original", binaries::original(layout)?)?,
        ours: start(layout, wanted, "ours", binaries::ours(layout)?)?,
        ledger: Ledger::load(&layout.ledger())?,
    };
    let mut hunt = Hunt {
        layout,
        pair,
        tally: Tally::default(),
        failures: Vec::new(),
        seen: BTreeSet::new(),
    };
    let mut random = Random::new(wanted.seed);
    let mut asked = 0;
    while asked < wanted.requests && hunt.failures.len() < wanted.stop_after {
        let query = generate::query(&schemas, &mut random);
        let pages = if random.one_in(4) { PAGES } else { 0 };
        asked += hunt.follow(query, pages)?;
    }
    report::failures(&hunt.failures, wanted.stop_after);
    report::tally(&hunt.tally);
    report::say(&format!("\n{asked} requests, seed {}", wanted.seed));
    Ok(hunt.failures.is_empty())
}

fn start(layout: &Layout, wanted: &Wanted, name: &str, binary: PathBuf) -> Result<Server> {
    let data = layout
        .work()
        .join("run")
        .join(format!("hunt-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&data)?;
    let data = data.canonicalize()?;
    let mut args = Vec::new();
    for file in &wanted.files {
        let copy = data.join(file.file_name().context("a database is a file")?);
        std::fs::copy(file, &copy)?;
        args.push(copy.to_string_lossy().into_owned());
    }
    for (name, value) in SETTINGS {
        args.extend(["--setting", name, value].map(str::to_owned));
    }
    Server::start(&binary, &args, &data, wanted.ports, 0)
}

struct Hunt<'a> {
    layout: &'a Layout,
    pair: Pair,
    tally: Tally,
    failures: Vec<Failure>,
    /// Kinds of difference already written.
    seen: BTreeSet<String>,
}

impl Hunt<'_> {
    /// Asks a query and some of its next pages; returns how many requests that were.
    fn follow(&mut self, mut query: Query, pages: usize) -> Result<usize> {
        for page in 0..=pages {
            let next = self.ask(&query)?;
            match next.filter(|_| page < pages) {
                Some(next) => query.set("_next", &next),
                None => return Ok(page + 1),
            }
        }
        Ok(pages + 1)
    }

    /// Asks both once; returns the `next` token of the original's JSON.
    fn ask(&mut self, query: &Query) -> Result<Option<String>> {
        let (answer, verdict, unlisted) = self.pair.judge(&query.path())?;
        self.tally.count(query.kind, verdict);
        if verdict == Verdict::Different {
            self.shrink_and_write(query, unlisted)?;
        }
        let next = answer.pointer("/json/next").and_then(|next| next.as_str());
        Ok(next.map(str::to_owned))
    }

    fn shrink_and_write(&mut self, query: &Query, unlisted: Vec<Difference>) -> Result<()> {
        let wanted = shrink::kind(&unlisted);
        let still = |smaller: &Query, pair: &mut Pair| -> Result<bool> {
            let (_, verdict, unlisted) = pair.judge(&smaller.path())?;
            Ok(verdict == Verdict::Different && shrink::kind(&unlisted) == wanted)
        };
        let small = shrink::shrink(query, |smaller| still(smaller, &mut self.pair))?;
        let names: Vec<&str> = small
            .args
            .iter()
            .map(|(name, _)| generate::shape_of(name))
            .collect();
        if !self
            .seen
            .insert(format!("{} {wanted:?} {names:?}", small.kind))
        {
            return Ok(());
        }
        let (_, _, unlisted) = self.pair.judge(&small.path())?;
        let file = scenario_file::write(self.layout, &small, &unlisted)?;
        self.failures.push(Failure {
            scenario: name_of(&file),
            label: format!("GET {}", small.path()),
            unlisted,
            broken: Vec::new(),
        });
        Ok(())
    }
}

fn name_of(file: &Path) -> String {
    file.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

impl Pair {
    fn judge(&mut self, path: &str) -> Result<(Answer, Verdict, Vec<Difference>)> {
        let outgoing = Outgoing {
            method: "GET".to_owned(),
            path: path.to_owned(),
            ..Outgoing::default()
        };
        let mut normalisers = Normalisers::default();
        let (original, _) = play::ask(&self.original, &outgoing, &mut normalisers);
        let (ours, _) = play::ask(&self.ours, &outgoing, &mut normalisers);
        let differences = compare::answers(&original, &ours, &Request::get(path));
        let judged = self
            .ledger
            .judge("hunt", &format!("GET {path}"), differences, &ours);
        Ok((original, Verdict::of(&judged), judged.unlisted))
    }
}
