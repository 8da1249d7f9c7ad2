//! One configuration or metadata file.

use std::collections::HashSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use datasette_core::Fault;
use serde_json::{Map, Value};

use crate::mistake::Mistake;
use crate::{number, yaml};

/// A file that was read and understood, kept for messages about what it says.
#[derive(Debug, Default)]
pub(crate) struct Document {
    path: PathBuf,
    text: String,
    /// The top level; empty for an empty file (CONF-03).
    pub(crate) root: Map<String, Value>,
    /// Paths of the values that were written as YAML dates.
    pub(crate) dates: HashSet<Vec<String>>,
}

impl Document {
    /// Reads a file as JSON or, failing that, YAML, whatever its name (CONF-01). `-` is the
    /// standard input.
    ///
    /// # Errors
    /// The file cannot be read, is neither, or its top level is not a mapping (CONF-04, META-01).
    pub(crate) fn read(path: &Path) -> Result<Self, Fault> {
        let text = text_of(path)?;
        let (value, dates) = parse(&text).map_err(|problem| {
            Fault::bad_request(format!(
                "Metadata is not valid JSON or YAML ({}, line {}, column {}: {})",
                path.display(),
                problem.line,
                problem.column,
                problem.message
            ))
        })?;
        let root = match value {
            Value::Null => Map::new(),
            Value::Object(root) => root,
            other => {
                let found = crate::mistake::kind_name(&other);
                return Err(Fault::bad_request(format!(
                    "The top level must be a mapping, not {found} ({})",
                    path.display()
                )));
            }
        };
        Ok(Self {
            path: path.to_owned(),
            text,
            root,
            dates,
        })
    }

    /// `(FILE, line N)` for a mistake whose key stands in this file.
    pub(crate) fn place(&self, mistake: &Mistake) -> Option<String> {
        let line = yaml::locate::line_of(&self.text, mistake.path())?;
        Some(format!("({}, line {line})", self.path.display()))
    }
}

/// Reads a file as a mapping, in JSON or YAML. `-` is the standard input.
///
/// # Errors
/// The file cannot be read, is neither, or its top level is not a mapping.
pub fn read_mapping(path: &Path) -> Result<Map<String, Value>, Fault> {
    Ok(Document::read(path)?.root)
}

fn text_of(path: &Path) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    let outcome = if path == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(path).map(|content| bytes = content)
    };
    outcome.map_err(|error| {
        Fault::bad_request(format!("Could not read {}: {error}", path.display()))
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        Fault::bad_request(format!("{} is not UTF-8 text: {error}", path.display()))
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn parse(text: &str) -> Result<(Value, HashSet<Vec<String>>), yaml::Problem> {
    let json_error = match serde_json::from_str(text) {
        Ok(value) => return Ok((number::canonical(value), HashSet::new())),
        Err(error) => error,
    };
    match yaml::parse(text) {
        Ok(parsed) => Ok((parsed.value, parsed.dates)),
        // A text that starts as JSON does is meant to be JSON.
        Err(_) if text.trim_start().starts_with('{') => {
            let message = json_error.to_string();
            let position = format!(
                " at line {} column {}",
                json_error.line(),
                json_error.column()
            );
            Err(yaml::Problem {
                line: json_error.line(),
                column: json_error.column(),
                message: message.trim_end_matches(&position).to_owned(),
            })
        }
        Err(problem) => Err(problem),
    }
}
