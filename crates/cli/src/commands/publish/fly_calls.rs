//! What `flyctl` is asked for, in words.

use serde::Deserialize;

use super::call::Call;
use super::secrets::Secret;
use crate::failure::Failure;

/// A volume that is to be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NewVolume<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Where.
    pub(super) region: &'a str,
    /// How large.
    pub(super) gigabytes: u32,
}

/// Which apps there are.
pub(super) fn apps() -> Call {
    Call::new("flyctl", ["apps", "list", "--json"])
}

/// Makes an app.
pub(super) fn create_app(app: &str, organisation: Option<&str>) -> Call {
    Call::new("flyctl", ["apps", "create", "--name", app])
        .with_option("--org", organisation)
        .with(["--json"])
}

/// Which volumes an app has.
pub(super) fn volumes(app: &str) -> Call {
    Call::new("flyctl", ["volumes", "list", "-a", app, "--json"])
}

/// Makes a volume. It asks no question: one volume for one server is what is wanted.
pub(super) fn create_volume(app: &str, volume: NewVolume<'_>) -> Call {
    let size = volume.gigabytes.to_string();
    Call::new("flyctl", ["volumes", "create", volume.name])
        .with(["--region", volume.region, "--size", &size])
        .with(["-a", app, "--yes", "--json"])
}

/// Sets secrets for the next deployment. They go through the standard input, where no list of
/// processes shows them.
pub(super) fn set_secrets(app: &str, secrets: &[Secret]) -> Call {
    Call {
        input: Some(secret_lines(secrets)),
        ..Call::new("flyctl", ["secrets", "import", "-a", app, "--stage"])
    }
}

/// Secrets as `flyctl secrets import` reads them: between triple quotes nothing has a meaning.
pub(super) fn secret_lines(secrets: &[Secret]) -> String {
    let lines = secrets
        .iter()
        .map(|secret| format!("{}=\"\"\"{}\"\"\"\n", secret.name, secret.value));
    lines.collect()
}

/// Builds and runs what is in the folder it is called in.
pub(super) fn deploy(app: &str) -> Call {
    Call::new("flyctl", ["deploy", ".", "--app", app]).with([
        "--config",
        "fly.toml",
        "--remote-only",
    ])
}

/// The names in a list that `flyctl` answers; it spells the key in two ways.
///
/// # Errors
/// The answer is no such list.
pub(super) fn names(call: &Call, answer: &str) -> Result<Vec<String>, Failure> {
    #[derive(Deserialize)]
    struct Named {
        #[serde(alias = "Name")]
        name: String,
    }
    let list: Option<Vec<Named>> = serde_json::from_str(answer).map_err(|error| {
        Failure::error(format!(
            "{} answered what cannot be understood: {error}",
            call.title()
        ))
    })?;
    let list = list.unwrap_or_default();
    Ok(list.into_iter().map(|named| named.name).collect())
}

#[cfg(test)]
mod tests {
    use super::super::quote::shell_line;
    use super::*;

    fn line(call: &Call) -> String {
        let words = call.arguments.iter().map(String::as_str);
        format!("{} {}", call.program, shell_line(words))
    }

    // Proves: PUB-81
    #[test]
    fn the_words_of_each_call() {
        let volume = NewVolume {
            name: "v",
            region: "sjc",
            gigabytes: 3,
        };
        for (call, expected) in [
            (apps(), "flyctl apps list --json"),
            (
                create_app("my app", None),
                "flyctl apps create --name 'my app' --json",
            ),
            (
                create_app("a", Some("o")),
                "flyctl apps create --name a --org o --json",
            ),
            (volumes("a"), "flyctl volumes list -a a --json"),
            (
                create_volume("a", volume),
                "flyctl volumes create v --region sjc --size 3 -a a --yes --json",
            ),
            (
                deploy("a"),
                "flyctl deploy . --app a --config fly.toml --remote-only",
            ),
        ] {
            assert_eq!(line(&call), expected);
        }
    }

    // Proves: PUB-83
    #[test]
    fn secrets_are_no_arguments() {
        let secret = Secret {
            name: "A_B".to_owned(),
            value: "it's #1 $x".to_owned(),
        };
        let call = set_secrets("a", &[secret]);
        assert_eq!(line(&call), "flyctl secrets import -a a --stage");
        assert_eq!(call.input.as_deref(), Some("A_B=\"\"\"it's #1 $x\"\"\"\n"));
    }

    #[test]
    fn lists_are_read_in_both_spellings() {
        let read = |answer| names(&apps(), answer);
        assert_eq!(
            read(r#"[{"Name": "a", "ID": 1}, {"name": "b"}]"#).unwrap(),
            ["a", "b"]
        );
        assert!(read("null").unwrap().is_empty());
        assert!(read("Error: not logged in").is_err());
    }
}
