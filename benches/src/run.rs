//! One run: every contestant in turn, round after round.

use std::collections::HashSet;
use std::error::Error;
use std::fs;
use std::process::ExitCode;
use std::time::Duration;

use crate::agreement::Agreement;
use crate::arguments::RunArguments;
use crate::contestants::{Contestant, Contestants};
use crate::data::Databases;
use crate::measurements::{Setting, Work, measure};
use crate::report::{self, Failure, Machine, Results};

/// Measures, prints and, if asked, writes JSON. Goals that are not met are no failure; a
/// contestant that fails or answers differently is.
///
/// # Errors
/// What keeps the run from starting or its results from being written.
pub(crate) fn run(arguments: &RunArguments) -> Result<ExitCode, Box<dyn Error>> {
    let contestants = Contestants::find(&arguments.against)?;
    let asked = |work: &&Work| arguments.only.is_empty() || arguments.only.contains(work);
    let works: Vec<Work> = Work::all().iter().filter(asked).copied().collect();
    let files: Vec<_> = works.iter().filter_map(|work| work.file()).collect();
    let setting = Setting {
        databases: Databases::ready(&files)?,
        contestants,
        port: arguments.port,
        duration: Duration::from_secs_f64(arguments.seconds),
        connections: arguments.connections,
    };
    let machine = Machine::describe();
    let mut results = Results::default();
    let mut failures = Vec::new();
    for work in works {
        let rounds = arguments.rounds;
        take_turns(work, rounds, &setting, &mut results, &mut failures);
    }
    let contestants = &setting.contestants;
    let setup = format!(
        "Load: {} connections, {} s, {} rounds in turn (CSV at most 3); medians.",
        arguments.connections, arguments.seconds, arguments.rounds
    );
    report::summary(&results, &machine, contestants, &setup, &failures);
    if let Some(file) = &arguments.json {
        let document = report::document(&results, &machine, contestants, arguments, &failures);
        fs::write(file, format!("{document:#}\n"))?;
    }
    Ok(if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// All rounds of one kind of work. Who fails once sits out the rest, so that rounds stay paired.
fn take_turns(
    work: Work,
    rounds: u32,
    setting: &Setting,
    results: &mut Results,
    failures: &mut Vec<Failure>,
) {
    let mut agreement = Agreement::default();
    let mut out: HashSet<&str> = HashSet::new();
    let rounds = work.rounds(rounds);
    for round in 1..=rounds {
        let shell = setting.contestants.has_shell().then_some(Contestant::Shell);
        for contestant in setting.contestants.servers().chain(shell) {
            let name = contestant.name();
            if !work.suits(contestant) || out.contains(name) {
                continue;
            }
            report::progress(&format!("{work:?}, round {round} of {rounds}: {name}"));
            match measure(work, contestant, setting, &mut agreement) {
                Ok(samples) => {
                    for sample in samples {
                        results.add(contestant, sample);
                    }
                }
                Err(error) => {
                    out.insert(name);
                    let place = format!("{work:?}, round {round}, {name}");
                    let reason = error.to_string();
                    report::complain(&format!("{place}: {reason}"));
                    failures.push(Failure { place, reason });
                }
            }
        }
    }
}
