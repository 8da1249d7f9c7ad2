//! What people see while and after measuring.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the only place of this command that prints"
)]

use super::grid::grid;
use super::line::{LineKey, figure};
use super::machine::Machine;
use super::results::{Failure, Results};
use crate::contestants::{Contestant, Contestants};

const SERVERS: [Contestant; 3] = [Contestant::Original, Contestant::Floor, Contestant::Ours];

/// Says what is being done.
pub(crate) fn progress(text: &str) {
    eprintln!("{text}");
}

/// Says what went wrong.
pub(crate) fn complain(text: &str) {
    eprintln!("Error: {text}");
}

/// Prints the table of goals, the latencies, the machine and what failed.
pub(crate) fn summary(
    results: &Results,
    machine: &Machine,
    contestants: &Contestants,
    setup: &str,
    failures: &[Failure],
) {
    println!("\n{}", goals(results));
    let latencies = latencies(results);
    if !latencies.is_empty() {
        println!("{latencies}");
    }
    println!("Machine: {}.", machine.text());
    println!(
        "The server and the load generator share these {} processors; nothing is pinned.",
        machine.processors()
    );
    println!("{setup}");
    for (contestant, version) in contestants.versions() {
        println!("{}: {version}", contestant.name());
    }
    if !contestants.has_shell() {
        println!("There is no sqlite3 shell here to compare the export with.");
    }
    for failure in failures {
        println!("FAILED {}: {}", failure.place, failure.reason);
    }
}

/// One row per line of the table of goals.
fn goals(results: &Results) -> String {
    let head = [
        "work",
        "original",
        "floor",
        "ours",
        "ours/floor",
        "ours/original",
        "goal",
        "verdict",
    ];
    let row = |key: LineKey| {
        let value = |contestant| {
            let median = results.median(key, contestant);
            median.map_or_else(|| "-".to_owned(), |value| key.unit().text(value))
        };
        let ratio = |other| {
            results
                .ratio(key, Contestant::Ours, other)
                .map_or_else(|| "-".to_owned(), ratio_text)
        };
        let mut row = vec![key.label().to_owned()];
        row.extend(SERVERS.map(value));
        row.push(ratio(Contestant::Floor));
        row.push(ratio(Contestant::Original));
        row.push(key.goal().text(key, results));
        row.push(key.goal().verdict(key, results).word().to_owned());
        row
    };
    grid(
        &head,
        &results.lines().map(row).collect::<Vec<_>>(),
        &[6, 7],
    )
}

/// Latencies under load, for the lines that have them; empty if none has.
fn latencies(results: &Results) -> String {
    let mut rows = Vec::new();
    for key in results.lines() {
        let found = SERVERS.map(|contestant| results.latencies(key, contestant));
        if found.iter().all(Option::is_none) {
            continue;
        }
        let mut row = vec![key.label().to_owned()];
        row.extend(found.map(|found| {
            found.map_or_else(
                || "-".to_owned(),
                |(p50, p99)| format!("{} / {}", figure(p50), figure(p99)),
            )
        }));
        rows.push(row);
    }
    if rows.is_empty() {
        return String::new();
    }
    grid(
        &["p50 / p99 in ms", "original", "floor", "ours"],
        &rows,
        &[],
    )
}

fn ratio_text(ratio: f64) -> String {
    match ratio {
        large if large >= 10.0 => format!("{large:.0}x"),
        middle if middle >= 2.0 => format!("{middle:.1}x"),
        small if small >= 0.1 => format!("{small:.2}"),
        tiny => format!("{tiny:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::results::Sample;
    use super::*;

    #[test]
    fn the_table_shows_values_ratios_and_verdict() {
        let mut results = Results::default();
        for (contestant, value) in [
            (Contestant::Original, 100.0),
            (Contestant::Floor, 10_000.0),
            (Contestant::Ours, 6e3),
        ] {
            let sample = Sample::new(LineKey::TableJson, value);
            results.add(
                contestant,
                Sample {
                    p50: Some(1.0),
                    p99: Some(2.5),
                    ..sample
                },
            );
        }
        let table = goals(&results);
        let row = table.lines().nth(2).unwrap();
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(
            cells,
            [
                "table JSON, 100 rows of 1M",
                "100/s",
                "10,000/s",
                "6,000/s",
                "0.60",
                "60x",
                ">= 0.5 of the floor",
                "met"
            ]
        );
        assert!(latencies(&results).contains("| 1.00 / 2.50 |"));
    }

    #[test]
    fn what_was_not_measured_is_a_dash() {
        let mut results = Results::default();
        results.add(Contestant::Floor, Sample::new(LineKey::ColdStart, 6.0));
        let table = goals(&results);
        let cells: Vec<&str> = table
            .lines()
            .nth(2)
            .unwrap()
            .trim_matches('|')
            .split('|')
            .map(str::trim)
            .collect();
        assert_eq!(cells[1..4], ["-", "6.00 ms", "-"]);
        assert_eq!(cells[7], "-");
        assert_eq!(latencies(&results), "");
    }
}
