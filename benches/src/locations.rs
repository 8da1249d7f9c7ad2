//! Where generated files, environments and binaries are found.

use std::env;
use std::path::PathBuf;

/// The folder of this crate: told by cargo, otherwise `benches` below the current folder.
fn crate_folder() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("benches"), PathBuf::from)
}

/// The folder for everything this crate generates and may regenerate (ignored by git).
pub(crate) fn work_folder() -> PathBuf {
    crate_folder().join("work")
}

/// The folder of the plugins that are measured.
pub(crate) fn plugins_folder() -> PathBuf {
    crate_folder().join("plugins")
}

/// Our binary: `DATASETTE_BINARY`, otherwise the release build of this workspace.
pub(crate) fn our_binary() -> PathBuf {
    if let Some(path) = env::var_os("DATASETTE_BINARY") {
        return PathBuf::from(path);
    }
    let target = env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| crate_folder().join("..").join("target"), PathBuf::from);
    target.join("release").join("datasette")
}
