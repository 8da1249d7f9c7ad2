//! The run over the steps: which ones, how long each took, what failed.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::steps::STEPS;
use crate::tree;
use crate::workspace::Workspace;

/// What can be asked of `test`.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Run only these steps.
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// List the steps and stop.
    #[arg(long)]
    list: bool,
}

/// What every step may look at.
pub(crate) struct Site {
    pub(crate) root: PathBuf,
    pub(crate) workspace: Workspace,
}

/// One part of the tests.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) run: fn(&Site) -> Result<()>,
}

/// How one step went.
struct Outcome {
    name: &'static str,
    took: Duration,
    failure: Option<String>,
}

/// Runs the steps. One that fails does not stop the others, but the whole fails in the end.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if arguments.list {
        for step in STEPS {
            println!("{:<8} {}", step.name, step.what);
        }
        return Ok(());
    }
    let chosen = choose(STEPS, &arguments.only)?;
    let root = tree::root();
    let site = Site {
        workspace: Workspace::read(&root)?,
        root,
    };
    let mut outcomes = Vec::new();
    for step in chosen {
        println!("\n== {}: {}", step.name, step.what);
        let start = Instant::now();
        let failure = (step.run)(&site).err().map(|error| format!("{error:#}"));
        if let Some(words) = &failure {
            println!("FAILED  {}: {words}", step.name);
        }
        outcomes.push(Outcome {
            name: step.name,
            took: start.elapsed(),
            failure,
        });
    }
    summarise(&outcomes)
}

fn choose<'a>(steps: &'a [Step], only: &[String]) -> Result<Vec<&'a Step>> {
    for wanted in only {
        if !steps.iter().any(|step| step.name == wanted) {
            let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
            bail!(
                "there is no step `{wanted}`; the steps are: {}",
                names.join(", ")
            );
        }
    }
    Ok(steps
        .iter()
        .filter(|step| only.is_empty() || only.iter().any(|wanted| wanted == step.name))
        .collect())
}

fn summarise(outcomes: &[Outcome]) -> Result<()> {
    println!();
    for outcome in outcomes {
        let verdict = match &outcome.failure {
            None => "ok",
            Some(_) => "FAILED",
        };
        println!(
            "{verdict:<7} {:<8} {:>7.1} s",
            outcome.name,
            outcome.took.as_secs_f64()
        );
    }
    let whole: Duration = outcomes.iter().map(|outcome| outcome.took).sum();
    println!("{:<16} {:>7.1} s", "together", whole.as_secs_f64());
    let failed: Vec<String> = outcomes
        .iter()
        .filter_map(|outcome| Some(format!("{} ({})", outcome.name, outcome.failure.as_ref()?)))
        .collect();
    if !failed.is_empty() {
        bail!(
            "{} of {} steps failed: {}",
            failed.len(),
            outcomes.len(),
            failed.join("; ")
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLES: &[Step] = &[
        Step {
            name: "one",
            what: "passes",
            run: |_| Ok(()),
        },
        Step {
            name: "two",
            what: "fails",
            run: |_| bail!("broken"),
        },
    ];

    #[test]
    fn steps_are_chosen_by_name() {
        assert_eq!(choose(SAMPLES, &[]).unwrap().len(), 2);
        assert_eq!(choose(SAMPLES, &["two".to_owned()]).unwrap()[0].name, "two");
        assert!(choose(SAMPLES, &["three".to_owned()]).is_err());
    }

    #[test]
    fn one_failure_fails_the_whole() {
        let outcome = |failure: Option<&str>| Outcome {
            name: "one",
            took: Duration::from_secs(1),
            failure: failure.map(str::to_owned),
        };
        assert!(summarise(&[outcome(None), outcome(None)]).is_ok());
        let error = summarise(&[outcome(None), outcome(Some("broken"))]).unwrap_err();
        assert_eq!(error.to_string(), "1 of 2 steps failed: one (broken)");
    }

    #[test]
    fn names_of_steps_are_unique() {
        let mut names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
    }
}
