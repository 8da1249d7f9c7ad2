//! A folder to run the binary in.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

/// A temporary folder with a database `one.db`, and the binary run inside it.
pub(crate) struct Folder {
    folder: TempDir,
}

/// What became of a run.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        folder.database(
            "one.db",
            "create table t (id integer primary key, name text);
             insert into t values (1, 'a'), (2, 'b');",
        );
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes a database from SQL and leaves it open.
    pub(crate) fn database(&self, name: &str, sql: &str) -> Connection {
        let connection = Connection::open(self.path(name)).unwrap();
        connection.execute_batch(sql).unwrap();
        connection
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    /// Writes a file that somebody watches, who never sees half of it.
    #[cfg(unix)]
    pub(crate) fn replace(&self, name: &str, content: &str) {
        self.write("unfinished", content);
        std::fs::rename(self.path("unfinished"), self.path(name)).unwrap();
    }

    pub(crate) fn directory(&self, name: &str) {
        std::fs::create_dir_all(self.path(name)).unwrap();
    }

    /// The binary, ready to run here, knowing nothing of this machine's variables. Its temporary
    /// files go into the folder `temporary`.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.directory("temporary");
        let mut command = Command::new(env!("CARGO_BIN_EXE_datasette"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("TMPDIR", self.path("temporary"))
            .env("DATASETTE_VENV", self.path("no-venv"))
            .env("COLUMNS", "80");
        for name in [
            "DATASETTE_SECRET",
            "DATASETTE_INTERNAL",
            "DATASETTE_LOAD_EXTENSION",
            "DATASETTE_LOAD_PLUGINS",
            "DATASETTE_PYTHON",
            "PYTHONPATH",
            "VIRTUAL_ENV",
            "DATASETTE_SSL_CERTFILE",
            "DATASETTE_SSL_KEYFILE",
            "DATASETTE_SUPERVISOR",
            "FORWARDED_ALLOW_IPS",
            "DATASETTE_LOG",
            "DATASETTE_LOG_FORMAT",
            "DATASETTE_STOP_TIMEOUT",
            "NOTIFY_SOCKET",
            "RUST_LOG",
        ] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments).output().unwrap())
    }

    /// The JSON of a request that must succeed.
    pub(crate) fn json(&self, arguments: &[&str], path: &str) -> Value {
        let ran = self.run(&[arguments, &["--get", path]].concat());
        assert_eq!(
            ran.code,
            Some(0),
            "{arguments:?} {path}: {}{}",
            ran.err,
            ran.text()
        );
        serde_json::from_slice(&ran.out).unwrap()
    }

    /// The message of a run that must fail like this.
    pub(crate) fn refused(&self, arguments: &[&str], code: i32) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(code), "{arguments:?}: {}", ran.err);
        assert_eq!(ran.text(), "", "{arguments:?}");
        ran.err.trim_end().to_owned()
    }

    /// The names of the files in a folder below this one.
    pub(crate) fn files_in(&self, name: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(name)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        names.collect()
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }
}

impl Ran {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }
}

pub(crate) fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code(),
        out: output.stdout,
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
