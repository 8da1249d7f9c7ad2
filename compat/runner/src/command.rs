//! Commands as people type them: what they print, leave behind and serve.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::compare;
use crate::normalise::{Context, Normalisers};
use crate::play::{self, OURS, Played, Stage};
use crate::process::{self, Server};
use crate::report;
use crate::scenario::{Request, Scenario};
use crate::site;
use crate::variables;
use crate::visitor::Visitors;

/// Longest that a command may take which serves nothing.
const LIMIT: Duration = Duration::from_secs(60);

/// One `[[command]]` of a scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Command {
    /// The line, given to a shell in which `datasette` is the binary.
    pub(crate) run: String,
    /// Files written before it, beside those that are there.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// What the server that it starts is asked; a line that has none must end by itself.
    #[serde(rename = "request", default)]
    pub(crate) requests: Vec<Request>,
    /// Files whose content afterwards is compared.
    #[serde(default)]
    leaves: Vec<String>,
    /// Places in what it printed and left that may have any value, as patterns.
    #[serde(default)]
    mask: Vec<String>,
    /// Whether its two streams may say what they like: only how it ends and what it leaves counts.
    #[serde(default)]
    quiet: bool,
    /// Stands for the line in the places of requests.
    #[serde(skip)]
    pub(crate) itself: Request,
}

/// The folder in which all commands of a scenario run, one after the other.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Folder {
    /// Databases of `compat/databases`: `shop`, or `shop as my data.db`.
    #[serde(default)]
    databases: Vec<String>,
    /// Other files, by their paths.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// Plugins of `compat/plugins`, put into its folder `plugins`.
    #[serde(default)]
    plugins: Vec<String>,
    /// Whether ours is told of a Python, though plugins come in other ways.
    #[serde(default)]
    python: bool,
}

/// A folder on disk, with the binary under its usual name beside it; gone when dropped.
struct Room {
    root: PathBuf,
    /// The Python of plugins, where there are some and it must be told.
    python: Option<PathBuf>,
}

impl Drop for Room {
    fn drop(&mut self) {
        // Nothing to do about a failure here: the next run starts with a fresh folder.
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

impl Room {
    fn new(stage: &Stage<'_>, scenario: &Scenario) -> Result<Self> {
        let name = scenario.name.replace('/', "-");
        let name = format!("{}-{name}-{}", stage.name, std::process::id());
        let root = stage.layout.work().join("run").join(name);
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(root.join("here"))?;
        std::fs::create_dir_all(root.join("bin"))?;
        let folder = &scenario.folder;
        let python = stage.python_for(folder.python || !folder.plugins.is_empty())?;
        let room = Self {
            root: root.canonicalize()?,
            python: python.map(Path::to_owned),
        };
        std::os::unix::fs::symlink(
            stage.binary.canonicalize()?,
            room.root.join("bin").join("datasette"),
        )?;
        for entry in &scenario.folder.databases {
            site::build(stage.layout, entry, &room.here())?;
        }
        if !folder.plugins.is_empty() {
            site::copy_plugins(stage.layout, &folder.plugins, &room.here().join("plugins"))?;
        }
        room.write(&folder.files)?;
        Ok(room)
    }

    fn here(&self) -> PathBuf {
        self.root.join("here")
    }

    fn write(&self, files: &BTreeMap<String, String>) -> Result<()> {
        for (name, content) in files {
            let path = self.here().join(name);
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(path, content)?;
        }
        Ok(())
    }

    /// A shell that knows the binary and none of the variables that it reads.
    fn shell(&self, line: &str, hash_seed: u32) -> Result<Process> {
        let before = std::env::var("PATH").unwrap_or_default();
        let mut shell = Process::new("sh");
        shell
            .args(["-c", line])
            .current_dir(self.here())
            .env(
                "PATH",
                format!("{}:{before}", self.root.join("bin").display()),
            )
            .env("PYTHONHASHSEED", hash_seed.to_string())
            .env("COLUMNS", "80")
            .stdin(Stdio::null())
            .stdout(File::create(self.root.join("out"))?)
            .stderr(File::create(self.root.join("err"))?);
        variables::forget(&mut shell, &self.root);
        variables::tell_python(&mut shell, self.python.as_deref());
        Ok(shell)
    }
}

/// Plays the commands of a scenario.
pub(crate) fn play(
    stage: &Stage<'_>,
    scenario: &Scenario,
    visitors: &Visitors,
    normalisers: &mut Normalisers,
) -> Result<Vec<Played>> {
    let room = Room::new(stage, scenario)?;
    let mut played = Vec::new();
    for (command, labels) in scenario.commands.iter().zip(scenario.command_labels()) {
        room.write(&command.files)
            .with_context(|| format!("before {}", command.run))?;
        if command.requests.is_empty() {
            let label = labels.into_iter().next().unwrap_or_default();
            let answer = ended(&room, command, stage.hash_seed, normalisers)?;
            played.push(Played { label, answer });
            continue;
        }
        let asked: Vec<(&Request, String)> = command.requests.iter().zip(labels).collect();
        match serving(stage, &room, command) {
            Ok(server) => {
                played.extend(play::ask_all(&server, &asked, visitors, normalisers)?);
            }
            Err(error) if stage.name == OURS => {
                report::say(&format!("{error:#}"));
                played.extend(play::silence(&asked));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(played)
}

/// Starts the server of a command.
fn serving(stage: &Stage<'_>, room: &Room, command: &Command) -> Result<Server> {
    let port = process::port(stage.ports)?;
    let line = format!(
        "exec {} -h 127.0.0.1 -p {port} --secret {}",
        command.run,
        process::SECRET
    );
    let shell = room.shell(&line, stage.hash_seed)?;
    Server::launch(shell, &room.here(), &room.root.join("err"))
        .with_context(|| format!("running {}", command.run))
}

/// Runs a command to its end.
fn ended(
    room: &Room,
    command: &Command,
    hash_seed: u32,
    normalisers: &mut Normalisers,
) -> Result<Answer> {
    let mut child = room.shell(&command.run, hash_seed)?.spawn()?;
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
            bail!("{} does not end; without a request it must", command.run);
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let context = Context {
        data: room.here(),
        path: String::new(),
    };
    let mut lines = |path: &Path| -> Value {
        let text = std::fs::read(path).unwrap_or_default();
        let text = normalisers.text(&String::from_utf8_lossy(&text), &context);
        text.split_inclusive('\n').map(Value::from).collect()
    };
    let mut said = Map::new();
    if !command.quiet {
        said.insert("out".to_owned(), lines(&room.root.join("out")));
        said.insert("err".to_owned(), lines(&room.root.join("err")));
    }
    for name in &command.leaves {
        let path = room.here().join(name);
        let content = if path.exists() {
            lines(&path)
        } else {
            Value::from("not there")
        };
        said.insert(format!("file {name}"), content);
    }
    // What a signal ended has no code; shells say 128 and its number, which is what `sh` passed on.
    let code = status.code().unwrap_or(-1);
    let mut answer = json!({"status": code, "headers": {}, "json": said});
    compare::mask(&mut answer, &command.mask);
    Ok(answer)
}
