//! Editing the ledger file as text, so that what people wrote in it stays as it is.

use crate::compare::Difference;

use super::Stale;

/// The line that starts an entry.
const START: &str = "[[deviation]]";
/// Differences up to this number are written place by place.
const PLACES: usize = 4;

/// A new entry of status `missing` for the differences of one request.
pub(crate) fn missing_entry(
    scenario: &str,
    request: &str,
    differences: &[Difference],
    taken: &mut Vec<String>,
) -> String {
    let mut number = 1;
    let id = loop {
        let id = format!("{scenario}-{number}");
        if !taken.contains(&id) {
            break id;
        }
        number += 1;
    };
    taken.push(id.clone());
    let places: Vec<String> = collapse(differences)
        .iter()
        .map(|place| quote(place))
        .collect();
    format!(
        "\n{START}\nid = {}\nscenario = {}\nrequest = {}\nat = [{}]\nreason = \"not built yet\"\nstatus = \"missing\"\n",
        quote(&id),
        quote(scenario),
        quote(request),
        places.join(", ")
    )
}

/// Few places: each difference, or the parts of the answer that differ, or the whole body.
fn collapse(differences: &[Difference]) -> Vec<String> {
    let exact: Vec<String> = differences.iter().map(|found| found.at.clone()).collect();
    for depth in [usize::MAX, 2, 1] {
        let mut places: Vec<String> = exact.iter().map(|place| shorten(place, depth)).collect();
        places.sort();
        places.dedup();
        if places.len() <= PLACES || depth == 1 {
            return places;
        }
    }
    exact
}

fn shorten(place: &str, depth: usize) -> String {
    let slashes = place.match_indices('/').map(|(index, _)| index);
    match slashes.clone().nth(depth) {
        Some(end) => format!("{}**", &place[..end]),
        None => place.to_owned(),
    }
}

/// TOML basic string.
fn quote(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Takes stale entries, or stale places of entries, out of the text of a ledger.
pub(crate) fn drop_stale(ledger: &str, stale: &[Stale]) -> String {
    let mut kept = Vec::new();
    for block in blocks(ledger) {
        match stale.iter().find(|entry| is_entry(block, &entry.id)) {
            Some(entry) if entry.whole => {}
            Some(entry) => kept.push(without_places(block, &entry.places)),
            None => kept.push(block.to_owned()),
        }
    }
    kept.concat()
}

/// The text before the first entry, then one block per entry.
fn blocks(ledger: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = vec![0];
    starts.extend(
        ledger
            .match_indices("\n[[deviation]]")
            .map(|(index, _)| index + 1),
    );
    starts.push(ledger.len());
    starts
        .windows(2)
        .map(|pair| &ledger[pair[0]..pair[1]])
        .collect()
}

fn is_entry(block: &str, id: &str) -> bool {
    block
        .lines()
        .any(|line| line.trim() == format!("id = {}", quote(id)))
}

fn without_places(block: &str, places: &[String]) -> String {
    let line = |line: &str| {
        let Some(list) = line.strip_prefix("at = ") else {
            return line.to_owned();
        };
        let Ok(file) = toml::from_str::<toml::Table>(&format!("at = {list}")) else {
            return line.to_owned();
        };
        let listed = file["at"].as_array().cloned().unwrap_or_default();
        let kept = listed.iter().filter_map(toml::Value::as_str);
        let kept = kept
            .filter(|place| !places.iter().any(|gone| gone == place))
            .map(quote);
        format!("at = [{}]", kept.collect::<Vec<_>>().join(", "))
    };
    block.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Ledger, Status};
    use serde_json::json;

    fn differences(places: &[&str]) -> Vec<Difference> {
        let answer = |value: u16| json!({"status": value, "headers": {}});
        let request = crate::scenario::Request::get("/");
        let one = crate::compare::answers(&answer(1), &answer(2), &request).remove(0);
        places
            .iter()
            .map(|at| Difference {
                at: (*at).to_owned(),
                ..one.clone()
            })
            .collect()
    }

    #[test]
    fn many_differences_become_few_places() {
        let places = [
            "/json/rows/0/a",
            "/json/rows/1/a",
            "/json/rows/2/a",
            "/json/x",
            "/status",
        ];
        let found = collapse(&differences(&places));
        assert_eq!(found, ["/json/rows**", "/json/x", "/status"]);
    }

    #[test]
    fn a_written_entry_can_be_read_and_matches() {
        let mut taken = vec!["a/b-1".to_owned()];
        let text = missing_entry("a/b", "GET /\"x*", &differences(&["/status"]), &mut taken);
        let mut ledger = Ledger::parse(&text).unwrap();
        assert_eq!(ledger.ids(), ["a/b-2"]);
        let judged = ledger.judge(
            "a/b",
            "GET /\"x*",
            differences(&["/status"]),
            (&serde_json::Value::Null, &serde_json::Value::Null),
        );
        assert_eq!(judged.covered_by, [Status::Missing]);
    }

    #[test]
    fn stale_entries_go_and_everything_else_stays() {
        let mut taken = Vec::new();
        let first = missing_entry(
            "a",
            "GET /",
            &differences(&["/status", "/json/x"]),
            &mut taken,
        );
        let second = missing_entry("b", "GET /", &differences(&["/status"]), &mut taken);
        let text = format!("# head\n{first}# note\n{second}");
        let entry = |id: &str, places: &[&str], whole| Stale {
            id: id.to_owned(),
            status: Status::Missing,
            places: places.iter().map(|place| (*place).to_owned()).collect(),
            whole,
        };
        let stale = [
            entry("a-1", &["/json/x"], false),
            entry("b-1", &["/status"], true),
        ];
        let kept = drop_stale(&text, &stale);
        assert!(kept.starts_with("# head\n") && kept.contains("# note"));
        assert!(kept.contains("at = [\"/status\"]") && !kept.contains("b-1"));
        assert_eq!(Ledger::parse(&kept).unwrap().ids(), ["a-1"]);
    }
}
