//! Settings in the configuration: is there such a setting, and is the value of its type.

use datasette_core::ContentSecurity;
use serde_json::Value;

use crate::near_miss;
use crate::python_literal;
use crate::settings::{self, SETTINGS, SettingKind, Settings};

/// The setting whose text has a form of its own.
const POLICY: &str = "content_security_policy";

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
    // YAML reads an unquoted `off` as a truth value.
    let value = match (name, value.as_bool()) {
        (POLICY, Some(true)) => &Value::from("default"),
        (POLICY, Some(false)) => &Value::from("off"),
        _ => value,
    };
    if let (POLICY, Some(text)) = (name, value.as_str()) {
        ContentSecurity::parse(text)
            .map_err(|words| format!("Setting '{name}' in config file: {words}"))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_policy_of_pages_is_read_where_it_is_stored() {
        let mut settings = Settings::default();
        let mut stored = |value: Value| {
            let stored = store(&mut settings, POLICY, &value);
            stored.map(|()| settings.content_security())
        };
        assert_eq!(stored(json!("off")), Ok(ContentSecurity::Off));
        assert_eq!(stored(json!(true)), Ok(ContentSecurity::default()));
        assert_eq!(stored(json!(false)), Ok(ContentSecurity::Off));
        let error = stored(json!("nonsense 'self'")).unwrap_err();
        assert_eq!(
            error,
            "Setting 'content_security_policy' in config file: \"nonsense\" is no directive of a policy"
        );
        assert!(stored(json!(5)).unwrap_err().contains("Expected str"));
    }
}
