//! Both servers on the same databases, and what is known about their differences.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::access::Access;
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
use crate::visitor::Visitor;

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
    visitors: Vec<Visitor>,
}

/// What came of one request.
pub(super) struct Judged {
    pub(super) original: Answer,
    pub(super) verdict: Verdict,
    pub(super) unlisted: Vec<Difference>,
}

impl Pair {
    pub(super) fn start(
        layout: &Layout,
        files: &[PathBuf],
        access: Option<&Access>,
        ports: Option<Ports>,
    ) -> Result<Self> {
        let mut expected = Ledger::load(&layout.expected())?.conditional();
        if access.is_some() {
            let more = Ledger::load(&layout.expected_access())?.conditional();
            expected = expected.and(more)?;
        }
        let (original, ours) = (binaries::original(layout)?, binaries::ours(layout)?);
        let begin = |name, binary: &Path| start(layout, files, access, ports, (name, binary));
        Ok(Self {
            original: begin("original", &original)?,
            ours: begin(play::OURS, &ours)?,
            ledger: Ledger::load(&layout.ledger())?.and(expected)?,
            listed: BTreeMap::new(),
            visitors: access.map_or_else(Vec::new, |access| access.visitors.clone()),
        })
    }

    /// The header that says who asks.
    pub(super) fn who(&self, query: &Query) -> Result<Option<(String, String)>> {
        let visitor = self.visitors.get(query.visitor);
        visitor.map_or(Ok(None), Visitor::header)
    }

    fn ask(&self, server: &Server, query: &Query) -> Answer {
        let outgoing = Outgoing {
            method: "GET".to_owned(),
            path: query.path(),
            // Visitors are made up here, so that each of them has a header or none.
            headers: self.who(query).ok().flatten().into_iter().collect(),
            ..Outgoing::default()
        };
        let answer = play::ask(server, &outgoing, &mut Normalisers::default()).0;
        with_infinities_read(answer)
    }

    /// How often each entry of the ledger allowed a difference.
    pub(super) fn listed(&self) -> &BTreeMap<String, usize> {
        &self.listed
    }

    /// What both answer.
    pub(super) fn answers(&self, query: &Query) -> (Answer, Answer) {
        (self.ask(&self.original, query), self.ask(&self.ours, query))
    }

    /// What ours answers.
    pub(super) fn ours(&self, query: &Query) -> Answer {
        self.ask(&self.ours, query)
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
    access: Option<&Access>,
    ports: Option<Ports>,
    (name, binary): (&str, &Path),
) -> Result<Server> {
    let folder = format!("hunt-{name}-{}", std::process::id());
    let data = layout.work().join("run").join(folder);
    std::fs::create_dir_all(&data)?;
    let data = data.canonicalize()?;
    let mut args = Vec::new();
    for file in files {
        args.push(copy(file, &data)?);
    }
    for (name, value) in SETTINGS {
        args.extend(["--setting", name, value].map(str::to_owned));
    }
    if let Some(access) = access {
        args.extend(access.args.iter().cloned());
        args.extend(["--internal".to_owned(), copy(&access.internal, &data)?]);
        if name == play::OURS {
            let off = ["--setting", "table_permissions_in_sql", "off"];
            args.extend(off.map(str::to_owned));
        }
    }
    Server::start(binary, &args, &data, ports, 0, None)
}

/// Copies a file to where its server may write, and returns its path.
fn copy(file: &Path, data: &Path) -> Result<String> {
    let copy = data.join(file.file_name().context("a database is a file")?);
    std::fs::copy(file, &copy)?;
    Ok(copy.to_string_lossy().into_owned())
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
