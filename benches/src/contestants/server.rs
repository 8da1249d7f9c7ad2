//! One running server process.

use std::error::Error;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{Contestant, Contestants};
use crate::client;

/// A server that has not answered for this long after its start has failed.
const LONGEST_START: Duration = Duration::from_secs(60);
/// Between two tries to get the first answer.
const POLL: Duration = Duration::from_millis(1);

/// A contestant that serves one file; killed when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    startup: Duration,
}

impl Server {
    /// Starts a contestant, with further arguments, and waits until `path` is answered with status 200.
    ///
    /// # Errors
    /// A port that is taken, a process that ends, an answer that never comes; with the last
    /// lines the process wrote.
    pub(crate) fn start(
        contestants: &Contestants,
        contestant: Contestant,
        file: &Path,
        options: &[&OsStr],
        port: u16,
        path: &str,
    ) -> Result<Self, Box<dyn Error>> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        // Somebody else's server on this port would be measured instead.
        drop(TcpListener::bind(address).map_err(|error| format!("port {port}: {error}"))?);
        let log = file.with_file_name(format!("{}.log", contestant.name()));
        let output = File::create(&log)?;
        let mut command = contestants.command(contestant, file, port);
        command
            .args(options)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        let begin = Instant::now();
        let child = command.spawn()?;
        let mut server = Self {
            child,
            address,
            startup: Duration::ZERO,
        };
        server.await_answer(begin, path).map_err(|error| {
            let written = fs::read_to_string(&log).unwrap_or_default();
            let lines: Vec<&str> = written.lines().rev().take(5).collect();
            let lines: Vec<&str> = lines.into_iter().rev().collect();
            format!(
                "{} did not start: {error}\n{}",
                contestant.name(),
                lines.join("\n")
            )
        })?;
        Ok(server)
    }

    fn await_answer(&mut self, begin: Instant, path: &str) -> Result<(), Box<dyn Error>> {
        loop {
            let answer = client::fetch(self.address, path);
            self.startup = begin.elapsed();
            if answer.is_ok() {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("ended with {status}").into());
            }
            if self.startup > LONGEST_START {
                return answer.map(|_| ());
            }
            thread::sleep(POLL);
        }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process id.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// From the start of the process to the end of the first answer with status 200.
    pub(crate) fn startup(&self) -> Duration {
        self.startup
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// Starts a script in the place of our binary.
    fn start(script: &str, port: u16) -> Result<Server, Box<dyn Error>> {
        let folder = tempfile::tempdir().unwrap();
        let binary = folder.path().join("server");
        fs::write(&binary, script).unwrap();
        fs::set_permissions(&binary, fs::Permissions::from_mode(0o755)).unwrap();
        let contestants = Contestants::only(Contestant::Ours, binary);
        Server::start(
            &contestants,
            Contestant::Ours,
            &folder.path().join("x.db"),
            &[],
            port,
            "/",
        )
    }

    #[test]
    fn a_server_that_ends_is_reported_with_its_last_words() {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let script = "#!/bin/sh\necho \"cannot open $1\" >&2\nexit 3\n";
        let error = start(script, port).unwrap_err().to_string();
        assert!(error.contains("ours did not start"), "{error}");
        assert!(error.contains("exit status: 3"), "{error}");
        assert!(
            error.contains("cannot open") && error.contains("x.db"),
            "{error}"
        );
    }

    #[test]
    fn a_port_that_is_taken_is_not_measured() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let error = start("#!/bin/sh\nexit 0\n", port).unwrap_err().to_string();
        assert!(error.starts_with(&format!("port {port}:")), "{error}");
    }
}
