//! Calling other programs.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::args::reason;
use crate::failure::Failure;

use super::call::Call;

/// How often a running program is looked at while signals are held back.
const PATIENCE: Duration = Duration::from_millis(20);

/// A program that was found.
#[derive(Clone, Debug)]
pub(super) struct Program {
    path: PathBuf,
}

impl Program {
    /// Looks for a program where the shell would.
    pub(super) fn find(name: &str) -> Option<Self> {
        let folders = env::var_os("PATH")?;
        let endings: &[&str] = if cfg!(windows) {
            &["exe", "cmd", "bat"]
        } else {
            &[""]
        };
        env::split_paths(&folders).find_map(|folder| {
            endings.iter().find_map(|ending| {
                let path = folder.join(name).with_extension(ending);
                // Named in full: the program is called from other folders.
                let path = std::path::absolute(path).ok()?;
                is_program(&path).then_some(Self { path })
            })
        })
    }

    /// Runs it where the user is, and lets it talk with the user.
    ///
    /// # Errors
    /// It cannot be started.
    pub(super) fn run(&self, call: &Call) -> Result<ExitStatus, Failure> {
        let mut child = self.start(call, None, Stdio::inherit())?;
        child.wait().map_err(|error| cannot_call(call, &error))
    }

    /// Runs it where the user is, and returns what it prints.
    ///
    /// # Errors
    /// It cannot be started, or fails.
    pub(super) fn ask(&self, call: &Call) -> Result<String, Failure> {
        let child = self.start(call, None, Stdio::piped())?;
        let output = child.wait_with_output();
        let output = output.map_err(|error| cannot_call(call, &error))?;
        succeeded(call, output.status)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs it in a folder. A signal ends the program and the command, in this order.
    ///
    /// # Errors
    /// It cannot be started, or a signal came.
    pub(super) fn run_in(
        &self,
        folder: &Path,
        call: &Call,
        interruptions: &Interruptions,
    ) -> Result<ExitStatus, Failure> {
        let mut child = self.start(call, Some(folder), Stdio::inherit())?;
        loop {
            match child.try_wait() {
                Ok(Some(_)) if interruptions.came() => return Err(Failure::aborted()),
                Ok(Some(status)) => return Ok(status),
                Ok(None) if interruptions.must_stop_others() => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(Failure::aborted());
                }
                Ok(None) => std::thread::sleep(PATIENCE),
                Err(error) => return Err(cannot_call(call, &error)),
            }
        }
    }

    fn start(&self, call: &Call, folder: Option<&Path>, out: Stdio) -> Result<Child, Failure> {
        let mut command = Command::new(&self.path);
        command.args(&call.arguments).stdout(out);
        if let Some(folder) = folder {
            command.current_dir(folder);
        }
        if call.input.is_some() {
            command.stdin(Stdio::piped());
        }
        let mut child = command.spawn().map_err(|error| cannot_call(call, &error))?;
        if let (Some(input), Some(mut stdin)) = (&call.input, child.stdin.take()) {
            // A program that ends without reading has said why.
            let _ = stdin.write_all(input.as_bytes());
        }
        Ok(child)
    }
}

/// Refuses a call that failed (PUB-33, PUB-49).
///
/// # Errors
/// It did.
pub(super) fn succeeded(call: &Call, status: ExitStatus) -> Result<(), Failure> {
    if status.success() {
        return Ok(());
    }
    let how = match status.code() {
        Some(code) => format!("failed with exit status {code}"),
        None => "was ended by a signal".to_owned(),
    };
    Err(Failure::error(format!("{} {how}", call.title())))
}

fn cannot_call(call: &Call, error: &io::Error) -> Failure {
    Failure::error(format!(
        "{} cannot be called: {}",
        call.title(),
        reason(error)
    ))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let metadata = path.metadata();
    metadata.is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Signals that would end the command, held back for as long as there is something to put away.
///
/// A terminal sends Ctrl+C to the called program as well, which ends in its own way.
pub(super) struct Interruptions {
    interrupted: Arc<AtomicBool>,
    terminated: Arc<AtomicBool>,
    over: Arc<AtomicBool>,
}

impl Interruptions {
    /// From now on, until this is dropped.
    ///
    /// # Errors
    /// The system does not let us.
    pub(super) fn held_back() -> io::Result<Self> {
        let flags = Self {
            interrupted: Arc::default(),
            terminated: Arc::default(),
            over: Arc::default(),
        };
        flags.listen()?;
        Ok(flags)
    }

    #[cfg(unix)]
    fn listen(&self) -> io::Result<()> {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        use signal_hook::flag;
        for (signal, flag) in [
            (SIGINT, &self.interrupted),
            (SIGTERM, &self.terminated),
            (SIGHUP, &self.terminated),
        ] {
            flag::register_conditional_default(signal, Arc::clone(&self.over))?;
            flag::register(signal, Arc::clone(flag))?;
        }
        Ok(())
    }

    #[cfg(not(unix))]
    fn listen(&self) -> io::Result<()> {
        Ok(())
    }

    fn came(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed) || self.must_stop_others()
    }

    fn must_stop_others(&self) -> bool {
        self.terminated.load(Ordering::Relaxed)
    }
}

impl Drop for Interruptions {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}
