//! What an answer must show.

use serde_json::Value;

use super::case::Step;

/// An answer to a request, or what a command said.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// The status, or the exit code.
    pub(super) status: u16,
    /// In order, with lower-case names.
    pub(super) headers: Vec<(String, String)>,
    /// The body, or what was printed to both streams.
    pub(super) text: String,
}

/// Characters of an answer that are shown with what it lacks.
const SHOWN: usize = 600;

/// What is wrong with an answer to this step; `log` is what the server has logged by now.
pub(super) fn faults(step: &Step, seen: &Seen, log: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let usual = if step.deed().is_ok_and(|deed| deed.is_command()) {
        0
    } else {
        200
    };
    let status = step.status.unwrap_or(usual);
    if seen.status != status {
        faults.push(format!("status {} instead of {status}", seen.status));
    }
    for text in &step.sees {
        if !seen.text.contains(text.as_str()) {
            faults.push(format!("does not show {text:?}"));
        }
    }
    for text in &step.lacks {
        if seen.text.contains(text.as_str()) {
            faults.push(format!("shows {text:?}"));
        }
    }
    for (name, part) in &step.shows {
        let mut values = seen
            .headers
            .iter()
            .filter(|(own, _)| own == name)
            .peekable();
        let right = match part.as_str() {
            "" => values.peek().is_none(),
            part => values.any(|(_, value)| value.contains(part)),
        };
        if !right {
            faults.push(format!(
                "header {name} without {part:?}: {:?}",
                seen.headers
            ));
        }
    }
    if !step.holds.is_empty() {
        faults.extend(misplaced(step, &seen.text));
    }
    for text in &step.logs {
        if !log.contains(text.as_str()) {
            faults.push(format!("{text:?} is not in the log"));
        }
    }
    if !faults.is_empty() {
        let shown: String = seen.text.chars().take(SHOWN).collect();
        faults.push(format!("the answer begins: {shown}"));
    }
    faults
}

fn misplaced(step: &Step, text: &str) -> Vec<String> {
    let Ok(answer) = serde_json::from_str::<Value>(text) else {
        return vec!["is not JSON".to_owned()];
    };
    let wrong = |(pointer, expected): (&String, &Value)| {
        let found = answer.pointer(pointer).unwrap_or(&Value::Null);
        (found != expected).then(|| format!("{pointer} is {found} instead of {expected}"))
    };
    step.holds.iter().filter_map(wrong).collect()
}

/// The text between two others, if it is there.
pub(super) fn between<'a>(text: &'a str, after: &str, before: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(after)?;
    Some(rest.split_once(before)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(text: &str) -> Step {
        toml::from_str(text).unwrap()
    }

    fn seen() -> Seen {
        Seen {
            status: 200,
            headers: vec![("vary".to_owned(), "accept".to_owned())],
            text: r#"{"a": [1]}"#.to_owned(),
        }
    }

    #[test]
    fn each_kind_of_sight_can_fail() {
        let right = [
            "sees = ['\"a\"']",
            "lacks = ['b']",
            "shows = { vary = 'acc', etag = '' }",
            "holds = { '/a/0' = 1, '/b' = '' }",
            "logs = ['careful']",
        ];
        for line in &right[..3] {
            assert!(faults(&step(&format!("get = '/'\n{line}")), &seen(), "careful").is_empty());
        }
        let wrong = [
            "status = 404",
            "sees = ['b']",
            "lacks = ['a']",
            "shows = { vary = 'x' }",
            "shows = { vary = '' }",
            "shows = { etag = 'x' }",
            right[3],
            "logs = ['careless']",
        ];
        for line in wrong {
            let faults = faults(&step(&format!("get = '/'\n{line}")), &seen(), "careful");
            assert_eq!(faults.len(), 2, "{line}: {faults:?}");
        }
        assert!(
            faults(
                &step(&format!("get = '/'\n{}", right[4])),
                &seen(),
                "careful"
            )
            .is_empty()
        );
    }

    #[test]
    fn a_part_stands_between_two_texts() {
        assert_eq!(between("a=1;b", "a=", ";"), Some("1"));
        assert_eq!(between("a=1", "a=", ";"), None);
    }
}
