//! The program that is published, and whether it runs there.
//!
//! It is the running one, copied, so that what is published is what was tried. No registry and no
//! download is asked. Where the running program is not a Linux one, `--binary` names one.

use std::path::{Path, PathBuf};

use crate::args::reason;
use crate::failure::Failure;

use super::elf::{Elf, Machine};

/// Where a program will run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Host {
    /// In words, for messages.
    pub(super) name: &'static str,
    /// Its version of the GNU C library.
    pub(super) glibc: (u32, u32),
    /// Whether it runs programs for 64-bit ARM too.
    pub(super) runs_arm: bool,
}

/// A program that runs on a [`Host`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Binary {
    /// The file.
    pub(super) path: PathBuf,
    /// Its processor.
    pub(super) machine: Machine,
    /// The files of the host that it cannot do without: loader and libraries. None if it is
    /// static.
    pub(super) libraries: Vec<String>,
}

/// What every Debian and Ubuntu has; the C library and the compiler's.
const KNOWN_LIBRARIES: [&str; 7] = [
    "libc.so.6",
    "libm.so.6",
    "libdl.so.2",
    "libpthread.so.0",
    "librt.so.1",
    "libresolv.so.2",
    "libgcc_s.so.1",
];

/// Finds the program to publish.
///
/// # Errors
/// It cannot be read, or would not run on the host.
pub(super) fn find(chosen: Option<&Path>, host: Host) -> Result<Binary, Failure> {
    let path = match chosen {
        Some(path) => path.to_owned(),
        None => std::env::current_exe().map_err(|error| {
            Failure::error(format!("The running program cannot be found: {error}"))
        })?,
    };
    let cannot_read = |error| {
        Failure::error(format!(
            "Could not read {}: {}",
            path.display(),
            reason(&error)
        ))
    };
    // A link is followed, so that the file itself is what is copied.
    let path = path.canonicalize().map_err(cannot_read)?;
    let file = std::fs::read(&path).map_err(cannot_read)?;
    check(&path, Elf::read(&file), host)
}

fn check(path: &Path, elf: Option<Elf>, host: Host) -> Result<Binary, Failure> {
    let shown = path.display();
    let refused = |why: &str| {
        Err(Failure::error(format!(
            "{shown} cannot be published: {why}. Name a Linux program of Datasette with --binary"
        )))
    };
    let Some(elf) = elf else {
        return refused("it is not a program for Linux on x86-64 or 64-bit ARM");
    };
    if elf.machine == Machine::Aarch64 && !host.runs_arm {
        return refused(&format!("{} wants a program for x86-64", host.name));
    }
    let Some(loader) = elf.interpreter else {
        return Ok(Binary {
            path: path.to_owned(),
            machine: elf.machine,
            libraries: Vec::new(),
        });
    };
    let folder = match (elf.machine, loader.as_str()) {
        (Machine::X86_64, "/lib64/ld-linux-x86-64.so.2") => "/lib/x86_64-linux-gnu",
        (Machine::Aarch64, "/lib/ld-linux-aarch64.so.1") => "/lib/aarch64-linux-gnu",
        _ => return refused(&format!("it is loaded by {loader}, which is not there")),
    };
    if let Some(needed) = elf.glibc
        && needed > host.glibc
    {
        return refused(&format!(
            "it needs version {}.{} of the GNU C library, and {} has {}.{}",
            needed.0, needed.1, host.name, host.glibc.0, host.glibc.1
        ));
    }
    let mut libraries = vec![loader.clone()];
    for library in elf.libraries {
        if loader.ends_with(&format!("/{library}")) {
            continue;
        }
        if !KNOWN_LIBRARIES.contains(&library.as_str()) {
            return refused(&format!("it needs {library}, which is not there"));
        }
        libraries.push(format!("{folder}/{library}"));
    }
    Ok(Binary {
        path: path.to_owned(),
        machine: elf.machine,
        libraries,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: Host = Host {
        name: "the host",
        glibc: (2, 36),
        runs_arm: false,
    };

    fn elf() -> Elf {
        Elf {
            machine: Machine::X86_64,
            interpreter: Some("/lib64/ld-linux-x86-64.so.2".to_owned()),
            libraries: vec!["libgcc_s.so.1".to_owned(), "libc.so.6".to_owned()],
            glibc: Some((2, 34)),
        }
    }

    fn refused(elf: Option<Elf>) -> String {
        check(Path::new("prog"), elf, HOST).unwrap_err().text()
    }

    // Proves: PUB-87
    #[test]
    fn what_runs_brings_its_libraries() {
        let binary = check(Path::new("prog"), Some(elf()), HOST).unwrap();
        assert_eq!(
            binary.libraries,
            [
                "/lib64/ld-linux-x86-64.so.2",
                "/lib/x86_64-linux-gnu/libgcc_s.so.1",
                "/lib/x86_64-linux-gnu/libc.so.6"
            ]
        );
        let alone = Elf {
            interpreter: None,
            libraries: Vec::new(),
            glibc: None,
            ..elf()
        };
        let binary = check(Path::new("prog"), Some(alone), HOST).unwrap();
        assert!(binary.libraries.is_empty());
    }

    // Proves: PUB-87
    #[test]
    fn what_would_not_run_is_refused_with_the_reason() {
        assert_eq!(
            refused(None),
            "Error: prog cannot be published: it is not a program for Linux on x86-64 or 64-bit \
             ARM. Name a Linux program of Datasette with --binary"
        );
        let arm = Elf {
            machine: Machine::Aarch64,
            interpreter: Some("/lib/ld-linux-aarch64.so.1".to_owned()),
            ..elf()
        };
        assert!(refused(Some(arm.clone())).contains("the host wants a program for x86-64"));
        let both = Host {
            runs_arm: true,
            ..HOST
        };
        let binary = check(Path::new("prog"), Some(arm), both).unwrap();
        assert_eq!(binary.libraries[2], "/lib/aarch64-linux-gnu/libc.so.6");
        let new = Elf {
            glibc: Some((2, 37)),
            ..elf()
        };
        assert!(
            refused(Some(new))
                .contains("it needs version 2.37 of the GNU C library, and the host has 2.36")
        );
        let musl = Elf {
            interpreter: Some("/lib/ld-musl-x86_64.so.1".to_owned()),
            ..elf()
        };
        assert!(refused(Some(musl)).contains("loaded by /lib/ld-musl-x86_64.so.1"));
        let more = Elf {
            libraries: vec!["libssl.so.3".to_owned()],
            ..elf()
        };
        assert!(refused(Some(more)).contains("it needs libssl.so.3"));
    }
}
