//! The Python package that plugins import, which this program brings along.
//!
//! Plugins require a distribution named `datasette`. Ours has the version of the interface that it
//! offers and a label that differs with its content, so that pip finds every such requirement met
//! and never fetches the Python Datasette for it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::archive;
use crate::cache;

/// The wheel, made by the build.
const WHEEL: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/datasette.whl"));

/// Its version, label included.
pub(crate) const VERSION: &str = env!("DATASETTE_PACKAGE_VERSION");

/// The name of the distribution.
pub(super) const NAME: &str = "datasette";

/// Whether a version is one of this package, of this program or another of its releases.
pub(super) fn is_ours(version: &str) -> bool {
    version.contains("+rust")
}

/// Writes the wheel into a folder, under the name that wheels must have.
///
/// # Errors
/// It cannot be written.
pub(super) fn write_wheel(folder: &Path) -> io::Result<()> {
    fs::write(
        folder.join(format!("{NAME}-{VERSION}-py3-none-any.whl")),
        WHEEL,
    )
}

/// The folder with the package for environments that do not hold it; unpacked when it is asked for
/// the first time, into the user's folder for what can be made again.
///
/// # Errors
/// It cannot be written, not even among temporary files.
pub(super) fn unpacked() -> io::Result<PathBuf> {
    let name = format!("{NAME}-{VERSION}");
    let Some(cache) = cache::folder() else {
        return unpack_in(&temporary()?, &name);
    };
    // A home that cannot be written to is no rarity in containers.
    unpack_in(&cache, &name).or_else(|_| unpack_in(&temporary()?, &name))
}

/// A folder of this process among temporary files. It stays: a process of plugins may be started
/// from it as long as this one runs.
fn temporary() -> io::Result<PathBuf> {
    let folder = tempfile::Builder::new()
        .prefix("datasette-python-")
        .tempdir()?;
    Ok(folder.keep())
}

fn unpack_in(folder: &Path, name: &str) -> io::Result<PathBuf> {
    let target = folder.join(name);
    if target.is_dir() {
        return Ok(target);
    }
    fs::create_dir_all(folder)?;
    // Others may be doing the same at the same time: only a whole one gets the name.
    let whole = tempfile::Builder::new().prefix(name).tempdir_in(folder)?;
    archive::unpack(WHEEL, whole.path())?;
    match fs::rename(whole.path(), &target) {
        Ok(()) => {
            let _ = whole.keep();
            Ok(target)
        }
        Err(_) if target.is_dir() => Ok(target),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_tells_our_package_from_others() {
        assert!(VERSION.starts_with("1.0a41+rust.h"), "{VERSION}");
        assert!(is_ours(VERSION));
        assert!(!is_ours("1.0a41") && !is_ours("0.65.2"));
    }

    #[test]
    fn it_is_unpacked_once() {
        let folder = tempfile::tempdir().unwrap();
        let unpacked = unpack_in(folder.path(), "package").unwrap();
        assert_eq!(unpacked, folder.path().join("package"));
        let module = unpacked.join("datasette/__init__.py");
        let source = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../python/datasette/__init__.py"
        );
        assert_eq!(fs::read(&module).unwrap(), fs::read(source).unwrap());
        fs::write(&module, "# as it was found").unwrap();
        assert_eq!(unpack_in(folder.path(), "package").unwrap(), unpacked);
        assert_eq!(fs::read(module).unwrap(), b"# as it was found");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
