//! Goldens: what the original answered, one readable file per scenario file.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::json_text::readable;
use crate::layout::Layout;
use crate::play::Played;
use crate::scenario::Scenario;

/// Where the golden of a scenario lies.
fn path(layout: &Layout, scenario: &str) -> PathBuf {
    layout.goldens().join(format!("{scenario}.json"))
}

/// Writes the answers of one scenario. Returns whether the file changed.
///
/// What several visitors are answered alike is written once, with their names under `as`.
pub(crate) fn write(
    layout: &Layout,
    scenario: &Scenario,
    original: &str,
    played: &[Played],
) -> Result<bool> {
    let path = path(layout, &scenario.name);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let text = format!("{}\n", readable(&to_json(scenario, original, played)));
    let changed = std::fs::read_to_string(&path)
        .ok()
        .is_none_or(|before| before != text);
    if changed {
        std::fs::write(&path, text)?;
    }
    Ok(changed)
}

/// Stands for the names under `as` in the label of a shared answer.
const ANYBODY: &str = " as *";

fn to_json(scenario: &Scenario, original: &str, played: &[Played]) -> Value {
    let by_label = scenario.by_label();
    let mut entries: Vec<(String, Vec<&str>, &Answer)> = Vec::new();
    for one in played {
        let request = Scenario::request_of(&by_label, &one.label);
        let visitor = request.filter(|request| request.shared);
        let Some(visitor) = visitor.and_then(|request| request.actor.as_deref()) else {
            entries.push((one.label.clone(), Vec::new(), &one.answer));
            continue;
        };
        let label = one.label.replacen(&format!(" as {visitor}"), ANYBODY, 1);
        // As text, because the order of keys matters.
        let text = one.answer.to_string();
        let same = entries
            .iter_mut()
            .rev()
            .take_while(|(found, ..)| *found == label)
            .find(|(.., answer)| answer.to_string() == text);
        match same {
            Some((_, visitors, _)) => visitors.push(visitor),
            None => entries.push((label, vec![visitor], &one.answer)),
        }
    }
    let answers = entries.into_iter().map(|(label, visitors, answer)| {
        let mut entry = Map::new();
        entry.insert("request".to_owned(), Value::from(label));
        if !visitors.is_empty() {
            entry.insert("as".to_owned(), Value::from(visitors));
        }
        entry.extend(answer.as_object().cloned().unwrap_or_default());
        Value::Object(entry)
    });
    json!({"original": original, "answers": answers.collect::<Vec<_>>()})
}

/// Reads the answers of one scenario.
pub(crate) fn read(layout: &Layout, scenario: &str) -> Result<Vec<Played>> {
    let path = path(layout, scenario);
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("{} is not there; run `record`", path.display()))?;
    let golden: Value =
        serde_json::from_str(&text).with_context(|| format!("in {}", path.display()))?;
    let answers = golden["answers"].as_array().cloned().unwrap_or_default();
    let mut played = Vec::new();
    for mut answer in answers {
        let mut take = |key: &str| answer.as_object_mut().and_then(|map| map.shift_remove(key));
        let label = take("request");
        let label = label.as_ref().and_then(Value::as_str).unwrap_or_default();
        let visitors = take("as");
        let Some(visitors) = visitors.as_ref().and_then(Value::as_array) else {
            let label = label.to_owned();
            played.push(Played { label, answer });
            continue;
        };
        played.extend(visitors.iter().filter_map(Value::as_str).map(|visitor| {
            let label = label.replacen(ANYBODY, &format!(" as {visitor}"), 1);
            let answer = answer.clone();
            Played { label, answer }
        }));
    }
    Ok(played)
}

/// Goldens without a scenario, as names.
pub(crate) fn orphans(layout: &Layout, scenarios: &[String]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    if layout.goldens().exists() {
        collect(&layout.goldens(), &layout.goldens(), &mut names)?;
    }
    names.retain(|name| !scenarios.contains(name));
    Ok(names)
}

fn collect(root: &Path, folder: &Path, names: &mut Vec<String>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, names)?;
        } else {
            let relative = path.strip_prefix(root)?.with_extension("");
            names.push(relative.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(layout: &Layout, text: &str) -> Scenario {
        let folder = layout.scenarios().join("index");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("home.toml"), text).unwrap();
        Scenario::load(layout, "index/home").unwrap()
    }

    #[test]
    fn a_golden_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(Some(folder.path().to_owned()));
        let scenario = scenario(&layout, "rows = []\n[[request]]\nget = '/'");
        let answer = json!({"status": 200, "headers": {}, "json": {"b": 1.0, "a": [null]}});
        let played = [Played {
            label: "GET /".to_owned(),
            answer: answer.clone(),
        }];
        assert!(write(&layout, &scenario, "1", &played).unwrap());
        assert!(!write(&layout, &scenario, "1", &played).unwrap());
        let read = read(&layout, "index/home").unwrap();
        assert_eq!(read[0].label, "GET /");
        assert_eq!(read[0].answer.to_string(), answer.to_string());
        assert_eq!(orphans(&layout, &[]).unwrap(), ["index/home"]);
    }

    #[test]
    fn answers_that_visitors_share_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(Some(folder.path().to_owned()));
        let text =
            "rows = []\nvisitors = ['a', 'b', 'c']\n[[request]]\npost = '/x'\nbody = ' as a'";
        let scenario = scenario(&layout, text);
        let statuses = [200, 403, 200];
        let played: Vec<Played> = scenario
            .labels()
            .into_iter()
            .zip(statuses)
            .map(|(label, status)| Played {
                label,
                answer: json!({"status": status, "headers": {}}),
            })
            .collect();
        let written = to_json(&scenario, "1", &played);
        assert_eq!(written["answers"][0]["as"], json!(["a", "c"]));
        assert_eq!(written["answers"].as_array().unwrap().len(), 2);
        write(&layout, &scenario, "1", &played).unwrap();
        let mut read = read(&layout, "index/home").unwrap();
        read.sort_by(|one, two| one.label.cmp(&two.label));
        for (one, again) in played.iter().zip(&read) {
            assert_eq!((&one.label, &one.answer), (&again.label, &again.answer));
        }
    }
}
