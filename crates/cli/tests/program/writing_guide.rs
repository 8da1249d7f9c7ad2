//! The guide to writing tells the truth: its server is started, its calls are made.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::folder::Folder;
use crate::guide::{blocks, words};
use crate::server::{Server, read};

/// Where the guide's server is.
const PLACE: &str = "localhost:8001";

/// What a reader has done so far.
struct Reader {
    folder: Folder,
    server: Option<Server>,
    token: String,
}

impl Reader {
    /// What a command prints; that of the server prints nothing.
    fn run(&mut self, command: &str) -> String {
        if let Some(inner) = command.strip_prefix("TOKEN=$(") {
            let words = words(inner.strip_suffix(')').unwrap());
            let made = self.folder.run(&words[1..]);
            self.token = made.text().trim().to_owned();
            assert!(self.token.starts_with("dstok_"), "{command}: {}", made.err);
            return String::new();
        }
        let command = command.replace("$TOKEN", &self.token);
        let words = quoted(&command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words[0] {
            "datasette" => {
                let arguments = [&words[1..], &["-p", "0"]].concat();
                self.server = Some(Server::start(&self.folder, &arguments));
                String::new()
            }
            "curl" => self.call(&words[1..]),
            other => panic!("nobody knows how to run {other}"),
        }
    }

    /// As curl does it, as far as the guide needs it.
    fn call(&self, words: &[&str]) -> String {
        let mut headers = String::new();
        let (mut url, mut body, mut with_head) = ("", Vec::new(), false);
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "-H" => headers.push_str(&format!("{}\r\n", words.next().unwrap())),
                "-d" => body = words.next().unwrap().as_bytes().to_vec(),
                "--data-binary" => {
                    let file = words.next().unwrap().strip_prefix('@').unwrap();
                    body = fs::read(self.folder.path(file)).unwrap();
                }
                "-i" => with_head = true,
                address => url = address.strip_prefix("http://").unwrap(),
            }
        }
        if !headers.to_ascii_lowercase().contains("content-type:") {
            headers.push_str("Content-Type: application/x-www-form-urlencoded\r\n");
        }
        let path = url.strip_prefix(PLACE).unwrap();
        let mut stream = self.server.as_ref().unwrap().connect();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {PLACE}\r\nConnection: close\r\n{headers}\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap();
        let answer = read(stream);
        match with_head {
            true => format!("{}\n\n{}", answer.head.replace('\r', ""), answer.text()),
            false => answer.text(),
        }
    }
}

/// The words of a command; quotes of both kinds hold one together.
fn quoted(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut open = None;
    for character in command.chars() {
        match (open, character) {
            (None, '\'' | '"') => open = Some(character),
            (Some(quote), end) if quote == end => open = None,
            (None, ' ') => words.push(String::new()),
            (_, other) => words.last_mut().unwrap().push(other),
        }
    }
    assert_eq!(open, None, "{command}");
    words.retain(|word| !word.is_empty() || command.ends_with("''"));
    words
}

/// Whether lines are as shown; `...` stands for any text, in a line or as one.
fn is_as_shown(said: &str, shown: &[&str]) -> bool {
    let mut said: Vec<&str> = said.lines().collect();
    let mut skipping = false;
    for line in shown {
        if *line == "..." {
            skipping = true;
            continue;
        }
        let fits = |said: &str| match line.strip_suffix("...") {
            Some(start) => said.starts_with(start),
            None => said == *line,
        };
        let Some(place) = said.iter().position(|line| fits(line)) else {
            return false;
        };
        if place > 0 && !skipping {
            return false;
        }
        said.drain(..=place);
        skipping = false;
    }
    said.is_empty()
}

// Proves: WRITE-155, WRITE-156
#[test]
fn what_the_guide_to_writing_shows_is_so() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guides/writing.md");
    let guide = fs::read_to_string(guide).unwrap();
    let mut reader = Reader {
        folder: Folder::new(),
        server: None,
        token: String::new(),
    };
    let mut commands = 0;
    for (kind, lines) in blocks(&guide) {
        match kind.as_str() {
            "sql" => drop(reader.folder.database("orchard.db", &lines.join("\n"))),
            "yaml" => {
                let name = lines[0].strip_prefix("# ").unwrap();
                reader.folder.write(name, lines.join("\n"));
            }
            "console" => {
                let mut rest = lines.iter().map(String::as_str).peekable();
                while let Some(line) = rest.next() {
                    let command = line.strip_prefix("$ ").unwrap();
                    let mut shown = Vec::new();
                    while let Some(line) = rest.next_if(|line| !line.starts_with("$ ")) {
                        shown.push(line);
                    }
                    let said = reader.run(command);
                    assert!(is_as_shown(&said, &shown), "{command}\n{said}");
                    commands += 1;
                }
            }
            other => match other.strip_prefix("csv ") {
                Some(name) => reader.folder.write(name, lines.join("\n")),
                None => panic!("nobody knows how to try a block of {other:?}"),
            },
        }
    }
    assert!(commands >= 15, "only {commands} commands were found");
}
