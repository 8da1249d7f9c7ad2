//! Plugins that behave badly: the page still comes, the log names the plugin, the next call works.

use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::folder::{Folder, ran};
use crate::python::command;
use crate::server::{Server, ask, read};

/// A well-behaved plugin beside the rude one, whose answers show that the process is well.
const POLITE: (&str, &str) = (
    "polite.py",
    "
from datasette import hookimpl, Response

@hookimpl
def menu_links(datasette, actor):
    return [{'href': '/polite', 'label': 'Polite'}]

@hookimpl
def register_routes():
    return [(r'^/polite$', lambda: Response.text('thank you'))]
",
);

/// The page of a table, as it is without the rude plugin.
fn page_comes(server: &Server) {
    let page = server.get("/one/t");
    assert!(page.head.starts_with("HTTP/1.1 200 "), "{}", page.head);
    assert!(page.text().contains("</html>"));
}

/// Reads the log until a line has all the words.
fn told(server: &mut Server, words: &[&str]) -> String {
    loop {
        let line = server.news();
        assert!(!line.is_empty(), "the log ended without {words:?}");
        if words.iter().all(|word| line.contains(word)) {
            return line;
        }
    }
}

/// A server with the rude plugin beside the polite one. Hooks have half a second.
fn beside(folder: &Folder, rude: &str) -> Server {
    let plugins = [POLITE, ("rude.py", rude)];
    let mut command = command(folder, &plugins, &["one.db"]);
    command.env("DATASETTE_PLUGIN_TIMEOUT", "0.5");
    Server::spawn(command)
}

/// Both the page and the polite plugin are there.
fn all_is_well(server: &Server) {
    page_comes(server);
    assert_eq!(server.get("/polite").text(), "thank you");
}

// Proves: PLUG-72
#[test]
fn what_is_printed_reaches_the_log_with_its_name() {
    let folder = Folder::new();
    let rude = "
import os, sys
from datasette import hookimpl

@hookimpl
def menu_links(datasette):
    print('to stdout')
    print('to stderr', file=sys.stderr)
    os.write(1, b'past Python\\n')
";
    let mut server = beside(&folder, rude);
    all_is_well(&server);
    // They come over two streams, in any order.
    let mut missing = vec!["[rude.py] to stdout", "[rude.py] to stderr", "past Python"];
    while !missing.is_empty() {
        let line = told(&mut server, &[]);
        missing.retain(|words| !line.contains(words));
    }
}

#[test]
fn a_hook_that_waits_for_ever_is_given_up_alone() {
    let folder = Folder::new();
    let rude = "
import asyncio
from datasette import hookimpl

@hookimpl
def menu_links(datasette):
    async def inner():
        await asyncio.Event().wait()
    return inner
";
    let mut server = beside(&folder, rude);
    let page = server.get("/one/t").text();
    // The other plugin's contribution to the same hook is there.
    assert!(page.contains(">Polite<"), "{page}");
    told(&mut server, &["plugin failed: rude.py"]);
    told(&mut server, &["TimeoutError: no answer within 0.5 seconds"]);
    all_is_well(&server);
}

#[test]
fn a_hook_that_holds_the_process_up_is_ended_with_it() {
    let folder = Folder::new();
    let rude = "
import os, time
from datasette import hookimpl

@hookimpl
def menu_links(datasette):
    if not os.path.exists('was-here'):
        open('was-here', 'w').close()
        while True:
            time.sleep(1)
";
    let mut server = beside(&folder, rude);
    page_comes(&server);
    // Where it was, for its author, and who it was, for everybody.
    told(&mut server, &["rude.py", "line 10 in menu_links"]);
    told(&mut server, &["ended", "while rude.py was at work"]);
    told(&mut server, &["run again"]);
    all_is_well(&server);
}

#[test]
fn a_hook_that_kills_the_process_costs_its_contribution() {
    for death in [
        "os._exit(3)",
        "os.kill(os.getpid(), 9)",
        "ctypes.string_at(0)",
    ] {
        let folder = Folder::new();
        let rude = format!(
            "
import ctypes, os
from datasette import hookimpl

@hookimpl
def menu_links(datasette):
    if not os.path.exists('was-here'):
        open('was-here', 'w').close()
        {death}
"
        );
        let mut server = beside(&folder, &rude);
        page_comes(&server);
        told(&mut server, &["ended", "while rude.py was at work"]);
        all_is_well(&server);
    }
}

#[test]
fn nonsense_is_the_failure_of_who_answers_it() {
    for (hook, nonsense) in [
        ("menu_links", "5"),
        ("menu_links", "'text'"),
        ("menu_links", "[5]"),
        ("menu_links", "[{}]"),
        ("menu_links", "[{'href': '\\ud800', 'label': 'x'}]"),
        ("menu_links", "{}['nothing']"),
        ("extra_template_vars", "loop"),
        ("extra_body_script", "{'script': '\\ud800'}"),
    ] {
        let folder = Folder::new();
        let rude = format!(
            "
from datasette import hookimpl
loop = []
loop.append(loop)

@hookimpl
def {hook}(datasette):
    return {nonsense}
"
        );
        let server = beside(&folder, &rude);
        let page = server.get("/one/t").text();
        assert!(page.contains(">Polite<"), "{nonsense}: {page}");
        all_is_well(&server);
        server.signal("TERM");
        let (_, _, err) = server.end();
        assert!(err.contains("rude.py"), "{nonsense}: {err}");
    }
}

#[test]
fn a_flood_of_words_holds_nothing_up() {
    let folder = Folder::new();
    let rude = "
import sys
from datasette import hookimpl

@hookimpl
def menu_links(datasette):
    sys.stdout.write('no end ' * 1_000_000)
    for _ in range(2_000):
        print('once more')
    print('dry')
";
    let mut server = beside(&folder, rude);
    let page = server.connect();
    std::thread::scope(|scope| {
        // Somebody must read the log, or the server itself would wait for that.
        let reading = scope.spawn(|| told(&mut server, &["[rude.py] dry"]));
        let mut page = page;
        ask(&mut page, "/one/t");
        let page = read(page);
        assert!(page.text().contains(">Polite<"));
        reading.join().unwrap();
    });
}

#[test]
fn a_fork_does_not_answer_for_its_parent() {
    let folder = Folder::new();
    let rude = "
import os, subprocess, sys
from datasette import hookimpl

@hookimpl
def menu_links(datasette):
    os.fork()
    return [{'href': '/rude', 'label': 'Rude'}]

@hookimpl
def register_routes():
    async def fork(datasette):
        from datasette import Response
        child = os.fork()
        if child == 0:
            print('here is the copy')
            return Response.text('from the copy')
        _, status = os.waitpid(child, 0)
        said = subprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True).stdout
        return Response.text(f'{status} {said}')
    return [(r'^/fork$', fork)]
";
    let mut server = beside(&folder, rude);
    for _ in 0..5 {
        let page = server.get("/one/t").text();
        assert_eq!(page.matches(">Rude<").count(), 1, "{page}");
        assert_eq!(server.get("/fork").text(), r"0 b'1\n'");
        all_is_well(&server);
    }
    told(&mut server, &["here is the copy"]);
}

#[test]
fn a_package_of_another_version_is_refused_in_words() {
    let folder = Folder::new();
    let mut command = command(&folder, &[POLITE], &["one.db"]);
    let package = concat!(env!("CARGO_MANIFEST_DIR"), "/../../python/datasette");
    let copied = std::process::Command::new("cp")
        .args(["-r", package, "."])
        .current_dir(folder.root())
        .status();
    assert!(copied.unwrap().success());
    let frames = "datasette/_host/frames.py";
    let text = std::fs::read_to_string(folder.path(frames)).unwrap();
    assert!(text.contains("\nVERSION = 1\n"));
    folder.write(frames, text.replace("\nVERSION = 1\n", "\nVERSION = 99\n"));
    command.env("DATASETTE_PYTHON_PACKAGE", folder.root());
    let ran = ran(command.output().unwrap());
    assert_eq!(ran.code, Some(1));
    let why = "speaks version 99 of the plugin protocol, the server version 1";
    assert!(ran.err.contains(why), "{}", ran.err);
}

/// A process that replaces another may fail to start. The one after it lives on.
#[test]
fn a_start_that_fails_is_repeated() {
    let folder = Folder::new();
    let rude = "
import os
from datasette import hookimpl, Response

with open('starts', 'a') as file:
    file.write('x')
starts = os.path.getsize('starts')
if starts in (2, 3):
    os._exit(1)

@hookimpl
def register_routes():
    return [(r'^/die$', lambda: os._exit(1)), (r'^/starts$', lambda: Response.text(str(starts)))]
";
    let mut server = beside(&folder, rude);
    assert_eq!(server.get("/starts").text(), "1");
    server.get("/die");
    told(&mut server, &["run again"]);
    for _ in 0..3 {
        assert_eq!(server.get("/starts").text(), "4");
        all_is_well(&server);
    }
}

/// Whoever needs no plugin does not notice that the process dies, however often.
#[test]
fn requests_that_need_no_plugin_survive_the_process() {
    const DEATHS: usize = 3;
    let folder = Folder::new();
    let rude = "
import os
from datasette import hookimpl

@hookimpl
def register_routes():
    return [(r'^/die$', lambda: os._exit(1))]
";
    let mut server = beside(&folder, rude);
    let place = server.place.strip_prefix("http://").unwrap().to_owned();
    let is_over = AtomicBool::new(false);
    let asked: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut asked = 0;
                    while !is_over.load(Ordering::Relaxed) {
                        let mut stream = TcpStream::connect(&place).unwrap();
                        ask(&mut stream, "/one/t.json?_shape=arrays");
                        let answer = read(stream);
                        assert_eq!(answer.status(), 200, "{}", answer.text());
                        asked += 1;
                    }
                    asked
                })
            })
            .collect();
        for _ in 0..DEATHS {
            server.get("/die");
            told(&mut server, &["run again"]);
            assert_eq!(server.get("/polite").text(), "thank you");
        }
        is_over.store(true, Ordering::Relaxed);
        clients.into_iter().map(|it| it.join().unwrap()).sum()
    });
    assert!(asked > DEATHS, "{asked}");
}
