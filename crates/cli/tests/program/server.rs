//! A running server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};

use crate::folder::Folder;

/// A server that said where it is. It is killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    /// What it said about where it is: a URL or `unix socket PATH`.
    pub(crate) place: String,
    out: BufReader<ChildStdout>,
    err: BufReader<ChildStderr>,
}

/// An answer over HTTP.
pub(crate) struct Answer {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Server {
    pub(crate) fn start(folder: &Folder, arguments: &[&str]) -> Self {
        Self::spawn(folder.command(arguments))
    }

    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let place = loop {
            let mut line = String::new();
            let length = err.read_line(&mut line).unwrap();
            said.push_str(&line);
            assert!(length > 0, "the server ended: {said}");
            let place = line.split_once("Datasette running on ");
            if let Some((before, place)) = place {
                let (place, after) = place.split_once(" (Press CTRL+C to quit)").unwrap();
                let is_text = before == "INFO:     " && after == "\n";
                assert!(is_text || before.starts_with('{'), "{line}");
                break place.to_owned();
            }
        };
        Self {
            child,
            place,
            out,
            err,
        }
    }

    /// A connection to where it said it is.
    pub(crate) fn connect(&self) -> TcpStream {
        TcpStream::connect(self.place.strip_prefix("http://").unwrap()).unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        let mut stream = self.connect();
        ask(&mut stream, path);
        read(stream)
    }

    /// The next line of its standard output.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line
    }

    /// The number of its process.
    #[cfg(target_os = "linux")]
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let words = format!("kill -s {name} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &words]).status().unwrap();
        assert!(sent.success());
    }

    /// The next line of its standard error stream.
    pub(crate) fn news(&mut self) -> String {
        let mut line = String::new();
        self.err.read_line(&mut line).unwrap();
        line
    }

    /// Waits for its end; answers how it ended, and the rest of what it said on its standard
    /// output and error stream.
    pub(crate) fn end(mut self) -> (ExitStatus, String, String) {
        let mut out = String::new();
        let mut err = String::new();
        self.err.read_to_string(&mut err).unwrap();
        self.out.read_to_string(&mut out).unwrap();
        (self.child.wait().unwrap(), out, err)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn ask(stream: &mut impl Write, path: &str) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
}

pub(crate) fn read(mut stream: impl Read) -> Answer {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap();
    Answer {
        head: String::from_utf8(bytes[..end].to_vec()).unwrap(),
        body: bytes[end + 4..].to_vec(),
    }
}

/// What still comes on a connection that the server ends.
pub(crate) fn rest(mut stream: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    bytes
}

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
