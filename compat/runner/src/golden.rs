//! Goldens: what the original answered, one readable file per scenario file.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::json_text::readable;
use crate::layout::Layout;
use crate::play::Played;

/// Where the golden of a scenario lies.
fn path(layout: &Layout, scenario: &str) -> PathBuf {
    layout.goldens().join(format!("{scenario}.json"))
}

/// Writes the answers of one scenario. Returns whether the file changed.
pub(crate) fn write(
    layout: &Layout,
    scenario: &str,
    original: &str,
    played: &[Played],
) -> Result<bool> {
    let path = path(layout, scenario);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let text = format!("{}\n", readable(&to_json(original, played)));
    let changed = std::fs::read_to_string(&path)
        .ok()
        .is_none_or(|before| before != text);
    if changed {
        std::fs::write(&path, text)?;
    }
    Ok(changed)
}

fn to_json(original: &str, played: &[Played]) -> Value {
    let answers = played.iter().map(|one| {
        let mut entry = Map::new();
        entry.insert("request".to_owned(), Value::from(one.label.as_str()));
        entry.extend(one.answer.as_object().cloned().unwrap_or_default());
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
    let played = answers.into_iter().map(|mut answer| {
        let entry = answer.as_object_mut();
        let label = entry.and_then(|entry| entry.shift_remove("request"));
        let label = label
            .as_ref()
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        Played { label, answer }
    });
    Ok(played.collect())
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

    #[test]
    fn a_golden_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(Some(folder.path().to_owned()));
        let answer = json!({"status": 200, "headers": {}, "json": {"b": 1.0, "a": [null]}});
        let played = [Played {
            label: "GET /".to_owned(),
            answer: answer.clone(),
        }];
        assert!(write(&layout, "index/home", "1", &played).unwrap());
        assert!(!write(&layout, "index/home", "1", &played).unwrap());
        let read = read(&layout, "index/home").unwrap();
        assert_eq!(read[0].label, "GET /");
        assert_eq!(read[0].answer.to_string(), answer.to_string());
        assert_eq!(orphans(&layout, &[]).unwrap(), ["index/home"]);
    }
}
