//! The Python that plugins of tests run with.

use std::path::{Path, PathBuf};
use std::process::Command;

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

/// Makes a virtual environment `venv` in the folder, which has what plugins need and can run them.
/// Answers where its packages are.
pub(crate) fn environment(folder: &Folder) -> String {
    let made = Command::new(python())
        .args(["-m", "venv", "--without-pip"])
        .arg(folder.path("venv"))
        .status();
    assert!(made.unwrap().success());
    let mut versions = std::fs::read_dir(folder.path("venv/lib")).unwrap();
    let version = versions.next().unwrap().unwrap().file_name();
    let packages = format!("venv/lib/{}/site-packages", version.display());
    let asked = Command::new(python())
        .args([
            "-c",
            "import os, click; print(os.path.dirname(os.path.dirname(click.__file__)))",
        ])
        .output();
    folder.write(&format!("{packages}/needed.pth"), asked.unwrap().stdout);
    packages
}

/// Makes a distribution of a module that is a plugin.
pub(crate) fn information(folder: &Folder, packages: &str, name: &str, module: &str) {
    let information = format!("{packages}/{module}-0.3.dist-info");
    folder.directory(&information);
    let metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: 0.3\n");
    folder.write(&format!("{information}/METADATA"), metadata);
    let entries = format!("[datasette]\n{module} = {module}\n");
    folder.write(&format!("{information}/entry_points.txt"), entries);
}
