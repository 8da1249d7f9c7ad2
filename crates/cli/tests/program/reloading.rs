//! `--reload`: the server starts anew when what it is made of changes.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};

use crate::folder::Folder;

/// A supervisor and what it says.
struct Supervisor {
    child: Child,
    err: BufReader<ChildStderr>,
}

impl Supervisor {
    fn start(mut command: Command) -> Self {
        let spawned = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut child = spawned.unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        Self { child, err }
    }

    fn news(&mut self) -> String {
        let mut line = String::new();
        self.err.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "the supervisor ended");
        line.trim_end().to_owned()
    }

    /// The rest of a line that begins so; lines before it are passed over.
    fn until(&mut self, beginning: &str) -> String {
        loop {
            if let Some(rest) = self.news().strip_prefix(beginning) {
                return rest.to_owned();
            }
        }
    }

    /// Waits for a server; answers its process and where it listens.
    fn served(&mut self) -> (String, String) {
        let process = self.until("Starting monitor for PID ");
        let place = self.until("INFO:     Datasette running on http://");
        let process = process.trim_end_matches('.').to_owned();
        (process, place.split(' ').next().unwrap().to_owned())
    }

    fn signal(&self, name: &str) {
        let words = format!("kill -s {name} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &words]).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn get(place: &str, path: &str) -> crate::server::Answer {
    let mut stream = std::net::TcpStream::connect(place).unwrap();
    crate::server::ask(&mut stream, path);
    crate::server::read(stream)
}

fn is_running(process: &str) -> bool {
    let words = format!("kill -0 {process}");
    let asked = Command::new("sh")
        .args(["-c", &words])
        .stderr(Stdio::null())
        .status();
    asked.unwrap().success()
}

// Proves: CLI-24, CLI-140, CLI-141, CLI-142, CLI-144
#[test]
fn a_change_starts_another_server_and_a_signal_ends_both() {
    use std::os::unix::process::ExitStatusExt;
    let folder = Folder::new();
    for command in [&["serve"][..], &[]] {
        folder.write("c.yaml", "word: first");
        folder.write("m.yaml", "title: first");
        std::fs::copy(folder.path("one.db"), folder.path("two.db")).unwrap();
        let arguments = [
            command,
            &[
                "one.db", "-i", "two.db", "-c", "c.yaml", "-m", "m.yaml", "--reload", "-p", "0",
            ],
        ];
        let mut supervisor = Supervisor::start(folder.command(&arguments.concat()));
        let (first, place) = supervisor.served();
        assert!(
            get(&place, "/-/config.json")
                .text()
                .contains("\"word\": \"first\"")
        );

        folder.replace("c.yaml", "word: another one");
        let changed = supervisor.until("");
        assert!(
            changed.ends_with("/c.yaml changed; reloading ..."),
            "{changed}"
        );
        let (second, place) = supervisor.served();
        assert!(!is_running(&first));
        assert!(
            get(&place, "/-/config.json")
                .text()
                .contains("\"word\": \"another one\"")
        );

        folder.replace("m.yaml", "title: another title");
        let changed = supervisor.until("");
        assert!(
            changed.ends_with("/m.yaml changed; reloading ..."),
            "{changed}"
        );
        supervisor.served();
        // SQLite writes to a file more than once.
        drop(folder.database(
            "three.db",
            "create table more as select zeroblob(10000) as x",
        ));
        std::fs::rename(folder.path("three.db"), folder.path("two.db")).unwrap();
        supervisor.until("");
        let (last, _) = supervisor.served();
        assert!(!is_running(&second));

        supervisor.signal("TERM");
        assert_eq!(
            supervisor.news(),
            "Received SIGTERM, triggering a shutdown."
        );
        assert_eq!(supervisor.news(), "INFO:     Shutting down");
        assert_eq!(supervisor.child.wait().unwrap().signal(), Some(15));
        assert!(!is_running(&last));
        assert_eq!(folder.files_in("temporary"), Vec::<String>::new());
    }
}

// Proves: CLI-140
#[test]
fn a_server_that_cannot_start_waits_for_a_better_file() {
    let folder = Folder::new();
    folder.write("c.yaml", "settings: {nosuch: 1}");
    let arguments = ["one.db", "-c", "c.yaml", "--reload", "-p", "0"];
    let mut supervisor = Supervisor::start(folder.command(&arguments));
    supervisor.until("Error: Invalid setting 'nosuch' in config file");
    supervisor.until("Server exited with code 1; waiting for a file to change");
    folder.replace("c.yaml", "{}");
    supervisor.until("");
    supervisor.served();
    supervisor.signal("INT");
    supervisor.until("Received SIGINT, waiting for server to exit");
    assert_eq!(supervisor.child.wait().unwrap().code(), Some(1));
}

// Proves: CLI-143
#[test]
fn nothing_is_kept_by_browsers() {
    let folder = Folder::new();
    folder.directory("assets");
    folder.directory("looks/pages");
    folder.write("assets/a.js", "one");
    folder.write("looks/pages/p.html", "{{ static('a.js', mount='assets') }}");
    let arguments = [
        "one.db",
        "--static",
        "assets:assets",
        "--template-dir",
        "looks",
        "-p",
        "0",
    ];
    let all = [&arguments[..], &["--reload"]].concat();
    let mut supervisor = Supervisor::start(folder.command(&all));
    let (_, place) = supervisor.served();
    for path in ["/one/t", "/one/t.json", "/one/t/1", "/one/t/1.json"] {
        let answer = get(&place, path);
        assert_eq!(answer.status(), 200);
        assert!(
            !answer.head.to_lowercase().contains("cache-control"),
            "{}",
            answer.head
        );
    }
    let first = get(&place, "/p").text();
    folder.write("assets/a.js", "two");
    let second = get(&place, "/p").text();
    assert!(first.contains("/assets/a.js?_hash="), "{first}");
    assert_ne!(first, second);
    let server = crate::server::Server::start(&folder, &arguments);
    assert!(
        server
            .get("/one/t")
            .head
            .contains("cache-control: max-age=5")
    );
}

// Proves: CLI-142
#[cfg(target_os = "linux")]
#[test]
fn a_server_does_not_outlive_its_supervisor() {
    let folder = Folder::new();
    let arguments = ["one.db", "--reload", "-p", "0"];
    let mut supervisor = Supervisor::start(folder.command(&arguments));
    supervisor.served();
    supervisor.child.kill().unwrap();
    // The server holds the other end of this pipe until it ends.
    assert_eq!(supervisor.news(), "INFO:     Shutting down");
    let mut rest = String::new();
    assert_eq!(supervisor.err.read_line(&mut rest).unwrap(), 0, "{rest}");
}
