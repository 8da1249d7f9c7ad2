//! `datasette publish heroku`: an app, built from files that are sent.

use serde::Deserialize;

use super::binary;
use super::call::Call;
use super::dialogue;
use super::folder::{self, TemporaryFolder};
use super::metadata::Empty;
use super::procfile::{self, STACK};
use super::program::{Program, succeeded};
use super::secrets::{self, Secret};
use super::server_words;
use super::site::Site;
use super::target;
use crate::args::HerokuArguments;
use crate::commands::Ending;
use crate::failure::Failure;
use crate::output;

/// Publishes (PUB-60 to PUB-70). With `--generate-dir` nothing is called, so that the command
/// heroku need not be there.
pub(super) fn publish(arguments: &HerokuArguments) -> Result<Ending, Failure> {
    let heroku = match &arguments.site.generate_dir {
        Some(_) => None,
        None => Some(target::program(
            "heroku",
            "Heroku",
            "https://cli.heroku.com",
        )?),
    };
    let plugin_secrets = arguments.plugins.secrets();
    let site = Site::settle(
        &arguments.files,
        &arguments.site,
        &plugin_secrets,
        Empty::IsIgnored,
    )?;
    server_words::check(&site)?;
    let secrets = secrets::all(&arguments.site, &plugin_secrets)?;
    let binary = match &site.branch {
        Some(_) => None,
        None => Some(binary::find(arguments.site.binary.as_deref(), STACK)?),
    };
    let entries = procfile::files(&site, binary.as_ref());
    site.warn_of_what_is_left_out();
    match (&arguments.site.generate_dir, heroku) {
        (None, Some(heroku)) => {
            ensure_builds_plugin(&heroku)?;
            let app = existing_app(&heroku, &arguments.name)?;
            let folder = TemporaryFolder::write("datasette", &entries)?;
            let app = match app {
                Some(app) => app,
                None => create_app(&heroku, &arguments.name)?,
            };
            for call in configuration(&app, &secrets) {
                let status = heroku.run_in(folder.path(), &call, &folder.interruptions)?;
                succeeded(&call, status)?;
            }
            let call = build(&app, arguments.tar());
            let status = heroku.run_in(folder.path(), &call, &folder.interruptions)?;
            succeeded(&call, status)?;
        }
        (Some(generated), _) => folder::generate(generated, &entries)?,
        (None, None) => {}
    }
    Ok(Ending::Code(0))
}

/// Sees to it that the command can send files (PUB-62, PUB-63).
fn ensure_builds_plugin(heroku: &Program) -> Result<(), Failure> {
    let plugins = heroku.ask(&Call::new("heroku", ["plugins"]))?;
    if has_builds_plugin(&plugins) {
        return Ok(());
    }
    output::say("Publishing to Heroku requires the heroku-builds plugin to be installed.");
    dialogue::confirm("Install it? (this will run `heroku plugins:install heroku-builds`)")?;
    let install = Call::new("heroku", ["plugins:install", "heroku-builds"]);
    succeeded(&install, heroku.run(&install)?)
}

fn has_builds_plugin(listing: &str) -> bool {
    let names = listing
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    names.into_iter().any(|name| name == "heroku-builds")
}

#[derive(Deserialize)]
struct App {
    name: String,
}

/// The app of that name, if there is one; an empty name is no name.
fn existing_app(heroku: &Program, name: &str) -> Result<Option<String>, Failure> {
    if name.is_empty() {
        return Ok(None);
    }
    let call = Call::new("heroku", ["apps:list", "--json"]);
    let apps: Vec<App> = understood(&call, &heroku.ask(&call)?)?;
    let mut names = apps.into_iter().map(|app| app.name);
    Ok(names.find(|known| known == name))
}

fn create_app(heroku: &Program, name: &str) -> Result<String, Failure> {
    let name = Some(name).filter(|name| !name.is_empty());
    let call = Call::new("heroku", ["apps:create"])
        .with(name)
        .with(["--json"]);
    let app: App = understood(&call, &heroku.ask(&call)?)?;
    Ok(app.name)
}

fn understood<'a, A: Deserialize<'a>>(call: &Call, answer: &'a str) -> Result<A, Failure> {
    serde_json::from_str(answer).map_err(|error| {
        Failure::error(format!(
            "{} answered what cannot be understood: {error}",
            call.title()
        ))
    })
}

/// The variables of the app, the server's own secret among them (PUB-66, PUB-69). The command
/// takes them in no other way than in its arguments.
fn configuration<'a>(app: &'a str, secrets: &'a [Secret]) -> impl Iterator<Item = Call> + 'a {
    secrets.iter().map(move |secret| {
        let pair = format!("{}={}", secret.name, secret.value);
        Call::new("heroku", ["config:set", "-a", app, &pair])
    })
}

fn build(app: &str, tar: Option<&str>) -> Call {
    Call::new(
        "heroku",
        ["builds:create", "-a", app, "--include-vcs-ignore"],
    )
    .with_option("--tar", tar)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: PUB-62, PUB-63
    #[test]
    fn the_plugin_is_found_among_blank_lines() {
        assert!(has_builds_plugin(
            "\n  \nother 1.0\nheroku-builds 0.0.1\n\n"
        ));
        for listing in [
            "",
            "\n",
            "no plugins installed",
            "my-heroku-builds 1",
            "x heroku-builds",
        ] {
            assert!(!has_builds_plugin(listing), "{listing}");
        }
    }
}
