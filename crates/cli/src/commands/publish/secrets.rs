//! What the published site must know and nobody else: environment variables.

use datasette_permissions::generate_secret;

use crate::args::{PluginSecret, SiteArguments};
use crate::failure::Failure;

/// A variable and its secret value.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret {
    /// The name of the variable.
    pub(super) name: String,
    /// Its value.
    pub(super) value: String,
}

/// The variable that holds a secret of a plugin (PUB-08).
pub(super) fn variable(secret: &PluginSecret<'_>) -> String {
    format!("{}_{}", secret.plugin, secret.key)
        .to_uppercase()
        .replace('-', "_")
}

/// The secrets of plugins in the order of the options, then the server's own (PUB-10, PUB-22).
///
/// # Errors
/// A variable cannot have such a name, or the machine has no random numbers.
pub(super) fn all(
    site: &SiteArguments,
    plugins: &[PluginSecret<'_>],
) -> Result<Vec<Secret>, Failure> {
    let own = match site.secret() {
        Some(secret) => secret.to_owned(),
        None => generate_secret().map_err(|error| {
            Failure::error(format!(
                "The machine has no random numbers to give: {error}"
            ))
        })?,
    };
    let mut secrets: Vec<Secret> = Vec::new();
    let mut set = |name: String, value: &str| {
        // The last value of a name counts, at the place of the first.
        match secrets.iter_mut().find(|secret| secret.name == name) {
            Some(known) => known.value = value.to_owned(),
            None => secrets.push(Secret {
                name,
                value: value.to_owned(),
            }),
        }
    };
    for plugin in plugins {
        let name = variable(plugin);
        if !is_variable(&name) {
            return Err(Failure::error(format!(
                "--plugin-secret {} {} needs the environment variable {name}, which is not a name \
                 that variables have",
                plugin.plugin, plugin.key
            )));
        }
        set(name, plugin.value);
    }
    set("DATASETTE_SECRET".to_owned(), &own);
    Ok(secrets)
}

/// Refuses values of more than one line, which neither a Dockerfile nor `flyctl` can hold.
///
/// # Errors
/// There is one.
pub(super) fn refuse_line_breaks(secrets: &[Secret]) -> Result<(), Failure> {
    refuse(secrets, &['\n', '\r', '\0'], "line breaks")
}

/// Refuses values with characters that a file cannot hold.
///
/// # Errors
/// A value has one of them.
pub(super) fn refuse(secrets: &[Secret], characters: &[char], words: &str) -> Result<(), Failure> {
    for secret in secrets {
        if secret.value.contains(characters) {
            return Err(Failure::error(format!(
                "The value of {} cannot contain {words} here",
                secret.name
            )));
        }
    }
    Ok(())
}

fn is_variable(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plugin<'a>(plugin: &'a str, key: &'a str, value: &'a str) -> PluginSecret<'a> {
        PluginSecret { plugin, key, value }
    }

    fn shown(secrets: &[Secret]) -> Vec<String> {
        let pairs = secrets.iter();
        pairs
            .map(|secret| format!("{}={}", secret.name, secret.value))
            .collect()
    }

    // Proves: PUB-08, PLUG-61
    #[test]
    fn variables_are_named_by_plugin_and_key() {
        let secrets = [
            plugin("datasette-auth-github", "client_id", "1"),
            plugin("p", "k-1", "2"),
            plugin("p", "k_1", "3"),
        ];
        let all = all(&SiteArguments::default(), &secrets).unwrap();
        assert_eq!(
            shown(&all)[..2],
            ["DATASETTE_AUTH_GITHUB_CLIENT_ID=1", "P_K_1=3"]
        );
        assert_eq!((all.len(), all[2].name.as_str()), (3, "DATASETTE_SECRET"));
    }

    // Proves: PUB-10
    #[test]
    fn the_secret_is_random_for_every_run() {
        let one = || {
            all(&SiteArguments::default(), &[]).unwrap()[0]
                .value
                .clone()
        };
        let (first, second) = (one(), one());
        assert_eq!(first.len(), 64);
        assert!(first.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(first, second);
    }

    #[test]
    fn names_that_no_variable_has_are_refused() {
        for (name, key) in [
            ("my plugin", "key"),
            ("1st", "key"),
            ("p", "a=b"),
            ("p", "é"),
        ] {
            assert!(all(&SiteArguments::default(), &[plugin(name, key, "v")]).is_err());
        }
    }

    #[test]
    fn values_that_a_file_cannot_hold_are_refused() {
        let secrets = all(&SiteArguments::default(), &[plugin("p", "k", "a\nb")]).unwrap();
        let refused = refuse_line_breaks(&secrets).unwrap_err();
        assert_eq!(
            refused.text(),
            "Error: The value of P_K cannot contain line breaks here"
        );
        assert!(refuse(&secrets, &['"'], "quotes").is_ok());
    }
}
