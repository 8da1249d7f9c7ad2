//! The proxies themselves: those of this machine, else packages of Debian unpacked below the target
//! folder, where they disturb nothing and no service of theirs is started.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::program;
use crate::test::run::Site;

/// What is wanted of Debian where a program is missing.
const PACKAGES: [&str; 3] = ["nginx", "apache2-bin", "haproxy"];

/// Programs that are not on the path of every user.
const SYSTEM: [&str; 2] = ["/usr/sbin", "/usr/local/sbin"];

/// A proxy that can be started.
pub(super) struct Software {
    pub(super) nginx: PathBuf,
    pub(super) apache: PathBuf,
    /// The folder with the modules of Apache.
    pub(super) apache_modules: PathBuf,
    pub(super) haproxy: PathBuf,
    /// Where libraries of unpacked packages are; empty for those of the machine.
    libraries: OsString,
}

impl Software {
    /// Finds the proxies, fetching them when they are missing.
    pub(super) fn find(site: &Site) -> Result<Self> {
        if let Some(found) = Self::below(Path::new("/"), "") {
            return Ok(found);
        }
        let root = site.workspace.target.join("tools/proxies");
        let found = || Self::below(&root, &libraries_of(&root));
        if let Some(found) = found() {
            return Ok(found);
        }
        let advice = format!(
            "the tests behind proxies need them: on Debian `apt-get install {}`",
            PACKAGES.join(" ")
        );
        unpack(&root).context(advice.clone())?;
        found().context(advice)
    }

    fn below(root: &Path, libraries: &str) -> Option<Self> {
        let program = |name: &str| {
            let folders = SYSTEM.iter().map(|folder| root.join(&folder[1..]));
            let mut paths = folders.map(|folder| folder.join(name));
            paths.find(|path| path.is_file())
        };
        let apache_modules = root.join("usr/lib/apache2/modules");
        Some(Self {
            nginx: program("nginx")?,
            apache: program("apache2")?,
            apache_modules: apache_modules.is_dir().then_some(apache_modules)?,
            haproxy: program("haproxy")?,
            libraries: libraries.into(),
        })
    }

    /// A command of one of the programs.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if !self.libraries.is_empty() {
            command.env("LD_LIBRARY_PATH", &self.libraries);
        }
        command
    }
}

/// The folders of libraries of unpacked packages.
fn libraries_of(root: &Path) -> String {
    let machine = std::env::consts::ARCH;
    let folders = ["lib", "usr/lib"].map(|folder| root.join(folder));
    let all = folders.iter().flat_map(|folder| {
        let of_machine = folder.join(format!("{machine}-linux-gnu"));
        [of_machine, folder.clone()]
    });
    let all: Vec<String> = all.map(|folder| folder.display().to_string()).collect();
    all.join(":")
}

/// Fetches the packages, with those among their libraries that the machine lacks, and unpacks them.
fn unpack(root: &Path) -> Result<()> {
    if !program::is_installed("apt-get") || !program::is_installed("dpkg") {
        bail!("this machine has no apt-get to fetch them with");
    }
    println!("fetching {} (once)", PACKAGES.join(", "));
    std::fs::create_dir_all(root)?;
    let wanted = || {
        program::output_of(
            Command::new("apt-get")
                .args([
                    "install",
                    "--print-uris",
                    "--yes",
                    "--no-install-recommends",
                    "-qq",
                ])
                .args(PACKAGES),
        )
    };
    let listed = match wanted() {
        Ok(listed) => listed,
        // A machine that never asked for the list of packages; only root may.
        Err(_) => {
            program::run(Command::new("apt-get").args(["update", "--quiet"]))?;
            wanted()?
        }
    };
    let names = package_names(&listed);
    program::run(
        Command::new("apt-get")
            .arg("download")
            .args(&names)
            .current_dir(root),
    )?;
    for entry in std::fs::read_dir(root)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "deb") {
            program::run(Command::new("dpkg").arg("-x").arg(&path).arg(root))?;
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// The packages of lines like `'http://.../nginx_1.22.1_amd64.deb' nginx_1.22.1_amd64.deb 123 ...`.
fn package_names(listed: &str) -> Vec<&str> {
    let files = listed.lines().filter_map(|line| line.split(' ').nth(1));
    let names = files.filter(|file| file.ends_with(".deb"));
    names.filter_map(|file| file.split('_').next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_read_from_addresses() {
        let listed = "'http://deb.example/n/nginx_1.22.1-9_amd64.deb' nginx_1.22.1-9_amd64.deb 5 MD5Sum:x\n\
                      'http://deb.example/l/liblua5.3-0_5.3.6_amd64.deb' liblua5.3-0_5.3.6_amd64.deb 7 SHA256:y\n";
        assert_eq!(package_names(listed), ["nginx", "liblua5.3-0"]);
        assert!(package_names("").is_empty());
    }
}
