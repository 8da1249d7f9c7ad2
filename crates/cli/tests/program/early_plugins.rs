//! A server that knows its plugins from the last start answers before they have started.

use std::process::Command;

use crate::folder::Folder;
use crate::python::command;
use crate::server::Server;

/// Waits for a file before it is loaded, if there is one named `slow`, and says which time it is.
const SLOW: (&str, &str) = (
    "slow.py",
    "
import os, time
from datasette import hookimpl, Response

while os.path.exists('slow'):
    time.sleep(0.01)

with open('loads', 'a') as file:
    file.write('x')

pages = ['/page'] + (['/more'] if os.path.exists('more') else [])

if os.path.exists('broken'):
    raise ValueError('it is broken now')

@hookimpl
def menu_links(datasette):
    return [{'href': '/page', 'label': 'Its page'}]

@hookimpl
def register_routes():
    return [('^' + page + '$', lambda request: Response.text(request.path)) for page in pages]
",
);

fn started(folder: &Folder) -> Command {
    let mut command = command(folder, &[SLOW], &["one.db"]);
    command.env("XDG_CACHE_HOME", folder.path("cache"));
    command
}

/// The number of times that the plugin was loaded.
fn loads(folder: &Folder) -> u64 {
    std::fs::metadata(folder.path("loads")).map_or(0, |it| it.len())
}

fn stop(server: Server) -> String {
    server.signal("TERM");
    server.end().2
}

#[test]
fn what_needs_no_plugin_is_answered_before_they_start() {
    let folder = Folder::new();
    stop(Server::spawn(started(&folder)));
    assert_eq!(loads(&folder), 1);
    folder.write("slow", "");
    let server = Server::spawn(started(&folder));
    assert_eq!(server.get("/one/t.json?_shape=arrays").status(), 200);
    assert_eq!(loads(&folder), 1);
    // A page has a menu, which the plugin adds to: it waits for it.
    std::thread::scope(|scope| {
        let page = scope.spawn(|| server.get("/one/t").text());
        let own = scope.spawn(|| server.get("/page").text());
        assert_eq!(server.get("/-/versions.json").status(), 200);
        std::fs::remove_file(folder.path("slow")).unwrap();
        assert!(page.join().unwrap().contains("Its page"));
        assert_eq!(own.join().unwrap(), "/page");
    });
    assert_eq!(loads(&folder), 2);
    stop(server);
}

#[test]
fn plugins_that_are_others_than_known_are_started_again_with_the_server() {
    let folder = Folder::new();
    stop(Server::spawn(started(&folder)));
    folder.write("more", "");
    let mut server = Server::spawn(started(&folder));
    let place = server.place.clone();
    while !server.news().contains("Plugins have changed") {}
    while !server.news().contains("Datasette running on") {}
    assert_eq!(server.place, place);
    assert_eq!(server.get("/more").text(), "/more");
    stop(server);
    // They are known now.
    let server = Server::spawn(started(&folder));
    assert_eq!(server.get("/more").text(), "/more");
    assert!(!stop(server).contains("changed"));
}

#[test]
fn known_plugins_that_do_not_start_any_more_end_the_server() {
    let folder = Folder::new();
    stop(Server::spawn(started(&folder)));
    folder.write("broken", "");
    let (status, _, err) = Server::spawn(started(&folder)).end();
    assert_eq!(status.code(), Some(1));
    assert!(err.contains("it is broken now"), "{err}");
}
