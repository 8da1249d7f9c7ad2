//! `--reload`: a process that starts the server again whenever a file it is made of changes
//! (CLI-140 to CLI-142).

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::{Duration, SystemTime};

use tokio::process::{Child, Command};
use tokio::runtime::Builder;
use tokio::time::{interval, timeout};

use super::Ending;
use crate::args::ServeArguments;
use crate::failure::Failure;
use crate::output::tell;
use crate::signals::{Signals, Stop};
use crate::supervisor;

/// How often files are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How long a server may finish what it does before it is told again, and then before it is
/// killed.
const PATIENCE: Duration = Duration::from_secs(5);

/// Serves, starting anew after every change, until a signal ends it.
pub(crate) fn supervise(arguments: &ServeArguments) -> Result<Ending, Failure> {
    let cannot = |error| Failure::error(format!("The server cannot be started anew: {error}"));
    let program = std::env::current_exe().map_err(cannot)?;
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(cannot)?;
    let watched = Watched::new(
        watched_files(arguments, &program),
        plugin_folders(arguments),
    );
    let supervising = async {
        let signals = Signals::listen(None)?;
        let supervisor = Supervisor {
            program,
            signals,
            watched,
            started: 0,
        };
        supervisor.run().await
    };
    runtime.block_on(supervising).map_err(cannot)
}

/// The files whose change means another server: configuration, metadata, immutable databases and
/// the program itself.
fn watched_files(arguments: &ServeArguments, program: &Path) -> Vec<PathBuf> {
    let named = arguments.config.iter().chain(&arguments.metadata);
    let named = named.filter(|path| *path != Path::new("-"));
    let all = named.chain(&arguments.immutable).cloned();
    all.chain([program.to_owned()]).collect()
}

/// The folders whose files are plugins: that of the option, else those of directories.
fn plugin_folders(arguments: &ServeArguments) -> Vec<PathBuf> {
    match &arguments.plugins.plugins_dir {
        Some(folder) => vec![folder.clone()],
        None => {
            let directories = arguments.files.iter().filter(|path| path.is_dir());
            directories.map(|path| path.join("plugins")).collect()
        }
    }
}

struct Supervisor {
    program: PathBuf,
    signals: Signals,
    watched: Watched,
    started: u32,
}

/// Why a server ended, or is to.
enum Reason {
    /// A file is not what it was.
    Change(PathBuf),
    /// A signal came.
    Told(Stop),
    /// It ended by itself.
    Ended(ExitStatus),
}

impl Supervisor {
    async fn run(mut self) -> std::io::Result<Ending> {
        loop {
            self.watched.look();
            let mut child = self.start()?;
            if let Some(id) = child.id() {
                tell(&format!("Starting monitor for PID {id}."));
            }
            let mut reason = self.wait(Some(&mut child)).await?;
            if let Reason::Ended(status) = reason {
                let code = status.code().unwrap_or(1);
                tell(&format!(
                    "Server exited with code {code}; waiting for a file to change before reload."
                ));
                reason = self.wait(None).await?;
            }
            match reason {
                Reason::Change(path) => {
                    tell(&format!("{} changed; reloading ...", path.display()));
                    self.end(&mut child).await?;
                }
                Reason::Told(stop) => {
                    return self.finish(stop, &mut child).await;
                }
                Reason::Ended(_) => {}
            }
        }
    }

    fn start(&mut self) -> std::io::Result<Child> {
        let words: Vec<OsString> = std::env::args_os().skip(1).collect();
        let (name, value) = supervisor::mark(self.started);
        self.started = self.started.saturating_add(1);
        Command::new(&self.program)
            .args(words)
            .env(name, value)
            .kill_on_drop(true)
            .spawn()
    }

    /// Waits for a change, a signal, or the end of the server where one runs.
    async fn wait(&mut self, child: Option<&mut Child>) -> std::io::Result<Reason> {
        let ended = async {
            match child {
                Some(child) => child.wait().await,
                None => std::future::pending().await,
            }
        };
        let mut ended = Box::pin(ended);
        let mut looking = interval(LOOK_EVERY);
        loop {
            tokio::select! {
                status = &mut ended => return status.map(Reason::Ended),
                stop = self.signals.next() => return Ok(Reason::Told(stop)),
                _ = looking.tick() => {
                    if let Some(changed) = self.watched.look() {
                        return Ok(Reason::Change(changed));
                    }
                }
            }
        }
    }

    /// Tells the server to end, more and more firmly.
    async fn end(&mut self, child: &mut Child) -> std::io::Result<()> {
        for _ in 0..2 {
            if child.try_wait()?.is_some() {
                return Ok(());
            }
            supervisor::terminate(child);
            if timeout(PATIENCE, child.wait()).await.is_ok() {
                return Ok(());
            }
        }
        tell("Server did not exit, forcefully killing.");
        child.kill().await
    }

    /// The end of both.
    async fn finish(&mut self, stop: Stop, child: &mut Child) -> std::io::Result<Ending> {
        match stop {
            Stop::Interrupted => {
                tell("Received SIGINT, waiting for server to exit ...");
                // The terminal tells both; whoever sent the signal to this process alone did not.
                if timeout(Duration::from_secs(1), child.wait()).await.is_err() {
                    self.end(child).await?;
                }
                Ok(Ending::Code(1))
            }
            Stop::Terminated => {
                tell("Received SIGTERM, triggering a shutdown.");
                self.end(child).await?;
                Ok(Ending::Terminated)
            }
        }
    }
}

/// Files, and what they were like when somebody last looked.
struct Watched {
    files: HashMap<PathBuf, Option<State>>,
    /// Folders whose Python files are watched, those that come and go included.
    folders: Vec<PathBuf>,
    /// These files; `None` before the first look.
    plugins: Option<BTreeMap<PathBuf, State>>,
}

/// What tells one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    modified: Option<SystemTime>,
    size: u64,
}

impl Watched {
    fn new(files: Vec<PathBuf>, folders: Vec<PathBuf>) -> Self {
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        let files = files.into_iter().map(absolute);
        Self {
            files: files.map(|path| (path, None)).collect(),
            folders: folders.into_iter().map(absolute).collect(),
            plugins: None,
        }
    }

    /// The Python files of the folders, as they are now.
    fn plugins_now(&self) -> BTreeMap<PathBuf, State> {
        let entries = self
            .folders
            .iter()
            .filter_map(|it| std::fs::read_dir(it).ok());
        let paths = entries.flatten().flatten().map(|entry| entry.path());
        let python = paths.filter(|path| path.extension() == Some("py".as_ref()));
        python
            .filter_map(|path| Some((path.clone(), state(&path)?)))
            .collect()
    }

    /// A plugin that is not what it was at the last look, that is new or gone.
    fn changed_plugin(&mut self) -> Option<PathBuf> {
        let now = self.plugins_now();
        let before = self.plugins.replace(now)?;
        let now = self.plugins.as_ref()?;
        let mut all = now.keys().chain(before.keys());
        all.find(|path| now.get(*path) != before.get(*path))
            .cloned()
    }

    /// A file that is not what it was at the last look. One that is gone is still being written.
    fn look(&mut self) -> Option<PathBuf> {
        let mut changed = None;
        for (path, known) in &mut self.files {
            let Some(state) = state(path) else {
                continue;
            };
            let before = known.replace(state);
            if before.is_some_and(|before| before != state) {
                changed = Some(path.clone());
            }
        }
        // Always looked at, so that one change is one.
        let plugin = self.changed_plugin();
        changed.or(plugin)
    }
}

fn state(path: &Path) -> Option<State> {
    let metadata = std::fs::metadata(path).ok()?;
    Some(State {
        modified: metadata.modified().ok(),
        size: metadata.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_seen_once_and_a_missing_file_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.yaml");
        let mut watched = Watched::new(vec![path.clone()], Vec::new());
        assert_eq!(watched.look(), None);
        std::fs::write(&path, "a: 1").unwrap();
        assert_eq!(watched.look(), None);
        std::fs::write(&path, "a: 100").unwrap();
        assert_eq!(watched.look().as_deref(), Some(path.as_path()));
        assert_eq!(watched.look(), None);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(watched.look(), None);
        std::fs::write(&path, "a: 1").unwrap();
        assert_eq!(watched.look(), Some(path));
    }

    #[test]
    fn plugins_that_change_come_and_go_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let plugin = |name: &str| folder.path().join(name);
        std::fs::write(plugin("a.py"), "").unwrap();
        let mut watched = Watched::new(Vec::new(), vec![folder.path().to_owned()]);
        assert_eq!(watched.look(), None);
        std::fs::write(plugin("a.py"), "1").unwrap();
        assert_eq!(watched.look(), Some(plugin("a.py")));
        std::fs::write(plugin("notes.txt"), "").unwrap();
        assert_eq!(watched.look(), None);
        std::fs::write(plugin("b.py"), "").unwrap();
        assert_eq!(watched.look(), Some(plugin("b.py")));
        std::fs::remove_file(plugin("a.py")).unwrap();
        assert_eq!(watched.look(), Some(plugin("a.py")));
        assert_eq!(watched.look(), None);
    }
}
