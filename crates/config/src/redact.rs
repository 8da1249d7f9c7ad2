//! Configuration as pages may show it.

use serde_json::Value;

const SECRETIVE: [&str; 6] = ["secret", "key", "password", "token", "hash", "dsn"];

/// A copy in which every value under a key that sounds secret is `***`, at any depth, whatever
/// the case of the key (CONF-86, DEBUG-05, DEBUG-06).
pub fn redact(value: &Value) -> Value {
    match value {
        Value::Object(keys) => Value::Object(
            keys.iter()
                .map(|(key, value)| {
                    let shown = if sounds_secret(key) {
                        Value::String("***".to_owned())
                    } else {
                        redact(value)
                    };
                    (key.clone(), shown)
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(redact).collect()),
        other => other.clone(),
    }
}

fn sounds_secret(key: &str) -> bool {
    // Lower-casing leaves the long s and the Kelvin sign as they are; case folding would not.
    let folded = key.to_lowercase().replace('\u{17f}', "s");
    SECRETIVE.iter().any(|word| folded.contains(word))
}

#[cfg(test)]
mod tests {
    use super::redact;
    use serde_json::json;

    // Proves: CONF-86, CONF-87, DEBUG-05, DEBUG-06, DIF-07
    #[test]
    fn secrets_are_starred_at_any_depth() {
        let shown = redact(&json!({
            "plugins": {"datasette-auth-tokens": {"a": 1}, "p": {"API_KEY": {"b": 2}, "c": 3}},
            "list": [{"Password": "x", "d": [{"myDSN": 1}]}],
            "databases": {"keys": {"allow": true}, "other": {"allow": true}},
            "\u{212a}ey": 1,
            "\u{17f}ecret": 1,
        }));
        assert_eq!(
            shown,
            json!({
                "plugins": {"datasette-auth-tokens": "***", "p": {"API_KEY": "***", "c": 3}},
                "list": [{"Password": "***", "d": [{"myDSN": "***"}]}],
                "databases": {"keys": "***", "other": {"allow": true}},
                "\u{212a}ey": "***",
                "\u{17f}ecret": "***",
            })
        );
    }
}
