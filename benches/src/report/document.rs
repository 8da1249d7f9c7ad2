//! The results as JSON.

use serde_json::{Map, Value, json};

use super::line::LineKey;
use super::machine::Machine;
use super::results::{Failure, Results};
use crate::arguments::RunArguments;
use crate::contestants::{Contestant, Contestants};

const ALL: [Contestant; 4] = [
    Contestant::Original,
    Contestant::Floor,
    Contestant::Ours,
    Contestant::Shell,
];

/// Everything about a run that may be published: no host name, no paths.
pub(crate) fn document(
    results: &Results,
    machine: &Machine,
    contestants: &Contestants,
    arguments: &RunArguments,
    failures: &[Failure],
) -> Value {
    let versions: Map<String, Value> = contestants
        .versions()
        .into_iter()
        .map(|(contestant, version)| (contestant.name().to_owned(), version.into()))
        .collect();
    json!({
        "machine": machine.json(),
        "load": {
            "connections": arguments.connections,
            "seconds": arguments.seconds,
            "rounds": arguments.rounds,
            "shares_processors_with_server": true,
        },
        "versions": versions,
        "lines": results.lines().map(|key| line(key, results)).collect::<Vec<_>>(),
        "failures": failures.iter().map(|failure| failure.place.as_str()).collect::<Vec<_>>(),
    })
}

fn line(key: LineKey, results: &Results) -> Value {
    let mut contestants = Map::new();
    for contestant in ALL {
        let Some(median) = results.median(key, contestant) else {
            continue;
        };
        let mut entry = json!({"median": median, "rounds": results.values(key, contestant)});
        if let Some((p50, p99)) = results.latencies(key, contestant) {
            entry["p50_ms"] = p50.into();
            entry["p99_ms"] = p99.into();
        }
        contestants.insert(contestant.name().to_owned(), entry);
    }
    json!({
        "name": key.name(),
        "label": key.label(),
        "unit": key.unit().name(),
        "contestants": contestants,
        "ours_to_floor": results.ratio(key, Contestant::Ours, Contestant::Floor),
        "ours_to_original": results.ratio(key, Contestant::Ours, Contestant::Original),
        "ours_to_sqlite3": results.ratio(key, Contestant::Ours, Contestant::Shell),
        "goal": key.goal().text(key, results),
        "verdict": key.goal().verdict(key, results).word(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::results::Sample;
    use super::*;

    #[test]
    fn a_line_holds_every_round_and_the_verdict() {
        let mut results = Results::default();
        for value in [1.0, 3.0, 2.0] {
            results.add(Contestant::Ours, Sample::new(LineKey::MemoryIdle, value));
        }
        let line = line(LineKey::MemoryIdle, &results);
        assert_eq!(line["contestants"]["ours"]["median"], json!(2.0));
        assert_eq!(
            line["contestants"]["ours"]["rounds"],
            json!([1.0, 3.0, 2.0])
        );
        assert_eq!(line["contestants"].get("floor"), None);
        assert_eq!(line["verdict"], json!("met"));
        assert_eq!(line["goal"], json!("<= 25.0 MiB"));
    }
}
