//! Settings in the configuration: is there such a setting, and is the value of its type.

use serde_json::Value;

use crate::near_miss;
use crate::python_literal;
use crate::settings::{self, SETTINGS, SettingKind, Settings};

/// The message for a setting that does not exist (SET-04, SET-07), with what was perhaps meant.
pub(crate) fn unknown(name: &str) -> String {
    let mut message = format!("Invalid setting '{name}' in config file");
    if let Some(meant) = near_miss::suggest(name, SETTINGS.iter().map(|setting| setting.name)) {
        message.push_str(&format!(". Did you mean '{meant}'?"));
    }
    message
}

/// Stores one setting. Null means the default (SET-06).
///
/// # Errors
/// The message for an unknown name (SET-04) or a value of another type (SET-05).
pub(crate) fn store(settings: &mut Settings, name: &str, value: &Value) -> Result<(), String> {
    let Some(setting) = settings::find(name) else {
        return Err(unknown(name));
    };
    if value.is_null() {
        return Ok(());
    }
    settings.store(name, value).ok_or_else(|| {
        let expected = match setting.kind {
            SettingKind::Integer => "int",
            SettingKind::Boolean => "bool",
            SettingKind::Text => "str",
        };
        format!(
            "Setting '{name}' in config file has incorrect type. Expected {expected}, got {}. \
             Value: {}. Hint: In YAML/JSON config files, remove quotes from boolean and integer \
             values.",
            python_literal::type_name(value),
            python_literal::literal(value),
        )
    })
}
