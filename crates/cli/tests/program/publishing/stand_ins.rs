//! Programs that note how they were called, and answer as they are told.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::folder::{Folder, Ran, ran};

/// Each call becomes a folder: its words, where it was called, and the files there. The program
/// that is published is too large to be copied each time; its name is enough. What a call answers
/// is found by its words up to the first option.
const SCRIPT: &str = r#"#!/bin/sh
number=$(ls "$CALLS" | wc -l)
call="$CALLS/$((number + 100))"
mkdir "$call"
name=$(basename "$0")
key=$name
for word; do
  case "$word" in -*|.) break ;; esac
  key="$key $word"
done
{ printf '%s' "$name"; for word; do printf ' [%s]' "$word"; done; } > "$call/words"
pwd > "$call/folder"
if [ -f Dockerfile ] || [ -f Procfile ]; then
  find . -type f | while read -r file; do
    mkdir -p "$call/files/$(dirname "$file")"
    case "$file" in
      */datasette) : > "$call/files/$file" ;;
      *) cp -p "$file" "$call/files/$file" ;;
    esac
  done
fi
case "$key" in *import) cat > "$call/input" ;; esac
[ -f "$ANSWERS/$key.out" ] && cat "$ANSWERS/$key.out"
[ -f "$ANSWERS/$key.status" ] && exit "$(cat "$ANSWERS/$key.status")"
exit 0
"#;

/// A folder with a database `one.db`, and programs that do nothing.
pub(crate) struct StandIns {
    pub(crate) folder: Folder,
}

/// A call that was noted.
pub(crate) struct Call {
    /// The program, and each argument in brackets.
    pub(crate) words: String,
    /// The name of the folder it was called in.
    pub(crate) folder: String,
    /// Where copies of the files of that folder are.
    pub(crate) files: PathBuf,
    /// What it read.
    pub(crate) input: String,
}

impl StandIns {
    pub(crate) fn new(programs: &[&str]) -> Self {
        let folder = Folder::new();
        for name in ["programs", "calls", "answers", "none"] {
            folder.directory(name);
        }
        for name in programs {
            let path = format!("programs/{name}");
            folder.write(&path, SCRIPT);
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(folder.path(&path), mode).unwrap();
        }
        Self { folder }
    }

    /// What a call prints from now on.
    pub(crate) fn prints(&self, call: &str, text: &str) {
        self.folder.write(&format!("answers/{call}.out"), text);
    }

    /// How a call ends from now on.
    pub(crate) fn ends(&self, call: &str, status: u8) {
        let name = format!("answers/{call}.status");
        self.folder.write(&name, status.to_string());
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.folder.command(arguments);
        let path = format!("{}:/usr/bin:/bin", self.folder.path("programs").display());
        command
            .env("PATH", path)
            .env("CALLS", self.folder.path("calls"))
            .env("ANSWERS", self.folder.path("answers"))
            .env_remove("DATASETTE_PUBLISH_SECRET");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.answering("", arguments)
    }

    /// Runs with answers to questions on the standard input.
    pub(crate) fn answering(&self, answers: &str, arguments: &[&str]) -> Ran {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Who asks nothing does not listen.
        let _ = child.stdin.take().unwrap().write_all(answers.as_bytes());
        ran(child.wait_with_output().unwrap())
    }

    /// Runs what must succeed, and returns the calls.
    pub(crate) fn published(&self, arguments: &[&str]) -> Vec<Call> {
        let ran = self.run(arguments);
        assert_eq!(
            ran.code,
            Some(0),
            "{arguments:?}: {}{}",
            ran.text(),
            ran.err
        );
        self.calls()
    }

    /// The calls since the last time.
    pub(crate) fn calls(&self) -> Vec<Call> {
        let root = self.folder.path("calls");
        let mut names = self.folder.files_in("calls");
        names.sort();
        let read = |path: PathBuf| std::fs::read_to_string(path).unwrap_or_default();
        let calls = names.iter().map(|name| {
            let call = root.join(name);
            let folder = PathBuf::from(read(call.join("folder")).trim_end());
            Call {
                words: read(call.join("words")),
                folder: folder.file_name().unwrap().to_str().unwrap().to_owned(),
                files: call.join("files"),
                input: read(call.join("input")),
            }
        });
        let calls = calls.collect();
        // Kept under another name, so that its files can still be looked at.
        let mut kept = 0;
        while self.folder.path(&format!("calls{kept}")).exists() {
            kept += 1;
        }
        let to = self.folder.path(&format!("calls{kept}"));
        std::fs::rename(&root, &to).unwrap();
        std::fs::create_dir(&root).unwrap();
        let moved = |call: Call| Call {
            files: to.join(call.files.strip_prefix(&root).unwrap()),
            ..call
        };
        Vec::into_iter(calls).map(moved).collect()
    }
}

impl Call {
    /// The text of a file in the folder of the call.
    pub(crate) fn text(&self, name: &str) -> String {
        let path = self.files.join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The mode of a file there.
    pub(crate) fn mode(&self, name: &str) -> u32 {
        let metadata = self.files.join(name).metadata().unwrap();
        metadata.permissions().mode() & 0o777
    }

    /// The names of all files there.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut folders = vec![self.files.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&self.files).unwrap();
                    names.push(name.to_str().unwrap().to_owned());
                }
            }
        }
        names.sort();
        names
    }
}

/// The words of each call.
pub(crate) fn words(calls: &[Call]) -> Vec<&str> {
    calls.iter().map(|call| call.words.as_str()).collect()
}
