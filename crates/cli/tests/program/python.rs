//! The Python that plugins of tests run with.

use std::path::{Path, PathBuf};

use crate::folder::Folder;
use crate::server::Server;

/// Names it for tests that are run by other means than those of this project.
const NAMED: &str = "DATASETTE_TEST_PYTHON";

/// Where the package is unpacked and compiled, once for all tests (`XDG_CACHE_HOME`).
pub(crate) const CACHE: &str = env!("CARGO_TARGET_TMPDIR");

/// An interpreter that has what the package for plugins needs. `cargo xtask test` makes it.
pub(crate) fn python() -> String {
    let named = std::env::var_os(NAMED).map(PathBuf::from);
    let made = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../target/tools/python/bin/python"
    );
    let python = named.unwrap_or_else(|| PathBuf::from(made));
    assert!(
        python.exists(),
        "there is no {}: `cargo xtask test --only python` makes it",
        python.display()
    );
    python.display().to_string()
}

/// What starts a server with these files in its folder of plugins.
pub(crate) fn command(
    folder: &Folder,
    plugins: &[(&str, &str)],
    arguments: &[&str],
) -> std::process::Command {
    folder.directory("plugins");
    for (name, text) in plugins {
        folder.write(&Path::new("plugins").join(name).display().to_string(), text);
    }
    let python = python();
    let own = ["-p", "0", "--python", &python, "--plugins-dir", "plugins"];
    let mut command = folder.command(&[&own[..], arguments].concat());
    command.env("XDG_CACHE_HOME", CACHE);
    command
}

/// A server with these files in its folder of plugins.
pub(crate) fn serve(folder: &Folder, plugins: &[(&str, &str)], arguments: &[&str]) -> Server {
    Server::spawn(command(folder, plugins, arguments))
}
