//! Variables of this machine that a binary under comparison must not know.

use std::path::Path;
use std::process::Command;

const READ: [&str; 10] = [
    "DATASETTE_INTERNAL",
    "DATASETTE_LOAD_EXTENSION",
    "DATASETTE_LOAD_PLUGINS",
    "DATASETTE_PYTHON",
    "DATASETTE_SECRET",
    "DATASETTE_SSL_CERTFILE",
    "DATASETTE_SSL_KEYFILE",
    "DATASETTE_TRACE_PLUGINS",
    "PYTHONPATH",
    "VIRTUAL_ENV",
];

/// Names the Python of ours to it, where there are plugins to run.
pub(crate) fn tell_python(command: &mut Command, python: Option<&Path>) {
    if let Some(python) = python {
        command.env("DATASETTE_PYTHON", python);
    }
}

/// Takes them from a command, and plugins of the user from ours: it looks for them in `folder`,
/// which has none.
pub(crate) fn forget(command: &mut Command, folder: &Path) {
    for name in READ {
        command.env_remove(name);
    }
    command.env("DATASETTE_VENV", folder.join("no-venv"));
}
