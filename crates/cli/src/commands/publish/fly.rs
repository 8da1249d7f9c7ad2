//! `datasette publish fly`: an app on Fly, with a volume for databases that are written to.
//!
//! What the plugin datasette-publish-fly does, with four differences: the app is created before
//! its volume, which has nothing to belong to otherwise; secrets go to Fly's vault and not into
//! the image, the server's own among them; a region is asked for only when a volume is created;
//! and the databases of the volume are opened once each.

use super::binary;
use super::context::{Content, Entry, text};
use super::dockerfile::{self, CLOUD_CONTAINER, Container, Volume};
use super::fly_calls::{self as calls, NewVolume};
use super::fly_toml;
use super::folder::{self, TemporaryFolder};
use super::metadata::Empty;
use super::program::{Program, succeeded};
use super::secrets::{self, Secret};
use super::server_words;
use super::site::Site;
use super::target;
use crate::args::FlyArguments;
use crate::commands::Ending;
use crate::failure::Failure;
use crate::output;

/// Where the volume is mounted.
const MOUNTED_AT: &str = "/data";

/// Publishes (PUB-81 to PUB-84).
pub(super) fn publish(arguments: &FlyArguments) -> Result<Ending, Failure> {
    let flyctl = match &arguments.site.generate_dir {
        Some(_) => None,
        None => Some(target::program(
            "flyctl",
            "Fly",
            "https://fly.io/docs/getting-started/installing-flyctl/",
        )?),
    };
    let plugin_secrets = arguments.plugins.secrets();
    let mut site = Site::settle(
        &arguments.files,
        &arguments.site,
        &plugin_secrets,
        Empty::Counts,
    )?;
    site.extra_options.extend(arguments.server_options());
    server_words::check(&site)?;
    let secrets = secrets::all(&arguments.site, &plugin_secrets)?;
    secrets::refuse_line_breaks(&secrets)?;
    secrets::refuse(&secrets, &['"'], "double quotes")?;
    let mut container = Container {
        binary: match &site.branch {
            Some(_) => None,
            None => Some(binary::find(
                arguments.site.binary.as_deref(),
                CLOUD_CONTAINER,
            )?),
        },
        port: fly_toml::PORT,
        spatialite: arguments.spatialite,
        ..Container::default()
    };
    site.warn_of_what_is_left_out();
    let volume = match &flyctl {
        Some(flyctl) => prepare_app(arguments, flyctl)?,
        None => arguments
            .create_volume
            .map(|_| arguments.volume_name.clone()),
    };
    container.volume = volume.as_ref().map(|_| Volume {
        path: MOUNTED_AT,
        databases: arguments.create_db.clone(),
    });
    let entries = files(arguments, &site, &container, volume.as_deref());
    if arguments.show_files {
        output::say(&shown(&site, &entries));
    }
    match (&arguments.site.generate_dir, flyctl) {
        (None, Some(flyctl)) => deploy(arguments, &flyctl, &entries, &secrets)?,
        (Some(generated), _) => {
            let mut entries = entries;
            entries.push(Entry {
                path: "secrets.env".to_owned(),
                content: Content::SecretText(calls::secret_lines(&secrets)),
            });
            folder::generate(generated, &entries)?;
            output::tell(&format!(
                "Its secrets are in secrets.env: flyctl secrets import -a {} < secrets.env",
                arguments.app
            ));
        }
        (None, None) => {}
    }
    Ok(Ending::Code(0))
}

fn files(
    arguments: &FlyArguments,
    site: &Site,
    container: &Container,
    volume: Option<&str>,
) -> Vec<Entry> {
    let mut entries = dockerfile::files(site, container, &[]);
    let mount = volume.zip(container.volume.as_ref());
    entries.push(text(
        "fly.toml",
        fly_toml::text(&arguments.app, arguments.region.as_deref(), mount),
    ));
    entries
}

/// Sees to it that app and volume are there, and returns the name of the volume.
fn prepare_app(arguments: &FlyArguments, flyctl: &Program) -> Result<Option<String>, Failure> {
    let app = arguments.app.as_str();
    let list = calls::apps();
    let known = calls::names(&list, &flyctl.ask(&list)?)?;
    let is_known = known.iter().any(|name| name == app);
    let list = calls::volumes(app);
    let volumes = if is_known {
        calls::names(&list, &flyctl.ask(&list)?)?
    } else {
        Vec::new()
    };
    let name = &arguments.volume_name;
    let new = match (arguments.create_volume, &arguments.region) {
        (Some(_), _) if volumes.contains(name) => None,
        (Some(gigabytes), Some(region)) => Some(NewVolume {
            name,
            region,
            gigabytes,
        }),
        (Some(_), None) => {
            return Err(Failure::error(
                "A volume is in one region: name it with --region",
            ));
        }
        (None, _) => None,
    };
    if !is_known {
        let create = calls::create_app(app, arguments.org.as_deref());
        flyctl.ask(&create)?;
    }
    if let Some(new) = new {
        flyctl.ask(&calls::create_volume(app, new))?;
    }
    match arguments.create_volume {
        Some(_) => Ok(Some(name.clone())),
        // An app that has a volume keeps it.
        None => Ok(volumes.into_iter().next()),
    }
}

fn deploy(
    arguments: &FlyArguments,
    flyctl: &Program,
    entries: &[Entry],
    secrets: &[Secret],
) -> Result<(), Failure> {
    let folder = TemporaryFolder::write("datasette", entries)?;
    for call in [
        calls::set_secrets(&arguments.app, secrets),
        calls::deploy(&arguments.app),
    ] {
        let status = flyctl.run_in(folder.path(), &call, &folder.interruptions)?;
        succeeded(&call, status)?;
    }
    Ok(())
}

/// The generated texts, as `--show-files` shows them.
fn shown(site: &Site, entries: &[Entry]) -> String {
    let mut shown = Vec::new();
    for path in ["fly.toml", "Dockerfile"] {
        for entry in entries.iter().filter(|entry| entry.path == path) {
            if let Content::Text(text) | Content::SecretText(text) = &entry.content {
                shown.push(format!("{path}\n----\n{}", text.trim_end()));
            }
        }
    }
    if let Some(metadata) = &site.metadata {
        shown.push(format!("metadata.json\n----\n{metadata}"));
    }
    format!("{}\n----", shown.join("\n----\n"))
}
