//! The Python package that plugins import, which this program brings along.
//!
//! Plugins require a distribution named `datasette`. Ours has the version of the interface that it
//! offers and a label that differs with its content, so that pip finds every such requirement met
//! and never fetches the Python Datasette for it.

use std::fs;
use std::io;
use std::path::Path;

/// The wheel, made by the build.
const WHEEL: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/datasette.whl"));

/// Its version, label included.
pub(super) const VERSION: &str = env!("DATASETTE_PACKAGE_VERSION");

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_tells_our_package_from_others() {
        assert!(VERSION.starts_with("1.0a41+rust.h"), "{VERSION}");
        assert!(is_ours(VERSION));
        assert!(!is_ours("1.0a41") && !is_ours("0.65.2"));
    }
}
