//! What is printed at the end of a run.
#![allow(clippy::print_stdout, reason = "this program speaks to a terminal")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::compare::{Difference, What};
use crate::ledger::{Deviation, Stale};
use crate::normalise::Normalisers;
use crate::scenario::Scenario;
use crate::verdict::{ALL, Failure, Tally};

/// Differences shown per failed request.
const SHOWN: usize = 6;
/// Characters shown of one value.
const WIDTH: usize = 160;
/// Characters shown before the first one that differs.
const BEFORE: usize = 30;

/// Failed requests with their first differences.
pub(crate) fn failures(failures: &[Failure], limit: usize) {
    for failure in failures.iter().take(limit) {
        println!("\n{}  {}", failure.scenario, failure.label);
        for difference in failure.unlisted.iter().take(SHOWN) {
            print_difference(difference);
        }
        if failure.unlisted.len() > SHOWN {
            println!("    ... and {} more", failure.unlisted.len() - SHOWN);
        }
        for demand in &failure.broken {
            println!("    ledger: {demand}");
        }
    }
    if failures.len() > limit {
        println!(
            "\n... and {} more failed requests (--failures shows more)",
            failures.len() - limit
        );
    }
}

fn print_difference(difference: &Difference) {
    let (original, ours) = excerpts(&difference.original, &difference.ours);
    println!("  {}", difference.at);
    match difference.what {
        What::Missing => println!("    only original: {original}"),
        What::Extra => println!("    only ours:     {ours}"),
        What::Changed | What::Order => {
            println!("    original: {original}");
            println!("    ours:     {ours}");
        }
    }
}

/// Both values cut to where they begin to differ.
fn excerpts(original: &Value, ours: &Value) -> (String, String) {
    let (left, right) = (original.to_string(), ours.to_string());
    let common = left
        .chars()
        .zip(right.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let start = common.saturating_sub(BEFORE);
    let cut = |text: &str| {
        let mut shown: String = text.chars().skip(start).take(WIDTH).collect();
        if start > 0 {
            shown.insert(0, '…');
        }
        if text.chars().count() > start + WIDTH {
            shown.push('…');
        }
        shown
    };
    (cut(&left), cut(&right))
}

/// Entries of the ledger that no longer hold.
pub(crate) fn stale(stale: &[Stale], unused: &[&Deviation]) {
    for entry in stale {
        let what = if entry.whole {
            "no longer differs"
        } else {
            "no longer differs at"
        };
        let places = if entry.whole {
            String::new()
        } else {
            format!(" {}", entry.places.join(", "))
        };
        println!("\nledger: {} {what}{places}", entry.id);
    }
    for entry in unused {
        let row = entry
            .row
            .as_deref()
            .map(|row| format!(" ({row})"))
            .unwrap_or_default();
        println!(
            "\nledger: {}{row} fits no request: {}",
            entry.id, entry.reason
        );
    }
}

/// The table of verdicts by area.
pub(crate) fn tally(tally: &Tally) {
    let rows = tally.rows();
    let mut totals = [0; 5];
    print!("\n{:<16}", "area");
    for (_, name) in ALL {
        print!("{name:>12}");
    }
    println!();
    for (area, counts) in &rows {
        line(area, counts);
        for (total, count) in totals.iter_mut().zip(counts) {
            *total += count;
        }
    }
    line("all", &totals);
}

fn line(name: &str, counts: &[usize; 5]) {
    print!("{name:<16}");
    for count in counts {
        print!("{count:>12}");
    }
    println!();
}

/// How often each normaliser fired.
pub(crate) fn normalisers(normalisers: &Normalisers) {
    let counts = normalisers.counts();
    println!("\n{} normalisers:", counts.len());
    for (name, count) in counts {
        println!("  {name:<24}{count:>8}");
    }
}

/// How often entries of the ledger allowed a difference.
pub(crate) fn expected(listed: &BTreeMap<String, usize>) {
    println!("\ndifferences on purpose:");
    for (id, count) in listed {
        println!("  {id:<32}{count:>8}");
    }
}

/// How many rows of the specification the scenarios show.
pub(crate) fn rows(scenarios: &[Scenario]) {
    let rows: BTreeSet<&String> = scenarios
        .iter()
        .flat_map(|scenario| &scenario.rows)
        .collect();
    println!(
        "\n{} scenarios show {} rows of the specification",
        scenarios.len(),
        rows.len()
    );
}

/// A plain line.
pub(crate) fn say(text: &str) {
    println!("{text}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn long_values_are_cut_to_the_difference() {
        let text = |end: &str| json!(format!("{}{end}{}", "x".repeat(500), "y".repeat(500)));
        let (left, right) = excerpts(&text("A"), &text("B"));
        assert!(left.starts_with("…x") && left.contains('A') && right.contains('B'));
        assert!(left.chars().count() <= WIDTH + 2);
    }
}
