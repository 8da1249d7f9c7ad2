//! Starts the process and waits until it has reported.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

#[cfg(unix)]
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::net::{UnixListener, UnixStream};
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

use super::at_work::AtWork;
use super::{output, patience};
use crate::borrowing::Stages;
use crate::channel::{Answerer, Channel};
use crate::lines::Lines;
use crate::protocol;

/// How long an interpreter may take to report. Plugins are loaded later and have longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts the Python side. `-m` would look for modules in the folder that the server was started in,
/// where anything may lie.
const PROGRAM: &str = "import sys
if sys.path[0] == '':
    del sys.path[0]
from datasette._host.process import run
sys.exit(run(sys.argv[1]))";

/// Which Python runs the plugins.
#[derive(Clone, Debug)]
pub struct Interpreter {
    /// The program.
    pub program: PathBuf,
    /// Folders that its modules are looked for in, before its own.
    pub module_folders: Vec<PathBuf>,
}

impl Interpreter {
    /// What starts it with its modules.
    pub fn command(&self) -> std::process::Command {
        let mut command = std::process::Command::new(&self.program);
        if let Some(path) = module_path(&self.module_folders) {
            command.env("PYTHONPATH", path);
        }
        command
    }
}

/// Why the process could not be started, in words for the person who starts the server.
#[derive(Debug)]
pub(crate) struct LaunchError(pub(crate) String);

impl fmt::Display for LaunchError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for LaunchError {}

/// A running process. It ends when this is dropped.
pub(crate) struct Running {
    pub(crate) channel: Arc<Channel>,
    /// Where threads of the server call functions of SQL.
    pub(crate) lines: Arc<Lines>,
    /// Where threads of the server give their connections to Python.
    pub(crate) stages: Arc<Stages>,
    pub(crate) child: Child,
    /// Why the first connection ended, once it did.
    pub(crate) gone: oneshot::Receiver<String>,
    /// Accepts further connections for as long as the process runs.
    accepting: AbortHandle,
    /// Whose code is running there.
    pub(crate) at_work: AtWork,
    _folder: TempDir,
}

impl Running {
    /// Has the process print the lines of Python that it is in, which it does even when it hangs.
    pub(crate) async fn ask_where_it_is(&self) {
        #[cfg(unix)]
        if let Some(id) = self.child.id()
            && let Some(id) = i32::try_from(id).ok().and_then(Pid::from_raw)
            && kill_process(id, Signal::USR1).is_ok()
        {
            tokio::time::sleep(patience::OF_LAST_WORDS).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn words(what: &str, error: &dyn fmt::Display) -> LaunchError {
    LaunchError(format!("{what}: {error}"))
}

/// Starts Python and waits for its first connection, over which both sides call each other. Further
/// ones are for its threads, which wait for answers where they stand.
pub(crate) async fn launch(
    interpreter: &Interpreter,
    answerer: Arc<dyn Answerer>,
) -> Result<Running, LaunchError> {
    let folder = tempfile::Builder::new()
        .prefix("datasette-plugins-")
        .tempdir()
        .map_err(|error| words("There is no place for the socket of the plugins", &error))?;
    let socket = folder.path().join("socket");
    let listener = UnixListener::bind(&socket)
        .map_err(|error| words("The socket of the plugins cannot be made", &error))?;
    let lines = Lines::listen(folder.path())
        .map_err(|error| words("The socket of the plugins cannot be made", &error))?;
    let stages = Stages::listen(folder.path())
        .map_err(|error| words("The socket of the plugins cannot be made", &error))?;
    let mut child = command(interpreter, &socket).spawn().map_err(|error| {
        let program = interpreter.program.display();
        LaunchError(format!("Python plugins cannot run: {program}: {error}"))
    })?;
    if let Some(stream) = child.stdout.take() {
        tokio::spawn(output::follow(stream));
    }
    if let Some(stream) = child.stderr.take() {
        tokio::spawn(output::follow(stream));
    }
    let first = tokio::select! {
        accepted = listener.accept() => accepted.map(|(stream, _)| stream).map_err(|error| words("The plugins cannot be reached", &error)),
        ended = child.wait() => Err(early_end(interpreter, ended)),
        () = tokio::time::sleep(PATIENCE) => Err(LaunchError(format!(
            "{} did not report within {} seconds",
            interpreter.program.display(),
            PATIENCE.as_secs()
        ))),
    }?;
    let (reading, writing) = first.into_split();
    let (telling, gone) = oneshot::channel();
    let channel = Channel::start(reading, writing, Arc::clone(&answerer), |why| {
        let _ = telling.send(why);
    });
    let accepting = tokio::spawn(accept_all(listener, answerer)).abort_handle();
    Ok(Running {
        channel,
        lines: Arc::new(lines),
        stages: Arc::new(stages),
        child,
        gone,
        accepting,
        at_work: AtWork::noted_in(folder.path()),
        _folder: folder,
    })
}

fn early_end(
    interpreter: &Interpreter,
    ended: std::io::Result<std::process::ExitStatus>,
) -> LaunchError {
    let program = interpreter.program.display();
    let how = match ended {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    LaunchError(format!(
        "{program} ended before it reported ({how}). Is the package datasette installed there? \
         Run `datasette install datasette` to put it there."
    ))
}

fn command(interpreter: &Interpreter, socket: &Path) -> Command {
    let mut command = Command::from(interpreter.command());
    command
        .args(["-c", PROGRAM])
        .arg(socket)
        .env("DATASETTE_PLUGIN_PROTOCOL", protocol::VERSION.to_string())
        .env("PYTHONUNBUFFERED", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    // Ctrl-C in a terminal reaches the whole group; the server decides when the plugins end.
    #[cfg(unix)]
    command.process_group(0);
    command
}

fn module_path(folders: &[PathBuf]) -> Option<OsString> {
    if folders.is_empty() {
        return None;
    }
    let inherited = std::env::var_os("PYTHONPATH");
    let inherited = inherited.iter().flat_map(std::env::split_paths);
    std::env::join_paths(folders.iter().cloned().chain(inherited)).ok()
}

pub(super) async fn accept_all(listener: UnixListener, answerer: Arc<dyn Answerer>) {
    // Kept here: a connection ends when nobody holds its channel.
    let (ended, mut ends) = mpsc::unbounded_channel::<u64>();
    let mut channels = std::collections::HashMap::new();
    let mut number = 0;
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { return };
                number += 1;
                channels.insert(number, side(stream, &answerer, number, ended.clone()));
            }
            Some(number) = ends.recv() => {
                channels.remove(&number);
            }
        }
    }
}

fn side(
    stream: UnixStream,
    answerer: &Arc<dyn Answerer>,
    number: u64,
    ended: mpsc::UnboundedSender<u64>,
) -> Arc<Channel> {
    let (reading, writing) = stream.into_split();
    Channel::start(reading, writing, Arc::clone(answerer), move |_| {
        let _ = ended.send(number);
    })
}
