//! `-s NAME VALUE`: one change to the configuration from the command line.

use datasette_core::Fault;
use serde_json::{Map, Value};

use crate::number;
use crate::settings::{self, SettingKind};

/// A setting argument that was understood: where it goes and what it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct SettingArgument {
    path: Vec<String>,
    value: Value,
}

impl SettingArgument {
    /// Reads one `-s NAME VALUE`. A bare setting name is short for `settings.NAME` (CLI-80); any
    /// other name is a path whose steps are separated by dots (CLI-83). The value is JSON where
    /// it can be, else text (CLI-84).
    ///
    /// # Errors
    /// The value of a bare setting name does not have the form the setting needs: a usage error
    /// (CLI-81, CLI-82).
    pub fn parse(name: &str, value: &str) -> Result<Self, Fault> {
        let Some(setting) = settings::find(name) else {
            return Ok(Self {
                path: name.split('.').map(str::to_owned).collect(),
                value: json_or_text(value),
            });
        };
        let value = match setting.kind {
            SettingKind::Boolean => Value::Bool(switch(value).ok_or_else(|| {
                Fault::bad_request(format!(
                    "\"settings.{name}\" should be on/off/true/false/1/0"
                ))
            })?),
            SettingKind::Integer if !is_digits(value) => {
                return Err(Fault::bad_request(format!(
                    "\"settings.{name}\" should be an integer"
                )));
            }
            SettingKind::Integer | SettingKind::Text => json_or_text(value),
        };
        Ok(Self {
            path: vec!["settings".to_owned(), name.to_owned()],
            value,
        })
    }

    /// Where in the configuration it goes; at least one step.
    pub fn path(&self) -> &[String] {
        &self.path
    }

    /// What it holds.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Merges it over `configuration`: objects grow, anything else is replaced (CLI-86, CLI-87).
    pub fn apply(self, configuration: &mut Map<String, Value>) {
        let mut nested = self.value;
        for step in self.path.into_iter().rev() {
            nested = Value::Object(Map::from_iter([(step, nested)]));
        }
        if let Value::Object(change) = nested {
            merge(configuration, change);
        }
    }
}

/// Merges `change` over `base`, object by object.
fn merge(base: &mut Map<String, Value>, change: Map<String, Value>) {
    for (key, value) in change {
        match (base.get_mut(&key), value) {
            (Some(Value::Object(inner)), Value::Object(change)) => merge(inner, change),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

fn json_or_text(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(value) => number::canonical(value),
        Err(_) => Value::String(text.to_owned()),
    }
}

fn switch(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "on" | "true" | "1" => Some(true),
        "off" | "false" | "0" => Some(false),
        _ => None,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
