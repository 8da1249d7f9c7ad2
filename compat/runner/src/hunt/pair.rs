//! Both servers on the same databases, and what is known about their differences.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::generate::Query;
use super::{mistakes, ties};
use crate::answer::Answer;
use crate::binaries;
use crate::client::Outgoing;
use crate::compare::{self, Difference, What};
use crate::layout::Layout;
use crate::ledger::Ledger;
use crate::normalise::Normalisers;
use crate::play;
use crate::process::{Ports, Server};
use crate::scenario::Request;
use crate::verdict::Verdict;

/// Settings that keep the original from giving up on slow or busy machines.
const SETTINGS: [(&str, &str); 3] = [
    ("facet_time_limit_ms", "10000"),
    ("facet_suggest_time_limit_ms", "10000"),
    ("sql_time_limit_ms", "10000"),
];

/// Both servers, the ledger, and how often its entries allowed something.
pub(super) struct Pair {
    original: Server,
    ours: Server,
    ledger: Ledger,
    listed: BTreeMap<String, usize>,
}

/// What came of one request.
pub(super) struct Judged {
    pub(super) original: Answer,
    pub(super) verdict: Verdict,
    pub(super) unlisted: Vec<Difference>,
}

impl Pair {
    pub(super) fn start(layout: &Layout, files: &[PathBuf], ports: Ports) -> Result<Self> {
        let expected = Ledger::load(&layout.expected())?.conditional();
        Ok(Self {
            original: start(
                layout,
                files,
                ports,
                "original",
                &binaries::original(layout)?,
            )?,
            ours: start(layout, files, ports, "ours", &binaries::ours(layout)?)?,
            ledger: Ledger::load(&layout.ledger())?.and(expected)?,
            listed: BTreeMap::new(),
        })
    }

    /// How often each entry of the ledger allowed a difference.
    pub(super) fn listed(&self) -> &BTreeMap<String, usize> {
        &self.listed
    }

    /// What both answer.
    pub(super) fn answers(&self, query: &Query) -> (Answer, Answer) {
        (ask(&self.original, query), ask(&self.ours, query))
    }

    /// What ours answers.
    pub(super) fn ours(&self, query: &Query) -> Answer {
        ask(&self.ours, query)
    }

    /// The name of what makes the differences an accident, found out by asking further.
    fn explain(
        &self,
        query: &Query,
        answers: (&Answer, &Answer),
        unlisted: &[Difference],
    ) -> Option<&'static str> {
        if ties::explain(self, query, unlisted) {
            return Some(ties::NAME);
        }
        mistakes::explain(self, query, answers, unlisted).then_some(mistakes::NAME)
    }

    /// Asks both once.
    pub(super) fn judge(&mut self, query: &Query) -> Result<Judged> {
        let (original, ours) = self.answers(query);
        let path = query.path();
        let differences = compare::answers(&original, &ours, &Request::get(&path));
        let answers = (&original, &ours);
        let label = format!("GET {path}");
        let mut judged = self.ledger.judge("hunt", &label, differences, answers);
        for id in std::mem::take(&mut judged.entries) {
            *self.listed.entry(id).or_default() += 1;
        }
        let mut verdict = Verdict::of(&judged);
        let mut unlisted = judged.unlisted;
        unlisted.extend(judged.broken.into_iter().map(demand));
        if verdict == Verdict::Different
            && let Some(name) = self.explain(query, answers, &unlisted)
        {
            *self.listed.entry(name.to_owned()).or_default() += 1;
            (verdict, unlisted) = (Verdict::Deliberate, Vec::new());
        }
        Ok(Judged {
            original,
            verdict,
            unlisted,
        })
    }
}

/// An answer that the ledger demands and ours does not give, as a difference.
fn demand(text: String) -> Difference {
    Difference {
        at: "/ledger".to_owned(),
        what: What::Changed,
        original: text.into(),
        ours: serde_json::Value::Null,
    }
}

fn ask(server: &Server, query: &Query) -> Answer {
    let outgoing = Outgoing {
        method: "GET".to_owned(),
        path: query.path(),
        ..Outgoing::default()
    };
    let answer = play::ask(server, &outgoing, &mut Normalisers::default()).0;
    with_infinities_read(answer)
}

/// A body of JSON with bare infinities (SHAPE-23) is text to others; here its tokens become texts,
/// so that it is compared place by place.
fn with_infinities_read(mut answer: Answer) -> Answer {
    let is_json = answer["headers"]["content-type"] == "application/json; charset=utf-8";
    let Some(lines) = answer["text"].as_array().filter(|_| is_json) else {
        return answer;
    };
    let body: String = lines.iter().filter_map(|line| line.as_str()).collect();
    let mut quoted = String::new();
    let mut in_text = false;
    let mut rest = body.as_str();
    while let Some(next) = rest.chars().next() {
        let token = ["-Infinity", "Infinity", "NaN"]
            .into_iter()
            .find(|token| rest.starts_with(token));
        let length = match token.filter(|_| !in_text) {
            Some(token) => {
                quoted.push_str(&format!("\"{token}\""));
                token.len()
            }
            None if in_text && next == '\\' => {
                let length = rest.chars().take(2).map(char::len_utf8).sum();
                quoted.push_str(&rest[..length]);
                length
            }
            None => {
                in_text ^= next == '"';
                quoted.push(next);
                next.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    if let (Ok(json), Some(parts)) = (serde_json::from_str(&quoted), answer.as_object_mut()) {
        parts.remove("text");
        parts.insert("json".to_owned(), json);
    }
    answer
}

fn start(
    layout: &Layout,
    files: &[PathBuf],
    ports: Ports,
    name: &str,
    binary: &Path,
) -> Result<Server> {
    let folder = format!("hunt-{name}-{}", std::process::id());
    let data = layout.work().join("run").join(folder);
    std::fs::create_dir_all(&data)?;
    let data = data.canonicalize()?;
    let mut args = Vec::new();
    for file in files {
        let copy = data.join(file.file_name().context("a database is a file")?);
        std::fs::copy(file, &copy)?;
        args.push(copy.to_string_lossy().into_owned());
    }
    for (name, value) in SETTINGS {
        args.extend(["--setting", name, value].map(str::to_owned));
    }
    Server::start(binary, &args, &data, ports, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn infinities_are_read_and_texts_stay() {
        let headers = json!({"content-type": "application/json; charset=utf-8"});
        let body = r#"{"rows": [-Infinity, "a \"Infinity", Infinity]}"#;
        let answer = json!({"headers": headers, "text": [body]});
        let read = with_infinities_read(answer);
        assert_eq!(
            read["json"]["rows"],
            json!(["-Infinity", "a \"Infinity", "Infinity"])
        );
        assert_eq!(read.get("text"), None);
    }
}
