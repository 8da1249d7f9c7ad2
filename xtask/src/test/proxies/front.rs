//! A proxy as the guide configures it: only addresses and folders are changed.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::client::Place;
use super::software::Software;
use crate::program;

/// The addresses that the guide's files name.
const PORT: &str = "127.0.0.1:8001";
const SOCKET: &str = "/run/datasette/datasette.sock";

/// Which program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Nginx,
    Apache,
    HaProxy,
}

/// All of them.
pub(super) const KINDS: [Kind; 3] = [Kind::Nginx, Kind::Apache, Kind::HaProxy];

/// A running proxy. It is ended when it is dropped.
pub(super) struct Front {
    pub(super) port: u16,
    ends: Command,
    pid: PathBuf,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Apache => "apache",
            Self::HaProxy => "haproxy",
        }
    }

    /// The guide's file for a site of its own, or for a part of one.
    fn file(self, guide: &Path, has_prefix: bool) -> PathBuf {
        let what = if has_prefix { "prefix" } else { "root" };
        let extension = if self == Self::HaProxy { "cfg" } else { "conf" };
        guide.join(format!("{}-{what}.{extension}", self.name()))
    }

    /// How the file writes a server at a port, or behind a socket.
    fn backend(self, place: &Place) -> String {
        match (self, place) {
            (Self::Apache, Place::Port(port)) => format!("http://127.0.0.1:{port}/"),
            (Self::Apache, Place::Socket(path)) => {
                format!("unix:{}|http://localhost/", path.display())
            }
            (_, Place::Port(port)) => format!("127.0.0.1:{port}"),
            (Self::Nginx, Place::Socket(path)) => format!("unix:{}", path.display()),
            (Self::HaProxy, Place::Socket(path)) => format!("unix@{}", path.display()),
        }
    }

    /// The address of the server as the guide's file has it.
    fn known_backend(self, has_prefix: bool) -> String {
        let place = if has_prefix {
            Place::Socket(SOCKET.into())
        } else {
            Place::Port(8001)
        };
        match (self, place) {
            // A socket needs a name of its own before nginx may have it in `proxy_pass`.
            (Self::Nginx, Place::Port(_)) => format!("proxy_pass http://{PORT}"),
            (_, place) => self.backend(&place),
        }
    }

    /// The guide's text for this server and port.
    fn adapted(self, text: &str, has_prefix: bool, place: &Place, port: u16) -> Result<String> {
        let (listen, own) = match self {
            Self::Nginx => ("listen 80;", format!("listen 127.0.0.1:{port};")),
            Self::Apache => (
                "<VirtualHost *:80>",
                format!("<VirtualHost 127.0.0.1:{port}>"),
            ),
            Self::HaProxy => ("bind :80", format!("bind 127.0.0.1:{port}")),
        };
        let known = self.known_backend(has_prefix);
        let backend = match (self, place) {
            (Self::Nginx, Place::Socket(_)) if !has_prefix => {
                format!("proxy_pass http://{}", self.backend(place))
            }
            (Self::Nginx, _) if !has_prefix => format!("proxy_pass http://{}", self.backend(place)),
            _ => self.backend(place),
        };
        let mut adapted = without_comments(text);
        for (from, to) in [(listen, own), (&known, backend)] {
            if adapted.matches(from).count() != 1 {
                bail!("the guide's file must have `{from}` once");
            }
            adapted = adapted.replace(from, &to);
        }
        Ok(adapted)
    }
}

/// Comments name addresses, too.
fn without_comments(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    lines.map(|line| format!("{line}\n")).collect()
}

impl Front {
    /// Starts the proxy before a server. All three return when they listen.
    pub(super) fn start(
        software: &Software,
        (kind, has_prefix): (Kind, bool),
        (guide, folder): (&Path, &Path),
        place: &Place,
    ) -> Result<Self> {
        let file = kind.file(guide, has_prefix);
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let port = free_port()?;
        let text = kind
            .adapted(&text, has_prefix, place, port)
            .with_context(|| file.display().to_string())?;
        // A folder for each: one proxy may still be ending when the next one starts.
        let folder = &folder.join(port.to_string());
        fs::create_dir(folder)?;
        let config = folder.join("proxy.conf");
        let pid = folder.join("proxy.pid");
        let (mut starts, ends) = match kind {
            Kind::Nginx => {
                fs::write(&config, around_nginx(&text, folder))?;
                let command = |words: &[&str]| {
                    let mut command = software.command(&software.nginx);
                    command.arg("-e").arg(folder.join("error.log"));
                    command
                        .arg("-p")
                        .arg(folder)
                        .arg("-c")
                        .arg(&config)
                        .args(words);
                    command
                };
                (command(&[]), command(&["-s", "quit"]))
            }
            Kind::Apache => {
                fs::write(&config, around_apache(&text, software, folder, port))?;
                let command = |word: &str| {
                    let mut command = software.command(&software.apache);
                    command.arg("-f").arg(&config).args(["-k", word]);
                    command
                };
                (command("start"), command("stop"))
            }
            Kind::HaProxy => {
                fs::write(&config, text)?;
                let mut starts = software.command(&software.haproxy);
                starts
                    .arg("-q")
                    .arg("-D")
                    .arg("-p")
                    .arg(&pid)
                    .arg("-f")
                    .arg(&config);
                let mut ends = Command::new("sh");
                ends.args(["-c", "kill \"$(cat \"$1\")\"", "sh"]).arg(&pid);
                (starts, ends)
            }
        };
        program::output_of(&mut starts).with_context(|| {
            match fs::read_to_string(folder.join("error.log")) {
                Ok(log) => format!("{} does not start: {log}", kind.name()),
                Err(_) => format!("{} does not start", kind.name()),
            }
        })?;
        Ok(Self { port, ends, pid })
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        if self.pid.exists() {
            let _ = self.ends.output();
        }
    }
}

/// What a file for `sites-enabled` stands in.
fn around_nginx(text: &str, folder: &Path) -> String {
    let folder = folder.display();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let temporary = temporary.map(|what| format!("{what}_temp_path {folder}/{what};\n"));
    format!(
        "pid {folder}/proxy.pid;\nerror_log {folder}/error.log;\nevents {{}}\nhttp {{\naccess_log off;\n{}{text}}}\n",
        temporary.concat()
    )
}

fn around_apache(text: &str, software: &Software, folder: &Path, port: u16) -> String {
    let modules = [
        "mpm_event",
        "authz_core",
        "alias",
        "headers",
        "proxy",
        "proxy_http",
    ];
    let modules = modules.map(|name| {
        let file = software.apache_modules.join(format!("mod_{name}.so"));
        format!("LoadModule {name}_module {}\n", file.display())
    });
    let user = match is_root() {
        true => "User nobody\nGroup nogroup\n",
        false => "",
    };
    let folder = folder.display();
    format!(
        "ServerRoot {folder}\nServerName localhost\nPidFile {folder}/proxy.pid\nErrorLog {folder}/error.log\n\
         DefaultRuntimeDir {folder}\nListen 127.0.0.1:{port}\n{user}{}{text}",
        modules.concat()
    )
}

fn is_root() -> bool {
    program::output_of(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_guide_change() {
        let text = "# listen 80;\nlisten 80;\nproxy_pass http://127.0.0.1:8001;\n";
        let adapted = Kind::Nginx
            .adapted(text, false, &Place::Port(9), 7)
            .unwrap();
        assert_eq!(
            adapted,
            "listen 127.0.0.1:7;\nproxy_pass http://127.0.0.1:9;\n"
        );
        assert!(
            Kind::Nginx
                .adapted("listen 80;", false, &Place::Port(9), 7)
                .is_err()
        );
        let text = "bind :80\nserver datasette unix@/run/datasette/datasette.sock\n";
        let adapted = Kind::HaProxy
            .adapted(text, true, &Place::Port(9), 7)
            .unwrap();
        assert_eq!(adapted, "bind 127.0.0.1:7\nserver datasette 127.0.0.1:9\n");
    }
}
