//! Plays a case: makes its folder, starts its server, does its steps.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::case::{Case, Deed, Step, Upload};
use super::sight::{Seen, between, faults};
use crate::client::{self, Outgoing};
use crate::fixture;
use crate::process::{self, SECRET, Server};
use crate::variables;
use crate::visitor::Visitors;

/// How long something may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// The pause before asking again.
const PAUSE: Duration = Duration::from_millis(100);
/// Between the parts of an upload.
const BOUNDARY: &str = "----a-boundary-of-parts";

/// A binary and where it finds its plugins.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) binary: PathBuf,
    /// The environment that `datasette install` filled; None for the original, which is in one.
    pub(super) environment: Option<PathBuf>,
    /// Scratch space.
    pub(super) work: PathBuf,
    pub(super) visitors: Visitors,
}

/// One case on its stage.
struct Play<'a> {
    stage: &'a Stage,
    case: &'a Case,
    /// The folder in which everything runs.
    here: PathBuf,
    /// What earlier answers were found to contain.
    kept: BTreeMap<String, String>,
    /// Cookies that earlier answers set.
    cookies: BTreeMap<String, String>,
}

/// Plays a case; what is wrong with it, a line or more for each fault.
pub(super) fn play(stage: &Stage, case: &Case) -> Result<Vec<String>> {
    let name = format!("plugins-{}-{}", case.name, std::process::id());
    let root = stage.work.join(name);
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(root.join("bin"))?;
    std::fs::create_dir_all(root.join("here"))?;
    let root = root.canonicalize()?;
    let played = Play {
        stage,
        case,
        here: root.join("here"),
        kept: BTreeMap::new(),
        cookies: BTreeMap::new(),
    }
    .through(&root);
    // The next run starts with a fresh folder, whatever becomes of this one.
    let _ = std::fs::remove_dir_all(&root);
    played
}

/// The log, once it has the texts. What plugins say comes by another way than the answer, and may be
/// behind it.
fn logged(log: &Path, texts: &[String]) -> Result<String> {
    let began = Instant::now();
    loop {
        let said = std::fs::read_to_string(log)?;
        if texts.iter().all(|text| said.contains(text)) || began.elapsed() > PATIENCE {
            return Ok(said);
        }
        std::thread::sleep(PAUSE);
    }
}

impl Play<'_> {
    fn through(mut self, root: &Path) -> Result<Vec<String>> {
        std::os::unix::fs::symlink(
            self.stage.binary.canonicalize()?,
            root.join("bin").join("datasette"),
        )?;
        let args = self.furnish()?;
        let log = root.join("server.log");
        let server = self.serve(&args, &log)?;
        let mut wrong = Vec::new();
        for (number, step) in self.case.steps.iter().enumerate() {
            if step.ours_only.is_some() && self.stage.environment.is_none() {
                continue;
            }
            let step = &self.expecting(step);
            let began = Instant::now();
            let found = loop {
                let seen = self.act(step, &server, root)?;
                let found = faults(step, &seen, &logged(&log, &step.logs)?);
                if found.is_empty() {
                    self.remember(step, &seen)?;
                }
                if found.is_empty() || !step.patiently || began.elapsed() > PATIENCE {
                    break found;
                }
                std::thread::sleep(PAUSE);
            };
            if !found.is_empty() {
                wrong.push(format!("step {}, {:?}:", number + 1, step.deed()?));
                wrong.extend(found.into_iter().map(|line| format!("  {line}")));
            }
        }
        if !wrong.is_empty() {
            let said = std::fs::read_to_string(&log)?;
            let last: Vec<&str> = said.lines().rev().take(12).collect();
            wrong.push("the log ends:".to_owned());
            wrong.extend(last.into_iter().rev().map(|line| format!("  {line}")));
        }
        Ok(wrong)
    }

    /// Makes databases and files; answers the arguments of the server.
    fn furnish(&self) -> Result<Vec<String>> {
        let mut args = Vec::new();
        let writable = self.case.databases.iter().map(|one| (one, false));
        let immutable = self.case.immutable.iter().map(|one| (one, true));
        for ((name, sql), fixed) in writable.chain(immutable) {
            let script = self.here.join(format!("{name}.sql"));
            std::fs::write(&script, sql)?;
            fixture::build(&script, &self.here.join(name))?;
            std::fs::remove_file(&script)?;
            args.extend(fixed.then(|| "-i".to_owned()));
            args.push(name.clone());
        }
        let config = self.case.config.iter().map(|text| ("datasette.yaml", text));
        let files = self
            .case
            .files
            .iter()
            .map(|(name, text)| (name.as_str(), text));
        for (name, text) in config.chain(files) {
            let path = self.here.join(name);
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(path, text)?;
        }
        if self.case.config.is_some() {
            args.extend(["-c", "datasette.yaml"].map(str::to_owned));
        }
        args.extend(self.case.args.iter().cloned());
        Ok(args)
    }

    fn serve(&self, args: &[String], log: &Path) -> Result<Server> {
        let output = File::create(log)?;
        let mut command = Command::new(&self.stage.binary);
        command
            .arg("serve")
            .args(args)
            .args(["-h", "127.0.0.1", "--secret", SECRET])
            .args(["-p", &process::port(None)?.to_string()])
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        self.surround(&mut command);
        Server::launch(command, &self.here, log)
    }

    /// Where a process runs and what it knows.
    fn surround(&self, command: &mut Command) {
        variables::forget(command, &self.here);
        if let Some(environment) = &self.stage.environment {
            command.env("DATASETTE_VENV", environment);
        }
        command
            .current_dir(&self.here)
            .env("DATASETTE_LOAD_PLUGINS", self.case.plugins.join(","))
            .env("COLUMNS", "100")
            .envs(&self.case.env);
    }

    fn act(&self, step: &Step, server: &Server, root: &Path) -> Result<Seen> {
        match step.deed()? {
            Deed::Command(line) => self.run(&self.filled(&line), step, root),
            Deed::Request(method, path) => {
                let outgoing = self.outgoing(method, &path, step)?;
                // A plugin that breaks the connection is a finding.
                Ok(match client::send(server.address, &outgoing) {
                    Ok(answer) => Seen {
                        status: answer.status,
                        headers: answer.headers,
                        text: String::from_utf8_lossy(&answer.body).into_owned(),
                    },
                    Err(error) => Seen {
                        text: format!("{error:#}"),
                        ..Seen::default()
                    },
                })
            }
        }
    }

    fn run(&self, line: &str, step: &Step, root: &Path) -> Result<Seen> {
        let before = std::env::var("PATH").unwrap_or_default();
        let output = File::create(root.join("said"))?;
        let mut command = Command::new("sh");
        command
            .args(["-c", line])
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output);
        self.surround(&mut command);
        command.env("PATH", format!("{}:{before}", root.join("bin").display()));
        let mut child = command.spawn()?;
        if let Some(mut input) = child.stdin.take() {
            // A command that reads nothing may be gone already.
            let _ = input.write_all(step.input.as_bytes());
        }
        let status = child.wait()?;
        let code = status.code().and_then(|code| u16::try_from(code).ok());
        Ok(Seen {
            status: code.unwrap_or(u16::MAX),
            headers: Vec::new(),
            text: String::from_utf8_lossy(&std::fs::read(root.join("said"))?).into_owned(),
        })
    }

    fn outgoing(&self, method: String, path: &str, step: &Step) -> Result<Outgoing> {
        let headers = step.headers.iter();
        let mut headers: Vec<(String, String)> = headers
            .map(|(name, value)| (name.clone(), self.filled(value)))
            .collect();
        let mut cookies = Vec::new();
        if !step.stranger {
            let own = self.cookies.iter();
            cookies.extend(own.map(|(name, value)| format!("{name}={value}")));
        }
        if let Some(name) = &step.actor {
            let visitor = self.stage.visitors.get(name);
            let visitor = visitor.with_context(|| format!("no actor {name}"))?;
            match visitor.header()? {
                Some((name, value)) if name == "Cookie" => cookies.insert(0, value),
                other => headers.extend(other),
            }
        }
        if !cookies.is_empty() {
            headers.push(("Cookie".to_owned(), cookies.join("; ")));
        }
        let (kind, body) = self.body(step);
        headers.extend(kind.map(|kind| ("Content-Type".to_owned(), kind)));
        Ok(Outgoing {
            method,
            path: self.filled(path),
            headers,
            body,
            host: None,
        })
    }

    fn body(&self, step: &Step) -> (Option<String>, Vec<u8>) {
        if let Some(json) = &step.json {
            let body = self.filled(&json.to_string());
            return (Some("application/json".to_owned()), body.into_bytes());
        }
        if let Some(fields) = &step.form {
            let pairs: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{}={}", coded(name), coded(&self.filled(value))))
                .collect();
            let kind = "application/x-www-form-urlencoded".to_owned();
            return (Some(kind), pairs.join("&").into_bytes());
        }
        if let Some(upload) = &step.upload {
            let kind = format!("multipart/form-data; boundary={BOUNDARY}");
            return (Some(kind), self.filled(&multipart(upload)).into_bytes());
        }
        let body = step.body.as_deref().unwrap_or_default();
        (None, self.filled(body).into_bytes())
    }

    /// A step whose expectations tell what was kept.
    fn expecting(&self, step: &Step) -> Step {
        let mut step = step.clone();
        let texts = [&mut step.sees, &mut step.lacks, &mut step.logs];
        let texts = texts.into_iter().flatten().chain(step.shows.values_mut());
        texts.for_each(|text| *text = self.filled(text));
        step
    }

    /// A text with what was kept in the places of its names.
    fn filled(&self, text: &str) -> String {
        let names = self.kept.iter();
        names.fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    }

    fn remember(&mut self, step: &Step, seen: &Seen) -> Result<()> {
        for (name, value) in &seen.headers {
            if name == "set-cookie"
                && let Some((name, value)) = value.split(';').next().unwrap_or("").split_once('=')
            {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        for (name, part) in &step.keep {
            let found = between(&seen.text, &part.after, &part.before);
            let headers = seen.headers.iter().map(|(_, value)| value.as_str());
            let found = found.or_else(|| {
                let mut parts = headers.map(|value| between(value, &part.after, &part.before));
                parts.find_map(|part| part)
            });
            let found = found.with_context(|| format!("there is no {name} to keep"))?;
            self.kept.insert(name.clone(), found.to_owned());
        }
        Ok(())
    }
}

fn multipart(upload: &Upload) -> String {
    let mut body = String::new();
    for (name, value) in &upload.fields {
        body.push_str(&format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    let Upload {
        field,
        file,
        content,
        ..
    } = upload;
    body.push_str(&format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n{content}\r\n--{BOUNDARY}--\r\n"
    ));
    body
}

fn coded(text: &str) -> String {
    let bytes = text.bytes();
    bytes
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_coded() {
        assert_eq!(coded("a b&=é"), "a%20b%26%3D%C3%A9");
    }
}
