//! What changes while the server runs, and what the next start brings.

use rusqlite::Connection;

use crate::folder::Folder;
use crate::server::Server;

// Proves: DEP-03
#[test]
fn data_changes_at_once_and_configuration_at_the_next_start() {
    let folder = Folder::new();
    folder.directory("site/templates/pages");
    folder.write("site/metadata.yaml", "title: Old title\n");
    folder.write("site/datasette.yaml", "settings:\n  default_page_size: 2\n");
    folder.write("site/templates/pages/about.html", "old words");
    let database = folder.database(
        "site/data.db",
        "create table t (x); insert into t values (1);",
    );
    let text = |server: &Server, path: &str| {
        let answer = server.get(path);
        (answer.status(), answer.text())
    };
    let server = Server::start(&folder, &["site", "-p", "0"]);
    assert!(text(&server, "/").1.contains("Old title"));
    assert!(
        text(&server, "/data/t.json?_shape=arrays")
            .1
            .contains("[[1, 1]]")
    );

    folder.write("site/metadata.yaml", "title: New title\n");
    folder.write("site/datasette.yaml", "settings:\n  default_page_size: 1\n");
    folder.write("site/templates/pages/about.html", "new words");
    drop(folder.database("site/later.db", "create table l (x)"));
    database
        .execute_batch("insert into t values (2); create table u (y); insert into u values (7);")
        .unwrap();

    assert!(
        text(&server, "/data/t.json?_shape=arrays")
            .1
            .contains("[[1, 1], [2, 2]]")
    );
    assert!(
        text(&server, "/data/u.json?_shape=arrays")
            .1
            .contains("[[1, 7]]")
    );
    assert_eq!(text(&server, "/about"), (200, "new words".to_owned()));
    assert!(text(&server, "/").1.contains("Old title"));
    assert_eq!(text(&server, "/later").0, 404);
    drop(server);

    let server = Server::start(&folder, &["site", "-p", "0"]);
    assert!(text(&server, "/").1.contains("New title"));
    assert_eq!(text(&server, "/later").0, 200);
    assert!(
        text(&server, "/data/t.json?_shape=arrays")
            .1
            .contains("[[1, 1]]")
    );
    drop::<Connection>(database);
}
