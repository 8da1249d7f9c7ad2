//! From the first line to the last request.

use std::io::Read;

use crate::folder::Folder;
use crate::server::{self, Server};

// Proves: CLI-22, CLI-123, CLI-124, CLI-125
#[test]
fn it_says_where_it_is_and_what_it_answers() {
    let folder = Folder::new();
    let mut server = Server::start(&folder, &["one.db", "-p", "0"]);
    assert!(server.place.starts_with("http://127.0.0.1:"));
    assert!(!server.place.ends_with(":0"));
    let answer = server.get("/one/t.json?_shape=array");
    assert_eq!(answer.status(), 200);
    assert!(
        answer.text().starts_with("[{\"id\": 1"),
        "{}",
        answer.text()
    );
    // The first line is that of the first request, so nothing came before it.
    let line = server.line();
    let (client, rest) = line
        .strip_prefix("INFO:     127.0.0.1:")
        .unwrap()
        .split_once(' ')
        .unwrap();
    assert!(client.parse::<u16>().is_ok(), "{line}");
    assert_eq!(rest, "- \"GET /one/t.json?_shape=array HTTP/1.1\" 200 OK\n");
    assert_eq!(server.get("/one/nosuch").status(), 404);
    assert!(
        server
            .line()
            .ends_with("- \"GET /one/nosuch HTTP/1.1\" 404 Not Found\n")
    );
}

// Proves: CLI-35, CLI-200, SEC-05
#[test]
fn a_secret_outlives_the_process() {
    use datasette_core::Actor;
    use datasette_permissions::{Signer, actor_cookie_value};
    use std::io::Write;
    let folder = Folder::new();
    let cookie = actor_cookie_value(&Signer::new("shared"), &Actor::with_id("root"), None);
    let status = |server: &Server| {
        let mut stream = server.connect();
        let request = format!(
            "GET /one/t.json HTTP/1.1\r\nHost: x\r\nCookie: ds_actor={cookie}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        server::read(stream).status()
    };
    let arguments = ["one.db", "-p", "0", "-s", "allow.id", "root"];
    let option = Server::start(&folder, &[&arguments[..], &["--secret", "shared"]].concat());
    assert_eq!(status(&option), 200);
    let mut command = folder.command(&arguments);
    command.env("DATASETTE_SECRET", "shared");
    assert_eq!(status(&Server::spawn(command)), 200);
    assert_eq!(status(&Server::start(&folder, &arguments)), 403);
}

/// A table whose CSV is larger than what sockets hold back.
fn large(folder: &Folder) {
    drop(folder.database(
        "large.db",
        "create table t (x text);
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000)
         insert into t select hex(zeroblob(400)) from n;",
    ));
}

// Proves: CLI-127, INT-02
#[cfg(unix)]
#[test]
fn a_request_that_runs_is_finished_before_sigterm_ends_the_process() {
    use std::os::unix::process::ExitStatusExt;
    let folder = Folder::new();
    large(&folder);
    let mut command = folder.command(&["large.db", "-p", "0"]);
    // How soon it is finished is for the machine to say.
    command.env("DATASETTE_STOP_TIMEOUT", "3600");
    let mut server = Server::spawn(command);
    let mut running = server.connect();
    server::ask(&mut running, "/large/t.csv?_stream=on");
    let mut first = [0; 1];
    running.read_exact(&mut first).unwrap();
    server.signal("TERM");
    assert_eq!(server.news(), "INFO:     Shutting down\n");
    let answer = server::read(running);
    assert!(answer.body.len() > 16_000_000, "{}", answer.body.len());
    assert!(answer.body.ends_with(b"\r\n0\r\n\r\n"));
    let (status, out, err) = server.end();
    assert_eq!(status.signal(), Some(15), "{err}");
    assert!(
        out.contains("\"GET /large/t.csv?_stream=on HTTP/1.1\" 200 OK"),
        "{out}"
    );
    assert_eq!(folder.files_in("temporary"), Vec::<String>::new());
}

// Proves: CLI-126
#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_1() {
    let folder = Folder::new();
    let server = Server::start(&folder, &["one.db", "-p", "0"]);
    // A connection that waits for nothing does not hold up the end.
    let idle = server.connect();
    server.signal("INT");
    let (status, out, err) = server.end();
    assert_eq!(status.code(), Some(1));
    assert_eq!(out, "");
    assert_eq!(err, "INFO:     Shutting down\n\nAborted!\n");
    drop(idle);
    assert_eq!(folder.files_in("temporary"), Vec::<String>::new());
}

// Proves: CLI-126
#[cfg(unix)]
#[test]
fn a_second_signal_waits_for_nobody() {
    let folder = Folder::new();
    large(&folder);
    let mut server = Server::start(&folder, &["large.db", "-p", "0"]);
    let mut running = server.connect();
    server::ask(&mut running, "/large/t.csv?_stream=on");
    running.read_exact(&mut [0; 1]).unwrap();
    server.signal("INT");
    assert_eq!(server.news(), "INFO:     Shutting down\n");
    server.signal("INT");
    let (status, _, err) = server.end();
    assert_eq!((status.code(), err.as_str()), (Some(1), "\nAborted!\n"));
    assert_eq!(folder.files_in("temporary"), Vec::<String>::new());
}

// Proves: CLI-23, CLI-123, CLI-124, CLI-129, DEP-18
#[cfg(unix)]
#[test]
fn a_socket_of_the_file_system() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::net::UnixStream;
    let folder = Folder::new();
    let mut server = Server::start(&folder, &["one.db", "--uds", "site.sock"]);
    assert_eq!(server.place, "unix socket site.sock");
    let mode = std::fs::metadata(folder.path("site.sock"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o666);
    // The path of a socket must be short, and that of the folder may not be.
    let here = std::fs::canonicalize(folder.root()).unwrap();
    let mut stream = UnixStream::connect(here.join("site.sock")).unwrap();
    server::ask(&mut stream, "/one/t.json");
    assert_eq!(server::read(stream).status(), 200);
    assert_eq!(
        server.line(),
        "INFO:      - \"GET /one/t.json HTTP/1.1\" 200 OK\n"
    );
    server.signal("TERM");
    let _ = server.end();
    assert!(folder.path("site.sock").exists());
}

#[cfg(unix)]
#[test]
fn who_reads_slowly_does_not_hold_up_the_end() {
    use std::os::unix::process::ExitStatusExt;
    let folder = Folder::new();
    large(&folder);
    let mut command = folder.command(&["large.db", "-p", "0"]);
    command.env("DATASETTE_STOP_TIMEOUT", "0.01");
    let mut server = Server::spawn(command);
    let mut slow = server.connect();
    server::ask(&mut slow, "/large/t.csv?_stream=on");
    slow.read_exact(&mut [0; 1]).unwrap();
    server.signal("TERM");
    assert_eq!(server.news(), "INFO:     Shutting down\n");
    // Nothing is read until the server is gone.
    let (status, _, err) = server.end();
    assert_eq!(status.signal(), Some(15), "{err}");
    assert!(
        err.contains("requests that still run after 0.01 s are cut off"),
        "{err}"
    );
    let mut rest = Vec::new();
    let _ = slow.read_to_end(&mut rest);
    assert!(!rest.ends_with(b"\r\n0\r\n\r\n"), "{}", rest.len());
    assert_eq!(folder.files_in("temporary"), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn the_service_manager_hears_when_it_serves_and_when_it_stops() {
    use std::os::unix::net::UnixDatagram;
    let folder = Folder::new();
    let here = std::fs::canonicalize(folder.root()).unwrap().join("notify");
    let manager = UnixDatagram::bind(&here).unwrap();
    let heard = || {
        let mut news = [0; 64];
        let length = manager.recv(&mut news).unwrap();
        String::from_utf8_lossy(&news[..length]).into_owned()
    };
    let mut command = folder.command(&["one.db", "-p", "0"]);
    command.env("NOTIFY_SOCKET", &here);
    let server = Server::spawn(command);
    assert_eq!(heard(), "READY=1");
    assert_eq!(server.get("/one/t.json").status(), 200);
    server.signal("TERM");
    assert_eq!(heard(), "STOPPING=1");
    server.end();
    // One that is not there does not keep it from serving.
    let mut command = folder.command(&["one.db", "-p", "0"]);
    command.env("NOTIFY_SOCKET", folder.path("nobody"));
    let server = Server::spawn(command);
    assert_eq!(server.get("/one/t.json").status(), 200);
    server.signal("TERM");
    let (_, _, err) = server.end();
    assert!(
        err.contains("NOTIFY_SOCKET cannot be told READY=1"),
        "{err}"
    );
}

// Proves: DEP-01, CLI-133
#[cfg(target_os = "linux")]
#[test]
fn one_process_in_the_foreground() {
    let folder = Folder::new();
    let server = Server::start(&folder, &["one.db", "-p", "0"]);
    let before = folder.files_in(".");
    for _ in 0..3 {
        assert_eq!(server.get("/one/t.json").status(), 200);
    }
    // The process that was started is the one that answers: it has no children, and it is the one
    // that signals reach.
    let tasks = std::fs::read_dir(format!("/proc/{}/task", server.id())).unwrap();
    for task in tasks {
        let path = task.unwrap().path().join("children");
        // A thread may end between two looks.
        let children = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(children, "");
    }
    // It writes nothing beside its databases: no file with its number.
    let mut after = folder.files_in(".");
    after.sort();
    let mut before = before;
    before.sort();
    assert_eq!(before, after);
    assert!(
        after.iter().all(|name| !name.ends_with(".pid")),
        "{after:?}"
    );
    server.signal("TERM");
    let (status, _, _) = server.end();
    assert_eq!(
        std::os::unix::process::ExitStatusExt::signal(&status),
        Some(15)
    );
}

// Proves: BG-10
#[cfg(unix)]
#[test]
fn writes_that_wait_are_done_before_the_end() {
    use datasette_core::Actor;
    use datasette_permissions::{Signer, actor_cookie_value};
    use std::io::Write;
    let folder = Folder::new();
    let server = Server::start(
        &folder,
        &["one.db", "-p", "0", "--root", "--secret", "shared"],
    );
    let cookie = actor_cookie_value(&Signer::new("shared"), &Actor::with_id("root"), None);
    let send = |head: &str, body: &str| {
        let mut stream = server.connect();
        let request = format!(
            "{head} HTTP/1.1\r\nHost: localhost\r\nCookie: ds_actor={cookie}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        stream
    };
    // Somebody else writes; whoever wants to write now has to wait.
    let holder = rusqlite::Connection::open(folder.path("one.db")).unwrap();
    holder.execute_batch("begin immediate").unwrap();
    let waiting = send(
        "POST /one/t/-/insert",
        r#"{"row": {"id": 3, "name": "late"}}"#,
    );
    let writes = |text: &str| text.contains("statements on sqlite-write of one");
    while !writes(&server::read(send("GET /-/threads.json", "")).text()) {}
    // Nobody waits for the answer any more after the second signal, but the row was taken.
    server.signal("TERM");
    let mut server = server;
    assert_eq!(server.news(), "INFO:     Shutting down\n");
    server.signal("TERM");
    assert_eq!(server::rest(waiting), Vec::<u8>::new());
    holder.execute_batch("rollback").unwrap();
    let (_, _, err) = server.end();
    let name: String = holder
        .query_row("select name from t where id = 3", [], |row| row.get(0))
        .unwrap();
    assert_eq!((name.as_str(), err.as_str()), ("late", ""));
    assert_eq!(folder.files_in("temporary"), Vec::<String>::new());
}
