//! Plays the requests of scenarios against a server and collects comparable answers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::answer::{self, Answer};
use crate::client::{self, Incoming, Outgoing};
use crate::command;
use crate::compare;
use crate::layout::Layout;
use crate::normalise::{Context, Normalisers};
use crate::process::{Ports, Server};
use crate::report;
use crate::scenario::{Follow, Request, Scenario};
use crate::site::Site;
use crate::visitor::{self, Visitors};

/// One answer and the label of its request; further pages are labelled `{label} page 2` and so on.
#[derive(Debug, Clone)]
pub(crate) struct Played {
    pub(crate) label: String,
    pub(crate) answer: Answer,
}

/// A binary together with what is needed to start it on any site.
#[derive(Debug)]
pub(crate) struct Stage<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) binary: PathBuf,
    pub(crate) ports: Option<Ports>,
    /// Distinguishes the scratch folders of several stages in one run.
    pub(crate) name: &'a str,
    /// Python's hash seed, for the original.
    pub(crate) hash_seed: u32,
    /// The Python that runs plugins of ours; the original brings its own.
    pub(crate) python: Option<PathBuf>,
}

impl Stage<'_> {
    /// Starts the binary on fresh databases of the site.
    pub(crate) fn start(&self, site: &Site) -> Result<Server> {
        let folder = format!("{}-{}-{}", self.name, site.name, std::process::id());
        let data = self.layout.work().join("run").join(folder);
        std::fs::create_dir_all(&data)?;
        let data = data.canonicalize()?;
        let args = site.prepare(self.layout, &data, self.name == OURS)?;
        let python = self.python_for(!site.plugins.is_empty())?;
        Server::start(
            &self.binary,
            &args,
            &data,
            self.ports,
            self.hash_seed,
            python,
        )
        .with_context(|| format!("on the site {}", site.name))
    }

    /// What ours is told of Python: nothing, where there are no plugins to run.
    pub(crate) fn python_for(&self, plugins: bool) -> Result<Option<&Path>> {
        if !plugins || self.name != OURS {
            return Ok(None);
        }
        let python = self.python.as_deref();
        python
            .context("plugins need a Python: name one with --python (see compat/README.md)")
            .map(Some)
    }

    /// Plays the scenarios, those of one site on one server, and returns answers by scenario.
    pub(crate) fn play_all(
        &self,
        scenarios: &[Scenario],
        normalisers: &mut Normalisers,
    ) -> Result<BTreeMap<String, Vec<Played>>> {
        let visitors = visitor::load(self.layout)?;
        let mut by_site: BTreeMap<&str, Vec<&Scenario>> = BTreeMap::new();
        let mut answers = BTreeMap::new();
        for scenario in scenarios {
            if !scenario.commands.is_empty() {
                let played = command::play(self, scenario, &visitors, normalisers)?;
                answers.insert(scenario.name.clone(), played);
                continue;
            }
            by_site.entry(&scenario.site).or_default().push(scenario);
        }
        for (name, scenarios) in by_site {
            let site = Site::load(self.layout, name)?;
            let (writing, reading): (Vec<_>, Vec<_>) =
                scenarios.into_iter().partition(|scenario| scenario.writes);
            let groups = std::iter::once(reading).chain(writing.into_iter().map(|one| vec![one]));
            for group in groups.filter(|group| !group.is_empty()) {
                let server = match self.start(&site) {
                    Ok(server) => server,
                    Err(error) if self.name == OURS => {
                        report::say(&format!("{error:#}"));
                        let silent = |scenario: &Scenario| {
                            (scenario.name.clone(), silence(&asked_of(scenario)))
                        };
                        answers.extend(group.into_iter().map(silent));
                        continue;
                    }
                    Err(error) => return Err(error),
                };
                for scenario in group {
                    let played = play(&server, scenario, &visitors, normalisers)?;
                    answers.insert(scenario.name.clone(), played);
                }
            }
        }
        Ok(answers)
    }
}

/// Name of the stage whose binary may fail to start: that is a finding, not the end of a run.
pub(crate) const OURS: &str = "ours";

/// The answers of a server that does not start.
pub(crate) fn silence(asked: &[(&Request, String)]) -> Vec<Played> {
    let asked = asked.iter().filter(|(request, _)| request.skip.is_none());
    let answer = json!({"status": 0, "headers": {}, "text": ["the server does not start"]});
    asked
        .map(|(_, label)| Played {
            label: label.clone(),
            answer: answer.clone(),
        })
        .collect()
}

/// The requests of a scenario with their labels.
fn asked_of(scenario: &Scenario) -> Vec<(&Request, String)> {
    scenario.requests.iter().zip(scenario.labels()).collect()
}

/// Plays one scenario.
pub(crate) fn play(
    server: &Server,
    scenario: &Scenario,
    visitors: &Visitors,
    normalisers: &mut Normalisers,
) -> Result<Vec<Played>> {
    ask_all(server, &asked_of(scenario), visitors, normalisers)
}

/// Sends requests, and those for the pages after theirs.
pub(crate) fn ask_all(
    server: &Server,
    asked: &[(&Request, String)],
    visitors: &Visitors,
    normalisers: &mut Normalisers,
) -> Result<Vec<Played>> {
    let mut played = Vec::new();
    for (request, label) in asked {
        if request.skip.is_some() {
            continue;
        }
        let mut outgoing = outgoing(request, visitors)?;
        for page in 1..=request.pages {
            let label = if page == 1 {
                label.clone()
            } else {
                format!("{label} page {page}")
            };
            let (mut answer, incoming) = ask(server, &outgoing, normalisers);
            answer::keep_only(&mut answer, request.only);
            compare::mask(&mut answer, &request.mask);
            played.push(Played { label, answer });
            let next = request.follow.zip(incoming);
            match next.and_then(|(follow, incoming)| next_path(&incoming, follow)) {
                Some(path) => outgoing.path = path,
                None => break,
            }
        }
    }
    Ok(played)
}

/// Sends one request; a connection that breaks is an answer too, with status 0.
pub(crate) fn ask(
    server: &Server,
    outgoing: &Outgoing,
    normalisers: &mut Normalisers,
) -> (Answer, Option<Incoming>) {
    let context = Context {
        data: server.data.clone(),
        path: outgoing.path.clone(),
    };
    match client::send(server.address, outgoing) {
        Ok(incoming) => (answer::of(&incoming, normalisers, &context), Some(incoming)),
        Err(_) => (
            json!({"status": 0, "headers": {}, "text": ["no complete answer"]}),
            None,
        ),
    }
}

/// What goes over the wire for a request.
pub(crate) fn outgoing(request: &Request, visitors: &Visitors) -> Result<Outgoing> {
    let (method, path) = request.line()?;
    let mut headers: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if let Some(actor) = &request.actor {
        let visitor = visitors
            .get(actor)
            .with_context(|| format!("no actor {actor}"))?;
        let header = visitor.header();
        headers.extend(header.with_context(|| format!("the actor {actor}"))?);
    }
    let mut body = request.body.clone().unwrap_or_default().into_bytes();
    if let Some(value) = &request.json {
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        body = value.to_string().into_bytes();
    }
    Ok(Outgoing {
        method: method.to_owned(),
        path: path.to_owned(),
        headers,
        body,
        host: request.host.clone(),
    })
}

/// Path and query of the next page, if the answer names one.
fn next_path(incoming: &Incoming, follow: Follow) -> Option<String> {
    let url = match follow {
        Follow::Next => {
            let body: Value = serde_json::from_slice(&incoming.body).ok()?;
            body.get("next_url")?.as_str()?.to_owned()
        }
        Follow::Link => {
            let links = incoming.headers.iter().filter(|(name, _)| name == "link");
            let mut next = links.filter(|(_, value)| value.contains("rel=\"next\""));
            next.next()?.1.split(['<', '>']).nth(1)?.to_owned()
        }
    };
    let after_scheme = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    after_scheme
        .find('/')
        .map(|slash| after_scheme[slash..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_in_both_places() {
        let incoming = Incoming {
            status: 200,
            headers: vec![
                (
                    "link".to_owned(),
                    "<http://a/t.json>; rel=\"alternate\"".to_owned(),
                ),
                (
                    "link".to_owned(),
                    "<http://a/t?_next=2>; rel=\"next\"".to_owned(),
                ),
            ],
            body: br#"{"next_url": "http://a/t.json?_next=1"}"#.to_vec(),
        };
        assert_eq!(
            next_path(&incoming, Follow::Next).as_deref(),
            Some("/t.json?_next=1")
        );
        assert_eq!(
            next_path(&incoming, Follow::Link).as_deref(),
            Some("/t?_next=2")
        );
        let last = Incoming {
            body: br#"{"next_url": null}"#.to_vec(),
            ..Incoming::default()
        };
        assert_eq!(next_path(&last, Follow::Next), None);
    }
}
