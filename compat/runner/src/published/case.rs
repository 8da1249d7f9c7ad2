//! A case: one plugin (or some that belong together), the site it gets, what is asked and what must
//! be seen.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// One file of `compat/published`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// Name of the file without its ending.
    #[serde(skip)]
    pub(crate) name: String,
    /// The distributions that are loaded, and no others.
    pub(crate) plugins: Vec<String>,
    /// Why the original cannot play this at all.
    pub(crate) ours_only: Option<String>,
    /// Databases that are opened, by the names of their files: the SQL that makes them.
    #[serde(default)]
    pub(crate) databases: BTreeMap<String, String>,
    /// The same, opened with `-i`.
    #[serde(default)]
    pub(crate) immutable: BTreeMap<String, String>,
    /// The text of a configuration file, as YAML, given with `-c`.
    pub(crate) config: Option<String>,
    /// Other files, by their paths.
    #[serde(default)]
    pub(crate) files: BTreeMap<String, String>,
    /// Further arguments of the server.
    #[serde(default)]
    pub(crate) args: Vec<String>,
    /// Variables of its environment.
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    /// What is done, in order.
    #[serde(rename = "step")]
    pub(crate) steps: Vec<Step>,
}

/// One `[[step]]`: a request or a command, and what must be seen.
///
/// Exactly one of `get`, `post`, `method` and `run` is given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    get: Option<String>,
    post: Option<String>,
    /// Any other method, written `["OPTIONS", "/path"]`.
    method: Option<(String, String)>,
    /// A command line, given to a shell in which `datasette` is the binary.
    run: Option<String>,
    /// What is written to a command.
    #[serde(default)]
    pub(crate) input: String,
    /// Request headers by name.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// Name of an actor in `compat/actors.toml` who sends this.
    pub(crate) actor: Option<String>,
    /// A body as text.
    pub(crate) body: Option<String>,
    /// A body as JSON.
    pub(crate) json: Option<serde_json::Value>,
    /// A form that is sent, as `application/x-www-form-urlencoded`.
    pub(crate) form: Option<BTreeMap<String, String>>,
    /// Files that are sent as `multipart/form-data`, and fields beside them.
    pub(crate) upload: Option<Upload>,
    /// Whether the cookies that earlier answers set stay at home.
    #[serde(default)]
    pub(crate) stranger: bool,
    /// The status of the answer, or the exit code; 200 or 0 if not given.
    pub(crate) status: Option<u16>,
    /// Texts that the answer contains.
    #[serde(default)]
    pub(crate) sees: Vec<String>,
    /// Texts that it does not contain.
    #[serde(default)]
    pub(crate) lacks: Vec<String>,
    /// Headers by name, and a text that the value contains; `""` for one that is not there.
    #[serde(default)]
    pub(crate) shows: BTreeMap<String, String>,
    /// Places of the JSON answer (as pointers), and what is there.
    #[serde(default)]
    pub(crate) holds: BTreeMap<String, serde_json::Value>,
    /// Texts that the log contains by now.
    #[serde(default)]
    pub(crate) logs: Vec<String>,
    /// Whether to ask again until it is seen: for what plugins do beside the requests.
    #[serde(default)]
    pub(crate) patiently: bool,
    /// Parts of the answer to keep by a name; `{name}` stands for them in later steps.
    #[serde(default)]
    pub(crate) keep: BTreeMap<String, Between>,
    /// Why the original does not show this.
    pub(crate) ours_only: Option<String>,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Deed {
    /// A method and a path with its query string.
    Request(String, String),
    /// A command line.
    Command(String),
}

impl Deed {
    /// Whether it is a command.
    pub(crate) fn is_command(&self) -> bool {
        matches!(self, Self::Command(_))
    }
}

impl Step {
    /// What it does.
    pub(crate) fn deed(&self) -> Result<Deed> {
        let request = |method: &str, path: &str| Deed::Request(method.to_owned(), path.to_owned());
        let named = [
            self.get.as_deref().map(|path| request("GET", path)),
            self.post.as_deref().map(|path| request("POST", path)),
            self.method
                .as_ref()
                .map(|(method, path)| request(method, path)),
            self.run.clone().map(Deed::Command),
        ];
        let mut named = named.into_iter().flatten();
        match (named.next(), named.next()) {
            (Some(deed), None) => Ok(deed),
            _ => bail!("a step names exactly one request or command"),
        }
    }
}

/// Files that are sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Upload {
    /// The name of the field of the file.
    pub(crate) field: String,
    /// The name of the file.
    pub(crate) file: String,
    /// Its content.
    pub(crate) content: String,
    /// Other fields.
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, String>,
}

/// A part of an answer: what stands between two texts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Between {
    pub(crate) after: String,
    pub(crate) before: String,
}

/// Reads the cases whose names contain one of `only`, or all.
pub(crate) fn load(folder: &Path, only: &[String]) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("there is no folder {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if !only.is_empty() && !only.iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        let text = std::fs::read_to_string(&path)?;
        let mut case = read(&text).with_context(|| format!("in {}", path.display()))?;
        case.name = name.into_owned();
        cases.push(case);
    }
    if cases.is_empty() {
        bail!("no case in {} has such a name", folder.display());
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(cases)
}

fn read(text: &str) -> Result<Case> {
    let case: Case = toml::from_str(text)?;
    for step in &case.steps {
        step.deed()?;
        let proofs = [step.sees.len(), step.lacks.len(), step.shows.len()];
        let others = [step.holds.len(), step.logs.len(), step.keep.len()];
        if proofs.iter().chain(&others).sum::<usize>() == 0 && step.status.is_none() {
            bail!("a step says what must be seen");
        }
    }
    Ok(case)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_without_anything_to_see_is_a_mistake() {
        let whole = |step: &str| format!("plugins = [\"x\"]\n[[step]]\n{step}");
        assert!(read(&whole("get = \"/\"")).is_err());
        assert!(read(&whole("sees = [\"x\"]")).is_err());
        assert!(read(&whole("get = \"/\"\nsees = [\"x\"]")).is_ok());
        assert!(read(&whole("run = \"datasette x\"\nstatus = 2")).is_ok());
        assert!(read(&whole("get = \"/\"\nstatus = 200\nnonsense = 1")).is_err());
    }
}
