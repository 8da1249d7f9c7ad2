//! A scenario: one topic, the site it needs and the requests it makes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::command::{Command, Folder};
use crate::layout::Layout;

/// One file of `compat/scenarios/{area}/{topic}.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// `{area}/{topic}`.
    #[serde(skip)]
    pub(crate) name: String,
    /// Rows of the specification that the requests show.
    pub(crate) rows: Vec<String>,
    /// Name of the site; `default` if not given.
    #[serde(default = "default_site")]
    pub(crate) site: String,
    /// Whether the requests write, and so want a server and databases of their own.
    #[serde(default)]
    pub(crate) writes: bool,
    /// Names of actors: each request is sent once as each of them, except where it names its own.
    #[serde(default)]
    visitors: Vec<String>,
    /// Name of another scenario whose requests come before those of this file.
    requests_of: Option<String>,
    /// The requests, in order, once for each of their visitors.
    #[serde(rename = "request", default)]
    pub(crate) requests: Vec<Request>,
    /// Commands that are run instead, in order and in one folder.
    #[serde(rename = "command", default)]
    pub(crate) commands: Vec<Command>,
    /// What is in the folder of the commands.
    #[serde(default)]
    pub(crate) folder: Folder,
}

fn default_site() -> String {
    "default".to_owned()
}

/// One `[[request]]`. Exactly one of the method keys names the path with its query string.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    get: Option<String>,
    /// Several paths, each of which is a GET with the other keys of this request.
    #[serde(default)]
    gets: Vec<String>,
    head: Option<String>,
    post: Option<String>,
    put: Option<String>,
    patch: Option<String>,
    delete: Option<String>,
    options: Option<String>,
    /// Any other method, written `["PURGE", "/path"]`.
    method: Option<(String, String)>,
    /// Request headers by name.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// Body as text.
    pub(crate) body: Option<String>,
    /// Body as JSON; sets the content type.
    pub(crate) json: Option<serde_json::Value>,
    /// Name of an actor in `compat/actors.toml` who sends this.
    pub(crate) actor: Option<String>,
    /// Names of actors who each send this, instead of the visitors of the file.
    visitors: Option<Vec<String>>,
    /// Whether this is one of several that differ in who sends them.
    #[serde(skip)]
    pub(crate) shared: bool,
    /// Host header; `""` sends none. The default is [`crate::client::HOST`].
    pub(crate) host: Option<String>,
    /// Asks page after page: `next` follows `next_url` of the JSON, `link` the Link header.
    pub(crate) follow: Option<Follow>,
    /// Most pages that are followed.
    #[serde(default = "default_pages")]
    pub(crate) pages: usize,
    /// Places in the answer that may have any value, as patterns.
    #[serde(default)]
    pub(crate) mask: Vec<String>,
    /// `headers` compares status and headers only (assets whose content is our own); `outline` also
    /// compares frame and forms of a page (tools whose wording is our own); `content` leaves out only
    /// what scripts of the page are: their tags, and the data they are handed.
    pub(crate) only: Option<Only>,
    /// Why this request is not played at all.
    pub(crate) skip: Option<String>,
}

fn default_pages() -> usize {
    50
}

/// How the next page is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Follow {
    /// The `next_url` key of a JSON body.
    Next,
    /// The `Link` header with `rel="next"`.
    Link,
}

/// Which part of an answer is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Only {
    /// Status and headers.
    Headers,
    /// Also the frame and the forms of the page, not its wording.
    Outline,
    /// All but the scripts of the page.
    Content,
}

impl Request {
    /// A plain GET.
    pub(crate) fn get(path: &str) -> Self {
        Self {
            get: Some(path.to_owned()),
            pages: default_pages(),
            ..Self::default()
        }
    }

    /// One request for each path of `gets`; itself where there are none.
    fn each_path(mut self) -> Vec<Self> {
        let paths = std::mem::take(&mut self.gets);
        if paths.is_empty() {
            return vec![self];
        }
        let one = |path| Self {
            get: Some(path),
            ..self.clone()
        };
        paths.into_iter().map(one).collect()
    }

    /// Method and path, if the request names exactly one.
    pub(crate) fn line(&self) -> Result<(&str, &str)> {
        let named = [
            ("GET", &self.get),
            ("HEAD", &self.head),
            ("POST", &self.post),
            ("PUT", &self.put),
            ("PATCH", &self.patch),
            ("DELETE", &self.delete),
            ("OPTIONS", &self.options),
        ];
        let mut lines = named
            .into_iter()
            .filter_map(|(method, path)| path.as_deref().map(|path| (method, path)))
            .chain(
                self.method
                    .as_ref()
                    .map(|(method, path)| (method.as_str(), path.as_str())),
            );
        match (lines.next(), lines.next()) {
            (Some(line), None) => Ok(line),
            _ => bail!("a request names exactly one method and path"),
        }
    }
}

impl Request {
    fn label(&self) -> String {
        let (method, path) = self.line().unwrap_or(("GET", "/"));
        let mut label = format!("{method} {path}");
        if let Some(actor) = &self.actor {
            label.push_str(&format!(" as {actor}"));
        }
        let body = self
            .body
            .clone()
            .or_else(|| self.json.as_ref().map(ToString::to_string));
        if let Some(body) = body.filter(|body| !body.is_empty()) {
            label.push_str(&format!(" with {body}"));
        }
        label
    }
}

impl Scenario {
    /// Reads one file; `name` is `{area}/{topic}`.
    pub(crate) fn load(layout: &Layout, name: &str) -> Result<Self> {
        let mut scenario = Self::read(layout, name)?;
        if let Some(other) = scenario.requests_of.take() {
            let mut requests = Self::read(layout, &other)?.requests;
            requests.append(&mut scenario.requests);
            scenario.requests = requests;
        }
        scenario.expand();
        let of_commands = scenario.commands.iter().flat_map(|one| &one.requests);
        for request in scenario.requests.iter().chain(of_commands) {
            request.line().with_context(|| format!("in {name}"))?;
        }
        if !scenario.commands.is_empty() && !scenario.requests.is_empty() {
            bail!("{name} has commands, so its requests belong to them");
        }
        Ok(scenario)
    }

    fn read(layout: &Layout, name: &str) -> Result<Self> {
        let path = layout.scenarios().join(format!("{name}.toml"));
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("no such scenario: {}", path.display()))?;
        Self::parse(name, &text).with_context(|| format!("in {}", path.display()))
    }

    /// Reads the text of a scenario file.
    fn parse(name: &str, text: &str) -> Result<Self> {
        let mut scenario: Self = toml::from_str(text)?;
        name.clone_into(&mut scenario.name);
        Ok(scenario)
    }

    /// Puts one request for each path and visitor in the place of each request that has several.
    fn expand(&mut self) {
        let of_commands = self.commands.iter_mut().map(|one| &mut one.requests);
        for requests in std::iter::once(&mut self.requests).chain(of_commands) {
            *requests = Self::expanded(std::mem::take(requests), &self.visitors);
        }
    }

    fn expanded(written: Vec<Request>, visitors: &[String]) -> Vec<Request> {
        let mut requests = Vec::new();
        for request in written.into_iter().flat_map(Request::each_path) {
            let visitors = request.visitors.as_deref().unwrap_or(visitors);
            if visitors.is_empty() || request.actor.is_some() {
                requests.push(request);
                continue;
            }
            requests.extend(visitors.iter().map(|visitor| Request {
                actor: Some(visitor.clone()),
                shared: true,
                ..request.clone()
            }));
        }
        requests
    }

    /// The requests by their labels.
    pub(crate) fn by_label(&self) -> BTreeMap<String, &Request> {
        let of_commands = self.commands.iter().zip(self.command_labels());
        let of_commands = of_commands.flat_map(|(command, labels)| {
            let itself = std::iter::once(&command.itself);
            let requests = command.requests.iter();
            let chosen: Vec<&Request> = if command.requests.is_empty() {
                itself.collect()
            } else {
                requests.collect()
            };
            labels.into_iter().zip(chosen)
        });
        let labels = self.labels().into_iter();
        labels.zip(&self.requests).chain(of_commands).collect()
    }

    /// The request that a label belongs to; further pages belong to the first.
    pub(crate) fn request_of<'a>(
        by_label: &BTreeMap<String, &'a Request>,
        label: &str,
    ) -> Option<&'a Request> {
        let first = match label.rsplit_once(" page ") {
            Some((first, number)) if number.parse::<usize>().is_ok() => first,
            _ => label,
        };
        by_label.get(first).copied()
    }

    /// The part of the name before the first slash.
    pub(crate) fn area(&self) -> &str {
        self.name.split('/').next().unwrap_or(&self.name)
    }

    /// One label per request: its line, actor and body, with ` #2` and so on where they repeat.
    pub(crate) fn labels(&self) -> Vec<String> {
        let mut seen = BTreeMap::new();
        let labels = self.requests.iter().map(Request::label);
        labels.map(|label| numbered(label, &mut seen)).collect()
    }

    /// The labels of each command: its line, or its line and a request for each of its requests.
    pub(crate) fn command_labels(&self) -> Vec<Vec<String>> {
        let mut seen = BTreeMap::new();
        let labels = |command: &Command| {
            if command.requests.is_empty() {
                return vec![numbered(command.run.clone(), &mut seen)];
            }
            let asked = command.requests.iter().map(Request::label);
            let asked = asked.map(|label| format!("{} > {label}", command.run));
            asked.map(|label| numbered(label, &mut seen)).collect()
        };
        self.commands.iter().map(labels).collect()
    }
}

/// A label that was seen before gets a number.
fn numbered(label: String, seen: &mut BTreeMap<String, usize>) -> String {
    let count = seen.entry(label.clone()).or_insert(0);
    *count += 1;
    if *count == 1 {
        label
    } else {
        format!("{label} #{count}")
    }
}

/// Every scenario whose name contains one of `wanted` (all of them when none is given), by name.
pub(crate) fn load_all(layout: &Layout, wanted: &[String]) -> Result<Vec<Scenario>> {
    let mut names = Vec::new();
    collect(&layout.scenarios(), &layout.scenarios(), &mut names)?;
    names.sort();
    names.retain(|name| wanted.is_empty() || wanted.iter().any(|part| name.contains(part)));
    if names.is_empty() {
        bail!("no scenario matches");
    }
    let known = specification_rows(layout)?;
    let load = |name: &String| {
        let scenario = Scenario::load(layout, name)?;
        match scenario.rows.iter().find(|row| !known.contains(*row)) {
            Some(row) => bail!("{name} names {row}, which the specification does not have"),
            None => Ok(scenario),
        }
    };
    names.iter().map(load).collect()
}

/// Ids in the first column of the tables of `docs/spec`, plain and as `{chapter}/{id}`.
fn specification_rows(layout: &Layout) -> Result<BTreeSet<String>> {
    let mut rows = BTreeSet::new();
    for entry in std::fs::read_dir(layout.specification())? {
        let path = entry?.path();
        let chapter = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = std::fs::read_to_string(&path)?;
        let cells = text
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
        for row in cells.flat_map(|cell| cell.split(", ")) {
            rows.insert(row.to_owned());
            rows.insert(format!("{chapter}/{row}"));
        }
    }
    Ok(rows)
}

fn collect(root: &Path, folder: &Path, names: &mut Vec<String>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, names)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
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
    fn repeated_lines_get_numbers() {
        let text = "rows = []\n[[request]]\nget = \"/\"\n[[request]]\nget = \"/\"\n[[request]]\nhead = \"/\"\nactor = \"ann\"\nbody = \"x\"";
        let scenario = Scenario::parse("index/home", text).unwrap();
        assert_eq!(
            scenario.labels(),
            ["GET /", "GET / #2", "HEAD / as ann with x"]
        );
        assert_eq!(scenario.area(), "index");
    }

    #[test]
    fn commands_are_labelled_with_what_is_asked_of_them() {
        let text = r#"
            rows = []
            [folder]
            databases = ["shop"]
            [[command]]
            run = "datasette inspect shop.db"
            [[command]]
            run = "datasette shop.db"
            [[command.request]]
            gets = ["/", "/shop"]
        "#;
        let mut scenario = Scenario::parse("commands/a", text).unwrap();
        scenario.expand();
        let labels = [
            "datasette inspect shop.db",
            "datasette shop.db > GET /",
            "datasette shop.db > GET /shop",
        ];
        assert_eq!(scenario.command_labels().concat(), labels);
        let by_label: Vec<String> = scenario.by_label().into_keys().collect();
        assert_eq!(by_label, labels);
    }

    #[test]
    fn a_request_with_two_methods_is_refused() {
        let text = "rows = []\n[[request]]\nget = \"/\"\nhead = \"/\"";
        let scenario = Scenario::parse("a/b", text).unwrap();
        assert!(scenario.requests[0].line().is_err());
    }

    #[test]
    fn each_request_is_sent_by_each_visitor() {
        let text = r#"
            rows = []
            visitors = ["ann", "ben"]
            [[request]]
            get = "/"
            [[request]]
            get = "/a"
            visitors = ["root"]
            [[request]]
            gets = ["/b", "/d"]
            only = "headers"
            visitors = []
            [[request]]
            get = "/c"
            actor = "ann"
        "#;
        let mut scenario = Scenario::parse("index/home", text).unwrap();
        scenario.expand();
        assert_eq!(
            scenario.labels(),
            [
                "GET / as ann",
                "GET / as ben",
                "GET /a as root",
                "GET /b",
                "GET /d",
                "GET /c as ann"
            ]
        );
        let shared: Vec<bool> = scenario.requests.iter().map(|one| one.shared).collect();
        assert_eq!(shared, [true, true, true, false, false, false]);
    }

    #[test]
    fn requests_of_another_scenario_are_sent_to_this_site() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(Some(folder.path().to_owned()));
        let scenarios = layout.scenarios().join("a");
        std::fs::create_dir_all(&scenarios).unwrap();
        let one = "rows = []\nvisitors = ['ann']\n[[request]]\nget = '/'";
        let two = "rows = []\nsite = 's'\nvisitors = ['ben']\nrequests_of = 'a/one'";
        std::fs::write(scenarios.join("one.toml"), one).unwrap();
        std::fs::write(scenarios.join("two.toml"), two).unwrap();
        let scenario = Scenario::load(&layout, "a/two").unwrap();
        assert_eq!(scenario.labels(), ["GET / as ben"]);
        assert_eq!(scenario.site, "s");
    }
}
