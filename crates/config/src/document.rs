//! One configuration or metadata file.

use std::collections::HashSet;
use std::io::Read as _;
use std::path::Path;

use datasette_core::Fault;
use serde_json::{Map, Value};

use crate::{number, text_file, yaml};

/// A file that was read and understood, kept for messages about what it says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Document {
    shown: String,
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
        let shown = match path.to_str() {
            Some("-") => "standard input".to_owned(),
            _ => path.display().to_string(),
        };
        let text = text_file::decode(bytes_of(path, &shown)?, &shown)?;
        let (value, dates) = parse(&text).map_err(|problem| {
            let yaml::Problem {
                line,
                column,
                message,
            } = problem;
            Fault::bad_request(format!(
                "{shown}:{line}:{column}: Metadata is not valid JSON or YAML: {message}"
            ))
        })?;
        let root = match value {
            Value::Null => Map::new(),
            Value::Object(root) => root,
            other => {
                let found = crate::mistake::kind_name(&other);
                return Err(Fault::bad_request(format!(
                    "{shown}: The top level must be a mapping, not {found}"
                )));
            }
        };
        Ok(Self {
            shown,
            text,
            root,
            dates,
        })
    }

    /// `FILE:LINE` of the key that the path leads to, or of the last key on the way that stands in
    /// this file, and how many steps lead there; `None` when not even the first does.
    pub(crate) fn line_of(&self, path: &[String]) -> Option<(usize, String)> {
        let (steps, line) = yaml::locate::line_of(&self.text, path)?;
        Some((steps, format!("{}:{line}", self.shown)))
    }
}

/// Reads a file as a mapping, in JSON or YAML. `-` is the standard input.
///
/// # Errors
/// The file cannot be read, is neither, or its top level is not a mapping.
pub fn read_mapping(path: &Path) -> Result<Map<String, Value>, Fault> {
    Ok(Document::read(path)?.root)
}

fn bytes_of(path: &Path, shown: &str) -> Result<Vec<u8>, Fault> {
    if path != Path::new("-") {
        return text_file::bytes(path);
    }
    let mut bytes = Vec::new();
    let outcome = std::io::stdin().read_to_end(&mut bytes);
    outcome.map_err(|error| text_file::unreadable(shown, &error))?;
    Ok(bytes)
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
