//! A hunt from its start to its report.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::access::{Access, DEBUGGERS};
use super::generate::{self, Query};
use super::pair::Pair;
use super::random::Random;
use super::schema::Schema;
use super::{chain, invent, scenario_file, shrink};
use crate::fixture;
use crate::layout::Layout;
use crate::process::Ports;
use crate::report;
use crate::verdict::{Failure, Tally, Verdict};

/// Pages followed after a first page.
const PAGES: usize = 3;

/// What a hunt is asked to do.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) requests: usize,
    pub(crate) seed: u64,
    /// Visitors to make up, together with rules that tell them apart; none for an open instance.
    pub(crate) visitors: usize,
    /// Databases to make up.
    pub(crate) schemas: usize,
    pub(crate) stop_after: usize,
    /// Where the databases are written to stay; below `compat/work` and only for the hunt if not
    /// given.
    pub(crate) keep: Option<PathBuf>,
    pub(crate) files: Vec<PathBuf>,
    pub(crate) ports: Option<Ports>,
}

/// Returns whether no unlisted difference was found.
pub(crate) fn run(layout: &Layout, wanted: &Wanted) -> Result<bool> {
    let data = Scratch::new(layout, wanted.keep.as_deref())?;
    let files = files(wanted, &data.folder)?;
    let mut schemas = Vec::new();
    for file in &files {
        schemas.push(Schema::read(file).with_context(|| format!("reading {}", file.display()))?);
    }
    if schemas.iter().all(|schema| schema.tables.is_empty()) {
        bail!("the databases have no tables");
    }
    let mut random = Random::new(wanted.seed);
    let access = match wanted.visitors {
        0 => None,
        visitors => Some(Access::invent(
            &data.folder,
            &schemas,
            visitors,
            &mut random,
        )?),
    };
    let mut hunt = Hunt {
        layout,
        pair: Pair::start(layout, &files, access.as_ref(), wanted.ports)?,
        tally: Tally::default(),
        failures: Vec::new(),
        seen: BTreeSet::new(),
    };
    let mut asked = 0;
    while asked < wanted.requests && hunt.failures.len() < wanted.stop_after {
        let query = match &access {
            Some(access) => visit(&schemas, access, &mut random),
            None => generate::query(&schemas, &mut random),
        };
        let pages = if random.one_in(4) { PAGES } else { 0 };
        asked += hunt.follow(query, pages)?;
    }
    report::failures(&hunt.failures, wanted.stop_after);
    report::tally(&hunt.tally);
    report::expected(hunt.pair.listed());
    let tables: usize = schemas.iter().map(|schema| schema.tables.len()).sum();
    report::say(&format!(
        "\n{asked} requests over {tables} tables of {} databases, seed {}",
        schemas.len(),
        wanted.seed
    ));
    Ok(hunt.failures.is_empty())
}

/// A request of one of the visitors, every other one about access.
fn visit(schemas: &[Schema], access: &Access, random: &mut Random) -> Query {
    let mut query = if random.one_in(2) {
        generate::about_access(schemas, access, random)
    } else {
        generate::query(schemas, random)
    };
    let debugs = query.kind == "permissions" && !random.one_in(4);
    query.visitor = if debugs {
        1 + random.below(DEBUGGERS)
    } else {
        random.below(access.visitors.len())
    };
    if query.ending.is_empty() && !access.reads_only {
        query.ending = ".json";
    }
    query
}

/// The databases: those given, built where they are SQL, and those made up.
fn files(wanted: &Wanted, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for file in &wanted.files {
        if file.extension().is_some_and(|extension| extension == "sql") {
            let stem = file.file_stem().context("a database is a file")?;
            let target = folder.join(stem).with_extension("db");
            fixture::build(file, &target)?;
            files.push(target);
        } else {
            files.push(file.clone());
        }
    }
    for number in 0..wanted.schemas {
        // Far apart, so that the next seed makes other databases.
        let seed = wanted.seed.wrapping_mul(1000).wrapping_add(number as u64);
        files.push(invent::build(folder, number, seed)?);
    }
    if files.is_empty() {
        bail!("name databases with --database, or have some made up with --schemas");
    }
    Ok(files)
}

/// A folder for the databases of a hunt.
struct Scratch {
    folder: PathBuf,
    stays: bool,
}

impl Scratch {
    fn new(layout: &Layout, keep: Option<&Path>) -> Result<Self> {
        let name = format!("hunt-{}", std::process::id());
        let own = || layout.work().join("run").join(name);
        let folder = keep.map_or_else(own, Path::to_owned);
        std::fs::create_dir_all(&folder)?;
        let stays = keep.is_some();
        Ok(Self { folder, stays })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.stays {
            // Left behind it does no harm: it is below `compat/work`.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
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
    /// Asks a query and some of its next pages, or all of ours where the rows of all pages can be
    /// compared; returns how many requests that were.
    fn follow(&mut self, mut query: Query, pages: usize) -> Result<usize> {
        if pages > 0 && chain::suits(&query) {
            let asked = chain::ask(&mut self.pair, &query)?;
            let verdict = if asked.differences.is_empty() {
                Verdict::Same
            } else {
                Verdict::Different
            };
            self.tally.count("all pages", verdict);
            if verdict == Verdict::Different {
                self.shrink_and_write(&query, |pair, smaller| {
                    chain::ask(pair, smaller).map(|asked| asked.differences)
                })?;
            }
            return Ok(asked.requests);
        }
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
        let judged = self.pair.judge(query)?;
        self.tally.count(query.kind, judged.verdict);
        if judged.verdict == Verdict::Different {
            self.shrink_and_write(query, |pair, smaller| {
                pair.judge(smaller).map(|judged| judged.unlisted)
            })?;
        }
        let next = judged.original.pointer("/json/next");
        Ok(next.and_then(|next| next.as_str()).map(str::to_owned))
    }

    fn shrink_and_write(
        &mut self,
        query: &Query,
        unlisted: impl Fn(&mut Pair, &Query) -> Result<Vec<crate::compare::Difference>>,
    ) -> Result<()> {
        let wanted = shrink::kind(&unlisted(&mut self.pair, query)?);
        if wanted.is_empty() {
            // It was there once and is not any more: busy machines do that to time limits.
            report::say(&format!("does not differ again: {}", query.path()));
            return Ok(());
        }
        let small = shrink::shrink(query, |smaller| {
            Ok(shrink::kind(&unlisted(&mut self.pair, smaller)?) == wanted)
        })?;
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
        let found = unlisted(&mut self.pair, &small)?;
        let who = self.pair.who(&small)?;
        let file = scenario_file::write(self.layout, &small, who, &found)?;
        let name = file.file_name().unwrap_or_default();
        self.failures.push(Failure {
            scenario: name.to_string_lossy().into_owned(),
            label: format!("GET {} as visitor {}", small.path(), small.visitor),
            unlisted: found,
            broken: Vec::new(),
        });
        Ok(())
    }
}
