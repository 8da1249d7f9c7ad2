//! The contestants and the commands that start them.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ValueEnum;

use super::{original, shell};
use crate::locations;

/// One side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Contestant {
    /// Datasette 1.0a41 in Python.
    Original,
    /// The bare server of this crate.
    Floor,
    /// The binary of this workspace.
    Ours,
    /// The `sqlite3` shell: exports only, and only if it is installed.
    #[value(skip)]
    Shell,
}

impl Contestant {
    /// The name in tables and in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Floor => "floor",
            Self::Ours => "ours",
            Self::Shell => "sqlite3 -csv",
        }
    }
}

/// The contestants of this run, with the binary of each.
#[derive(Debug)]
pub(crate) struct Contestants {
    binaries: BTreeMap<Contestant, PathBuf>,
}

impl Contestants {
    /// Finds the binaries of the servers asked for, and of the shell if there is one.
    ///
    /// # Errors
    /// A binary that does not exist, or an original that cannot be installed.
    pub(crate) fn find(against: &[Contestant]) -> Result<Self, Box<dyn Error>> {
        let mut binaries = BTreeMap::new();
        for contestant in against {
            let binary = match contestant {
                Contestant::Original => original::binary()?,
                Contestant::Floor => env::current_exe()?,
                Contestant::Ours => existing(locations::our_binary())?,
                Contestant::Shell => continue,
            };
            binaries.insert(*contestant, binary);
        }
        if let Some(shell) = shell::binary() {
            binaries.insert(Contestant::Shell, shell);
        }
        Ok(Self { binaries })
    }

    /// The program of a contestant.
    pub(crate) fn binary(&self, contestant: Contestant) -> PathBuf {
        self.binaries.get(&contestant).cloned().unwrap_or_default()
    }

    /// One contestant with the given binary.
    #[cfg(test)]
    pub(super) fn only(contestant: Contestant, binary: PathBuf) -> Self {
        Self {
            binaries: BTreeMap::from([(contestant, binary)]),
        }
    }

    /// The Python environment of the original, whose interpreter runs our plugins, too.
    ///
    /// # Errors
    /// As [`Contestants::find`] for the original.
    pub(crate) fn environment(&self) -> Result<PathBuf, Box<dyn Error>> {
        let original = original::binary()?;
        let environment = original.parent().and_then(Path::parent);
        let environment = environment.ok_or("the original is in no environment")?;
        Ok(environment.to_owned())
    }

    /// The servers, in the order of their turns.
    pub(crate) fn servers(&self) -> impl Iterator<Item = Contestant> {
        self.binaries
            .keys()
            .copied()
            .filter(|contestant| *contestant != Contestant::Shell)
    }

    /// Whether the `sqlite3` shell is installed.
    pub(crate) fn has_shell(&self) -> bool {
        self.binaries.contains_key(&Contestant::Shell)
    }

    /// The command that makes a contestant serve (the shell: export) one file.
    pub(crate) fn command(&self, contestant: Contestant, file: &Path, port: u16) -> Command {
        let mut command = Command::new(self.binary(contestant));
        match contestant {
            Contestant::Original | Contestant::Ours => {
                command
                    .arg(file)
                    .args(["--host", "127.0.0.1", "--port"])
                    .arg(port.to_string());
                command.args(["--setting", "default_cache_ttl", "0"]);
                // The export must not end where its default limit of 100 MiB would end it.
                command.args(["--setting", "max_csv_mb", "0"]);
                // Neither has a plugin, whatever is installed here.
                command.env("DATASETTE_LOAD_PLUGINS", "");
            }
            Contestant::Floor => {
                command
                    .args(["floor", "--port"])
                    .arg(port.to_string())
                    .arg(file);
            }
            Contestant::Shell => {
                command.args(["-readonly", "-csv"]).arg(file);
                command.arg("select * from observations order by id");
            }
        }
        command
    }

    /// What each contestant says its version is.
    pub(crate) fn versions(&self) -> Vec<(Contestant, String)> {
        let version = |(contestant, binary): (&Contestant, &PathBuf)| {
            let text = match contestant {
                Contestant::Floor => format!("axum, SQLite {}", rusqlite::version()),
                _ => first_line(binary).unwrap_or_else(|| "unknown".to_owned()),
            };
            (*contestant, text)
        };
        self.binaries.iter().map(version).collect()
    }
}

fn existing(binary: PathBuf) -> Result<PathBuf, Box<dyn Error>> {
    if binary.is_file() {
        return Ok(binary);
    }
    Err(format!(
        "no binary at {}: build it with `cargo build --release`, name another in \
         DATASETTE_BINARY, or leave it out with `--against original,floor`",
        binary.display()
    )
    .into())
}

/// The first line of `--version`, up to the date or hash that `sqlite3` adds.
fn first_line(binary: &Path) -> Option<String> {
    let output = Command::new(binary).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let words: Vec<&str> = text.lines().next()?.split(' ').take(3).collect();
    let is_date = |word: &&str| word.len() == 10 && word.as_bytes()[4] == b'-';
    Some(
        words
            .into_iter()
            .take_while(|word| !is_date(word))
            .collect::<Vec<_>>()
            .join(" "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_run_without_caching_and_without_a_limit_on_exports() {
        for contestant in [Contestant::Original, Contestant::Ours] {
            let contestants = Contestants::only(contestant, PathBuf::from("datasette"));
            let command = contestants.command(contestant, Path::new("x.db"), 8123);
            let arguments: Vec<String> = command
                .get_args()
                .map(|argument| argument.to_string_lossy().into())
                .collect();
            let line = arguments.join(" ");
            assert!(line.starts_with("x.db "), "{line}");
            assert!(line.contains("--port 8123"), "{line}");
            assert!(line.contains("--setting default_cache_ttl 0"), "{line}");
            assert!(line.contains("--setting max_csv_mb 0"), "{line}");
        }
    }

    #[test]
    fn turns_leave_the_shell_out() {
        let contestants = Contestants::only(Contestant::Shell, PathBuf::from("sqlite3"));
        assert_eq!(contestants.servers().count(), 0);
        assert!(contestants.has_shell());
    }
}
