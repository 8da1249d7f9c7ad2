//! `datasette publish cloudrun`: an image in Google's registry, and a service that runs it.

use super::binary;
use super::cloudrun_calls::{self as calls, Instances, Registry, Service};
use super::context::{Content, Entry};
use super::dialogue;
use super::dockerfile::{self, CLOUD_CONTAINER, Container};
use super::folder::{self, TemporaryFolder};
use super::metadata::Empty;
use super::program::{Program, succeeded};
use super::secrets;
use super::server_words;
use super::site::Site;
use super::target;
use crate::args::CloudrunArguments;
use crate::commands::Ending;
use crate::failure::Failure;
use crate::output;

/// Publishes (PUB-40 to PUB-49). What can be wrong with the site is said before anything is
/// called.
pub(super) fn publish(arguments: &CloudrunArguments) -> Result<Ending, Failure> {
    let gcloud = match &arguments.site.generate_dir {
        Some(_) => None,
        None => Some(target::program(
            "gcloud",
            "Google Cloud",
            "https://cloud.google.com/sdk/",
        )?),
    };
    let (site, entries) = prepare(arguments)?;
    site.warn_of_what_is_left_out();
    match (&arguments.site.generate_dir, gcloud) {
        (None, Some(gcloud)) => deploy(arguments, &gcloud, &site, &entries)?,
        (Some(generated), _) => {
            if arguments.show_files {
                output::say(&shown(&site, &entries));
            }
            folder::generate(generated, &entries)?;
        }
        (None, None) => {}
    }
    Ok(Ending::Code(0))
}

fn prepare(arguments: &CloudrunArguments) -> Result<(Site, Vec<Entry>), Failure> {
    let plugin_secrets = arguments.plugins.secrets();
    let mut site = Site::settle(
        &arguments.files,
        &arguments.site,
        &plugin_secrets,
        Empty::Counts,
    )?;
    folder::check_name(&arguments.name)?;
    serve_https_urls(&mut site, arguments.site.extra_options.as_deref());
    server_words::check(&site)?;
    let secrets = secrets::all(&arguments.site, &plugin_secrets)?;
    secrets::refuse_line_breaks(&secrets)?;
    let container = Container {
        binary: match &site.branch {
            Some(_) => None,
            None => Some(binary::find(
                arguments.site.binary.as_deref(),
                CLOUD_CONTAINER,
            )?),
        },
        port: 8001,
        packages: arguments.apt_get_install.clone(),
        spatialite: arguments.spatialite,
        ..Container::default()
    };
    let entries = dockerfile::files(&site, &container, &secrets);
    Ok((site, entries))
}

/// Cloud Run speaks HTTPS with visitors and HTTP with the server (PUB-47).
fn serve_https_urls(site: &mut Site, extra_options: Option<&str>) {
    let mentioned = extra_options.is_some_and(|options| options.contains("force_https_urls"));
    if !mentioned {
        let words = ["--setting", "force_https_urls", "on"];
        site.extra_options.extend(words.map(str::to_owned));
    }
}

fn deploy(
    arguments: &CloudrunArguments,
    gcloud: &Program,
    site: &Site,
    entries: &[Entry],
) -> Result<(), Failure> {
    let active = gcloud.ask(&calls::active_project())?;
    let project = arguments.artifact_project().unwrap_or(active.trim());
    if project.is_empty() || project == "(unset)" {
        return Err(Failure::error(
            "No project is active. Choose one with: gcloud config set project PROJECT",
        ));
    }
    let registry = Registry {
        project,
        region: &arguments.artifact_region,
        repository: &arguments.artifact_repository,
    };
    ensure(gcloud, registry)?;
    let service = match arguments.service() {
        Some(service) => service.to_owned(),
        None => ask_for_service(gcloud)?,
    };
    let image = registry.image(&service);
    {
        let folder = TemporaryFolder::write(&arguments.name, entries)?;
        if arguments.show_files {
            output::say(&shown(site, entries));
        }
        let build = calls::build(&image, arguments.timeout);
        let status = gcloud.run_in(folder.path(), &build, &folder.interruptions)?;
        succeeded(&build, status)?;
    }
    let instances = Instances {
        memory: arguments.memory.as_deref(),
        cpu: arguments.cpu.as_deref(),
        most: arguments.max_instances,
        least: arguments.min_instances,
    };
    let deploy = calls::deploy(&image, &service, instances);
    succeeded(&deploy, gcloud.run(&deploy)?)
}

/// Sees to it that there is a repository (PUB-43, PUB-44).
fn ensure(gcloud: &Program, registry: Registry<'_>) -> Result<(), Failure> {
    if !gcloud.run(&registry.enable())?.success() {
        return Err(Failure::error(
            "Failed to enable artifactregistry.googleapis.com. Please ensure you have permissions \
             to manage services.",
        ));
    }
    if gcloud.run(&registry.describe())?.success() {
        return Ok(());
    }
    if !gcloud.run(&registry.create())?.success() {
        return Err(Failure::error(
            "Failed to create Artifact Registry repository. Use \
             --artifact-repository/--artifact-region to point to an existing repo or create one \
             manually.",
        ));
    }
    output::say(&format!(
        "Created Artifact Registry repository '{}'",
        registry.repository
    ));
    Ok(())
}

/// Asks for the name of a service, and shows which there are (PUB-46).
fn ask_for_service(gcloud: &Program) -> Result<String, Failure> {
    output::say(
        "Please provide a service name for this deployment\n\n\
         Using an existing service name will over-write it\n",
    );
    let services = calls::services_with_url(&gcloud.ask(&calls::services())?)?;
    if !services.is_empty() {
        output::say("Your existing services:\n");
        for Service { name, created, url } in services {
            output::say(&format!("  {name} - created {created} - {url}"));
        }
        output::say("");
    }
    dialogue::ask("Service name")
}

/// The generated texts, as `--show-files` shows them (PUB-48).
fn shown(site: &Site, entries: &[Entry]) -> String {
    let mut shown = String::new();
    if let Some(metadata) = &site.metadata {
        shown.push_str(&format!("=== metadata.json ===\n\n{metadata}\n"));
    }
    let dockerfile = entries.iter().find_map(|entry| match &entry.content {
        Content::SecretText(text) if entry.path == "Dockerfile" => Some(text.as_str()),
        _ => None,
    });
    shown.push_str(&format!(
        "\n==== Dockerfile ====\n\n{}\n\n====================\n",
        dockerfile.unwrap_or_default()
    ));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: PUB-47
    #[test]
    fn https_urls_are_forced_unless_something_is_said_about_them() {
        let options = |given: Option<&str>| {
            let words = given.unwrap_or_default().split_whitespace();
            let mut site = Site {
                extra_options: words.map(str::to_owned).collect(),
                ..Site::default()
            };
            serve_https_urls(&mut site, given);
            site.extra_options.join(" ")
        };
        assert_eq!(options(None), "--setting force_https_urls on");
        assert_eq!(
            options(Some("--crossdb")),
            "--crossdb --setting force_https_urls on"
        );
        assert_eq!(
            options(Some("--setting force_https_urls off")),
            "--setting force_https_urls off"
        );
    }
}
