//! Plays all cases, some at a time.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::Result;

use super::case::{self, Case};
use super::play::{Stage, play};
use crate::layout::Layout;
use crate::report;
use crate::{binaries, visitor};

/// Servers that run at the same time: starting them keeps a processor busy, waiting does not.
const TOGETHER: usize = 4;

/// What to play.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// Parts of names of cases; all if there are none.
    pub(crate) only: Vec<String>,
    /// The environment of the plugins; None plays against the original.
    pub(crate) environment: Option<PathBuf>,
}

/// Plays the cases; whether everything was seen.
pub(crate) fn run(layout: &Layout, wanted: &Wanted) -> Result<bool> {
    let cases = case::load(&layout.published(), &wanted.only)?;
    let binary = match &wanted.environment {
        Some(_) => binaries::ours(layout)?,
        None => binaries::original(layout)?,
    };
    let environment = wanted.environment.as_ref().map(std::path::absolute);
    let stage = Stage {
        binary,
        environment: environment.transpose()?,
        work: layout.work().join("run"),
        visitors: visitor::load(layout)?,
    };
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..TOGETHER {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if !shown(&stage, case)
                        && let Ok(mut failed) = failed.lock()
                    {
                        failed.push(case.name.as_str());
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().unwrap_or_default();
    failed.sort_unstable();
    report::say(&format!(
        "{} cases, {} failed {}",
        cases.len(),
        failed.len(),
        failed.join(" ")
    ));
    Ok(failed.is_empty())
}

/// Plays a case and tells how it went.
fn shown(stage: &Stage, case: &Case) -> bool {
    if let Some(why) = &case.ours_only
        && stage.environment.is_none()
    {
        report::say(&format!("passed over {}: {why}", case.name));
        return true;
    }
    let began = Instant::now();
    let wrong = play(stage, case).unwrap_or_else(|error| vec![format!("{error:#}")]);
    let took = began.elapsed().as_secs_f64();
    if wrong.is_empty() {
        report::say(&format!("works       {} ({took:.1} s)", case.name));
        return true;
    }
    report::say(&format!(
        "FAILED      {}\n    {}",
        case.name,
        wrong.join("\n    ")
    ));
    false
}
