//! A running server: ready when it said where it is and answers, ended when dropped together with
//! its scratch folder.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::client::{self, Outgoing};
use crate::variables;

/// The secret that both servers sign with, so that recorded cookies are valid.
pub(crate) const SECRET: &str = "compat-secret";
/// Longest wait for the first answer.
const START_LIMIT: Duration = Duration::from_secs(60);

/// The ports a run may use, first and last included.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ports {
    pub(crate) first: u16,
    pub(crate) last: u16,
}

impl std::str::FromStr for Ports {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (first, last) = text
            .split_once('-')
            .context("ports are written 8100-8199")?;
        let ports = Self {
            first: first.trim().parse()?,
            last: last.trim().parse()?,
        };
        if ports.first > ports.last {
            bail!("the first port comes after the last");
        }
        Ok(ports)
    }
}

/// The port to start a server with: a free one of these, or 0, with which the system chooses.
pub(crate) fn port(ports: Option<Ports>) -> Result<u16> {
    let Some(ports) = ports else {
        return Ok(0);
    };
    (ports.first..=ports.last)
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .context("no free port in the given range")
}

/// A server process.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Scratch folder with its databases.
    pub(crate) data: PathBuf,
    /// Whether that folder is removed at the end.
    owns_data: bool,
}

impl Server {
    /// Starts `binary serve {args}` and waits until it answers.
    pub(crate) fn start(
        binary: &Path,
        args: &[String],
        data: &Path,
        ports: Option<Ports>,
        hash_seed: u32,
        python: Option<&Path>,
    ) -> Result<Self> {
        let port = port(ports)?;
        let log = data.join("server.log");
        let output = File::create(&log)?;
        let mut command = Command::new(binary);
        command
            .arg("serve")
            .args(args)
            .args([
                "-h",
                "127.0.0.1",
                "-p",
                &port.to_string(),
                "--secret",
                SECRET,
            ])
            .current_dir(data)
            // The original's order of requested extras depends on the hash seed.
            .env("PYTHONHASHSEED", hash_seed.to_string())
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        variables::forget(&mut command, data);
        variables::tell_python(&mut command, python);
        let mut server = Self::launch(command, data, &log)?;
        server.owns_data = true;
        Ok(server)
    }

    /// Starts what listens and waits until it answers; what it says, and so where it is, goes to `log`.
    pub(crate) fn launch(mut command: Command, data: &Path, log: &Path) -> Result<Self> {
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {command:?}"))?;
        let mut server = Self {
            child,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: data.to_owned(),
            owns_data: false,
        };
        server.wait(log)?;
        Ok(server)
    }

    fn wait(&mut self, log: &Path) -> Result<()> {
        let started = Instant::now();
        let probe = Outgoing {
            method: "GET".to_owned(),
            path: "/-/versions.json".to_owned(),
            ..Outgoing::default()
        };
        loop {
            let said = std::fs::read(log).unwrap_or_default();
            let said = String::from_utf8_lossy(&said);
            if let Some(port) = announced(&said) {
                self.address.set_port(port);
                if client::send(self.address, &probe).is_ok() {
                    return Ok(());
                }
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status} before it answered:\n{said}");
            }
            if started.elapsed() > START_LIMIT {
                bail!(
                    "the server did not answer within {} s",
                    START_LIMIT.as_secs()
                );
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The port of the address that a server says it runs on.
fn announced(said: &str) -> Option<u16> {
    let (_, address) = said.split_once("running on http://")?;
    let (address, _) = address.split_once(" (Press CTRL+C to quit)")?;
    address.rsplit(':').next()?.parse().ok()
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing to do about a failure here: the process is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if self.owns_data {
            let _ = std::fs::remove_dir_all(&self.data);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_say_where_they_are() {
        let ours = "INFO:     Datasette running on http://127.0.0.1:8123 (Press CTRL+C to quit)\n";
        let original = "INFO:     Uvicorn running on http://0.0.0.0:8124 (Press CTRL+C to quit)\n";
        assert_eq!(announced(ours), Some(8123));
        assert_eq!(announced(original), Some(8124));
        assert_eq!(announced("INFO:     Waiting"), None);
        // The line is still being written.
        assert_eq!(announced("Datasette running on http://127.0.0.1:81"), None);
    }
}
