//! A running server: started on a free port, ready when it answers, ended when dropped together
//! with its scratch folder.

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

impl Ports {
    pub(crate) fn free(self) -> Result<u16> {
        (self.first..=self.last)
            .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
            .context("no free port in the given range")
    }
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
        ports: Ports,
        hash_seed: u32,
    ) -> Result<Self> {
        let port = ports.free()?;
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
        let mut server = Self::launch(command, port, data, &log)?;
        server.owns_data = true;
        Ok(server)
    }

    /// Starts what listens at the port and waits until it answers; what it says goes to `log`.
    pub(crate) fn launch(mut command: Command, port: u16, data: &Path, log: &Path) -> Result<Self> {
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {command:?}"))?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut server = Self {
            child,
            address,
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
            if client::send(self.address, &probe).is_ok() {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                let said = std::fs::read_to_string(log).unwrap_or_default();
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
