//! `datasette package`: a container image, built by Docker.

use super::binary;
use super::call::Call;
use super::dialogue;
use super::dockerfile::{self, CONTAINER, Container};
use super::folder::{self, TemporaryFolder};
use super::metadata::Empty;
use super::program::{self, Program};
use super::secrets;
use super::server_words;
use super::site::Site;
use crate::args::PackageArguments;
use crate::commands::Ending;
use crate::failure::Failure;

/// Builds the image (PUB-30 to PUB-33), or only writes what it is built from.
pub(crate) fn package(arguments: &PackageArguments) -> Result<Ending, Failure> {
    let docker = match &arguments.site.generate_dir {
        Some(_) => None,
        None => Some(docker()?),
    };
    let site = Site::settle(&arguments.files, &arguments.site, &[], Empty::Counts)?;
    server_words::check(&site)?;
    let secrets = secrets::all(&arguments.site, &[])?;
    secrets::refuse_line_breaks(&secrets)?;
    let container = Container {
        binary: match &site.branch {
            Some(_) => None,
            None => Some(binary::find(arguments.site.binary.as_deref(), CONTAINER)?),
        },
        port: arguments.port,
        spatialite: arguments.spatialite,
        ..Container::default()
    };
    let entries = dockerfile::files(&site, &container, &secrets);
    site.warn_of_what_is_left_out();
    match (&arguments.site.generate_dir, docker) {
        (None, Some(docker)) => {
            let folder = TemporaryFolder::write("datasette", &entries)?;
            let call = build(arguments.tag.as_deref());
            let status = docker.run_in(folder.path(), &call, &folder.interruptions)?;
            program::succeeded(&call, status)?;
        }
        (Some(generated), _) => folder::generate(generated, &entries)?,
        (None, None) => {}
    }
    Ok(Ending::Code(0))
}

fn docker() -> Result<Program, Failure> {
    Program::find("docker").ok_or_else(|| {
        Failure::plain(dialogue::alarming(
            " The package command requires \"docker\" to be installed and configured ",
        ))
    })
}

fn build(tag: Option<&str>) -> Call {
    let tag = tag.filter(|tag| !tag.is_empty());
    Call::new("docker", ["build"])
        .with_option("-t", tag)
        .with(["."])
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: PUB-31
    #[test]
    fn the_tag_is_named_if_there_is_one() {
        assert_eq!(build(None).arguments, ["build", "."]);
        assert_eq!(
            build(Some("me/x:1")).arguments,
            ["build", "-t", "me/x:1", "."]
        );
        assert_eq!(build(Some("")).arguments, ["build", "."]);
    }
}
