//! The Dockerfile, and the files beside it.
//!
//! The image is built around the program that publishes, which is one file, and holds as little
//! else as it can. From the smallest:
//!
//! - **Nothing.** Normally the image starts from scratch: the program, the loader and the three C
//!   libraries it is linked with, an empty `/tmp`, and the site. A first stage on Debian slim has
//!   those libraries, looks at the databases with `inspect`, and is thrown away. There is no
//!   shell and no package to keep up to date; certificates are not needed, since the server calls
//!   nobody.
//! - **Debian slim**, when packages of Debian are wanted (`--spatialite`, `--apt-get-install`) or
//!   files have to be found at the start.
//! - **Python slim**, when plugins are wanted (`--install`, `--plugins-dir`). The program installs
//!   them, so that what they import is its own and no Python Datasette comes along.
//! - **The Python Datasette itself**, with `--branch`, which names a branch of its repository.
//!
//! Differences from the original's Dockerfile, each on purpose: databases are inspected by words
//! in JSON, so that no name needs quoting (PUB-27); the server is process 1 and not a child of a
//! shell, so that it hears signals; it does not run as root; the site's files belong to root, so
//! that it cannot change them; the Dockerfile, which holds secrets, is not copied into the image;
//! secrets are set after everything that runs while building; the variable for extensions is the
//! one that is read (PUB-26).

use super::binary::{Binary, Host};
use super::context::{Content, Entry, below, text};
use super::elf::Machine;
use super::quote::{docker_value, json_words, shell_line};
use super::secrets::Secret;
use super::server_words::{self, PORT};
use super::site::Site;

/// Where containers run: the Debian that the images are made from.
pub(super) const CONTAINER: Host = Host {
    name: "the image",
    glibc: (2, 41),
    runs_arm: true,
};

/// Hosts of containers that run programs for x86-64 only.
pub(super) const CLOUD_CONTAINER: Host = Host {
    name: "the cloud",
    runs_arm: false,
    ..CONTAINER
};

const DEBIAN: &str = "debian:trixie-slim";
const PYTHON: &str = "python:3.13-slim-trixie";
const SPATIALITE: &str = "/usr/lib/x86_64-linux-gnu/mod_spatialite.so";
const SPATIALITE_ARM: &str = "/usr/lib/aarch64-linux-gnu/mod_spatialite.so";
/// The program's place in the image, named in full: not every host has a search path.
const PROGRAM: &str = "/usr/local/bin/datasette";
/// The interpreter of the images with Python.
const INTERPRETER: &str = "/usr/local/bin/python3";
/// Who runs the server: a number, since there is no list of users.
const USER: u32 = 1000;

/// What a container consists of beyond the site.
#[derive(Clone, Debug, Default)]
pub(super) struct Container {
    /// The program; `None` when a branch of the Python Datasette is published.
    pub(super) binary: Option<Binary>,
    /// The port it listens on, unless the host sets `PORT`.
    pub(super) port: u16,
    /// Packages of Debian.
    pub(super) packages: Vec<String>,
    /// Whether SpatiaLite is loaded.
    pub(super) spatialite: bool,
    /// Databases in a folder that is mounted when the container starts.
    pub(super) volume: Option<Volume>,
}

/// A folder that outlives the container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Volume {
    /// Where it is mounted.
    pub(super) path: &'static str,
    /// Databases that are created there if they are missing. Letters, digits, `-_.` only.
    pub(super) databases: Vec<String>,
}

/// What an image starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    Nothing,
    Debian,
    Python,
}

/// Everything a container is built from, with secrets that the image will hold.
pub(super) fn files(site: &Site, container: &Container, secrets: &[Secret]) -> Vec<Entry> {
    let dockerfile = dockerfile(site, container, secrets);
    let mut files = vec![Entry {
        path: "Dockerfile".to_owned(),
        content: Content::SecretText(dockerfile),
    }];
    if let Some(binary) = &container.binary {
        files.push(Entry {
            path: "datasette".to_owned(),
            content: Content::Program(binary.path.clone()),
        });
    }
    let site = site.entries();
    if site.is_empty() {
        // A folder that is copied must be there.
        files.push(text("app/.keep", ""));
    }
    files.extend(below("app", site));
    files
}

/// The text (PUB-20 to PUB-27), without a newline at its end.
pub(super) fn dockerfile(site: &Site, container: &Container, secrets: &[Secret]) -> String {
    let packages = container.all_packages(site);
    let base = match (&container.binary, site.install.is_empty(), &site.plugins) {
        (None, ..) | (_, false, _) | (.., Some(_)) => Base::Python,
        _ if !packages.is_empty() || container.volume.is_some() => Base::Debian,
        _ => Base::Nothing,
    };
    let mut lines = Vec::new();
    let binary = container.binary.as_ref();
    if let (Base::Nothing, Some(binary)) = (base, binary) {
        from_nothing(&mut lines, site, binary);
    } else {
        from_image(&mut lines, base, container, site, &packages);
    }
    for secret in secrets {
        lines.push(format!(
            "ENV {}={}",
            secret.name,
            docker_value(&secret.value)
        ));
    }
    if container.spatialite {
        let path = match binary.map(|binary| binary.machine) {
            Some(Machine::Aarch64) => SPATIALITE_ARM,
            _ => SPATIALITE,
        };
        let value = docker_value(path);
        lines.push(format!("ENV DATASETTE_LOAD_EXTENSION={value}"));
    }
    lines.push(format!("ENV PORT={}", container.port));
    lines.push(format!("EXPOSE {}", container.port));
    if container.volume.is_none() {
        lines.push(format!("USER {USER}:{USER}"));
    }
    lines.push(format!("CMD {}", command(site, container)));
    lines.join("\n")
}

/// Two stages: one that has libraries and a shell, and one that has neither.
fn from_nothing(lines: &mut Vec<String>, site: &Site, binary: &Binary) {
    let from = image(DEBIAN, Some(binary));
    let inspect = server_words::inspect(site);
    let program = format!("/image{PROGRAM}");
    let words = std::iter::once(program.as_str()).chain(inspect.iter().map(String::as_str));
    lines.extend([
        format!("FROM {from} AS build"),
        format!("COPY datasette {program}"),
        "COPY app /image/app".to_owned(),
        "WORKDIR /image/app".to_owned(),
        format!("RUN {}", json_words(words)),
    ]);
    let mut run = "RUN mkdir -m 1777 /image/tmp".to_owned();
    if !binary.libraries.is_empty() {
        let libraries = shell_line(binary.libraries.iter().map(String::as_str));
        run.push_str(&format!(" && cp -L --parents {libraries} /image/"));
    }
    lines.extend([
        run,
        String::new(),
        "FROM scratch".to_owned(),
        "COPY --from=build /image /".to_owned(),
        "WORKDIR /app".to_owned(),
    ]);
}

/// One stage on an image that has a shell, in the order of what changes least.
fn from_image(
    lines: &mut Vec<String>,
    base: Base,
    container: &Container,
    site: &Site,
    packages: &[String],
) {
    let name = if base == Base::Python { PYTHON } else { DEBIAN };
    let binary = container.binary.as_ref();
    lines.push(format!("FROM {}", image(name, binary)));
    if !packages.is_empty() {
        let packages = shell_line(packages.iter().map(String::as_str));
        lines.extend([
            String::new(),
            "RUN apt-get update && \\".to_owned(),
            format!("    apt-get install -y --no-install-recommends {packages} && \\"),
            "    rm -rf /var/lib/apt/lists/*".to_owned(),
            String::new(),
        ]);
    }
    let python = site.packages();
    let named = python.iter().map(String::as_str);
    if binary.is_none() {
        let pip = ["pip", "install", "--no-cache-dir", "-U"].into_iter();
        lines.push(format!("RUN {}", json_words(pip.chain(named))));
    } else {
        lines.push(format!("COPY datasette {PROGRAM}"));
        if base == Base::Python {
            lines.push(format!(
                "ENV DATASETTE_PYTHON={INTERPRETER} PIP_NO_CACHE_DIR=1"
            ));
            let install = ["datasette", "install", "-U"].into_iter();
            // Files that are plugins need no more than what plugins import.
            let own = python.is_empty().then_some("datasette");
            lines.push(format!(
                "RUN {}",
                json_words(install.chain(own).chain(named))
            ));
        }
    }
    let inspect = server_words::inspect(site);
    let words = std::iter::once("datasette").chain(inspect.iter().map(String::as_str));
    lines.extend([
        "COPY app /app".to_owned(),
        "WORKDIR /app".to_owned(),
        format!("RUN {}", json_words(words)),
    ]);
}

/// The image to start from, of the processor that the program is for.
fn image(name: &str, binary: Option<&Binary>) -> String {
    let wanted = match binary.map(|binary| binary.machine) {
        Some(Machine::X86_64) if !cfg!(target_arch = "x86_64") => "amd64",
        Some(Machine::Aarch64) if !cfg!(target_arch = "aarch64") => "arm64",
        _ => return name.to_owned(),
    };
    format!("--platform=linux/{wanted} {name}")
}

/// What the container runs, in JSON (PUB-24).
fn command(site: &Site, container: &Container) -> String {
    let words = server_words::in_container(site);
    let mut all = match &container.binary {
        Some(_) => vec![PROGRAM.to_owned()],
        None => vec!["datasette".to_owned()],
    };
    all.extend(words);
    if container.binary.is_some() && container.volume.is_none() {
        // Our own server reads `$PORT` by itself.
        return json_words(all.iter().map(String::as_str));
    }
    // For others a shell does. It is replaced by the server, which thereby hears signals.
    all.pop_if(|last| last == PORT);
    let mut script = String::new();
    let mut server = format!("{} \"{PORT}\"", shell_line(all.iter().map(String::as_str)));
    if let Some(volume) = &container.volume {
        let path = volume.path;
        for name in &volume.databases {
            script.push_str(&format!("[ -e {path}/{name} ] || : > {path}/{name}; "));
        }
        // The volume belongs to root, the server does not.
        script.push_str(&format!(
            "chown -R {USER}:{USER} {path}; set -- {path}/*.db; [ -e \"$1\" ] || set --; "
        ));
        server = format!("setpriv --reuid={USER} --regid={USER} --clear-groups {server} \"$@\"");
    }
    script.push_str(&format!("exec {server}"));
    json_words(["/bin/sh", "-c", &script])
}

impl Container {
    /// Packages of Debian, those of options first (PUB-25). Compilers are wanted only where pip
    /// might build something.
    fn all_packages(&self, site: &Site) -> Vec<String> {
        let named = self
            .packages
            .iter()
            .flat_map(|name| name.split_whitespace());
        let mut packages: Vec<String> = named.map(str::to_owned).collect();
        if self.spatialite {
            if !site.packages().is_empty() {
                packages.extend(["python3-dev".to_owned(), "gcc".to_owned()]);
            }
            packages.push("libsqlite3-mod-spatialite".to_owned());
        }
        packages
    }
}

#[cfg(test)]
mod tests;
