//! What cannot be served: one message and exit code each.

use std::net::TcpListener;

use rusqlite::Connection;

use crate::folder::Folder;

const USAGE: &str = "Usage: datasette serve [OPTIONS] [FILES]...\n\
                     Try 'datasette serve --help' for help.\n\n";

// Proves: CLI-12, CLI-60
#[test]
fn a_missing_file() {
    let folder = Folder::new();
    assert_eq!(
        folder.refused(&["nosuchcommand"], 1),
        "Error: Invalid value for '[FILES]...': Path 'nosuchcommand' does not exist."
    );
    assert_eq!(
        folder.refused(&["one.db", "missing.db", "--get", "/"], 1),
        "Error: Invalid value for '[FILES]...': Path 'missing.db' does not exist."
    );
}

// Proves: CLI-71, CLI-73
#[test]
fn a_file_twice_and_two_directories() {
    let folder = Folder::new();
    let real = folder.path("one.db").canonicalize().unwrap();
    assert_eq!(
        folder.refused(&["one.db", "./one.db"], 1),
        format!(
            "Error: Duplicate database file: './one.db' and 'one.db' both refer to {}",
            real.display()
        )
    );
    folder.directory("a");
    folder.directory("b.db");
    assert_eq!(
        folder.refused(&["a", "b.db"], 1),
        "Error: Cannot pass multiple directories. Pass a single directory as config_dir."
    );
}

// Proves: CLI-07, CLI-08, CLI-20, CLI-22, CLI-54, CLI-55, CLI-56, CLI-57
#[test]
fn options_that_cannot_be_meant() {
    let folder = Folder::new();
    folder.directory("sub");
    for (arguments, message) in [
        (&["--nosuchoption"][..], "No such option '--nosuchoption'."),
        (
            &["-p", "70000"],
            "Invalid value for '-p' / '--port': 70000 is not in the range 0<=x<=65535.",
        ),
        (
            &["--static", "foo"],
            "Invalid value for '--static': \"foo\" should be of format mountpoint:directory",
        ),
        (
            &["--static", "foo:nosuch:dir"],
            "Invalid value for '--static': foo:nosuch:dir is not a valid directory path",
        ),
        (
            &["--static", "foo:one.db"],
            "Invalid value for '--static': foo:one.db is not a valid directory path",
        ),
        (
            &["-i", "missing.db"],
            "Invalid value for '-i' / '--immutable': Path 'missing.db' does not exist.",
        ),
        (
            &["--template-dir", "nosuch"],
            "Invalid value for '--template-dir': Directory 'nosuch' does not exist.",
        ),
        (
            &["--template-dir", "one.db"],
            "Invalid value for '--template-dir': Directory 'one.db' is a file.",
        ),
        (
            &["-c", "nosuch.yaml"],
            "Invalid value for '-c' / '--config': 'nosuch.yaml': No such file or directory",
        ),
        (
            &["-m", "sub"],
            "Invalid value for '-m' / '--metadata': 'sub': Is a directory",
        ),
    ] {
        assert_eq!(
            folder.refused(arguments, 2),
            format!("{USAGE}Error: {message}")
        );
    }
}

// Proves: CLI-81, CLI-82, CLI-85, CLI-88, CLI-89, SET-04, SET-05
#[test]
fn settings_that_cannot_be_meant() {
    let folder = Folder::new();
    let usage = |name, value| {
        let text = folder.refused(&["-s", name, value], 2);
        text.strip_prefix(USAGE).unwrap().to_owned()
    };
    assert_eq!(
        usage("allow_facet", "x"),
        "Error: Invalid value for '-s' / '--setting': \
         \"settings.allow_facet\" should be on/off/true/false/1/0"
    );
    assert_eq!(
        usage("default_page_size", "dog"),
        "Error: Invalid value for '-s' / '--setting': \"settings.default_page_size\" should be an integer"
    );
    let refused = |name, value| folder.refused(&["-s", name, value, "--get", "/"], 1);
    assert_eq!(
        refused("settings.nosuch", "1"),
        "Error: Invalid setting 'nosuch' in config file (-s settings.nosuch)"
    );
    let wrong = refused("settings.allow_facet", "off");
    let expected = "Error: Setting 'allow_facet' in config file has incorrect type. \
                    Expected bool, got str. Value: 'off'. Hint: ";
    assert!(wrong.starts_with(expected), "{wrong}");
    assert!(refused("base_url", "5").contains("Expected str, got int. Value: 5."));
}

// Proves: CONF-01, CONF-04
#[test]
fn configuration_that_cannot_be_read() {
    let folder = Folder::new();
    folder.write("bad.yaml", "a: [1\nb: {");
    let message = folder.refused(&["-c", "bad.yaml", "--get", "/"], 1);
    assert!(
        message.starts_with("Error: bad.yaml:")
            && message.contains(": Metadata is not valid JSON or YAML: "),
        "{message}"
    );
    assert_eq!(message.lines().count(), 1);
    folder.write("list.json", "[1]");
    let message = folder.refused(&["-m", "list.json", "--get", "/"], 1);
    assert_eq!(
        message,
        "Error: list.json: The top level must be a mapping, not a list"
    );
}

// Proves: CLI-52
#[test]
fn options_of_get_alone() {
    let folder = Folder::new();
    let refused = |arguments| folder.refused(arguments, 1);
    assert_eq!(
        refused(&["one.db", "--headers"]),
        "Error: --headers can only be used with --get"
    );
    assert_eq!(
        refused(&["one.db", "--token", "x"]),
        "Error: --token can only be used with --get"
    );
}

// Proves: CLI-63
#[test]
fn a_file_that_is_no_database() {
    let folder = Folder::new();
    folder.write(
        "text.db",
        "This is a letter, not a database, and it is longer than a header is.",
    );
    for rest in [&["--get", "/"][..], &["-p", "0"]] {
        let arguments = [&["one.db", "text.db"], rest].concat();
        assert_eq!(
            folder.refused(&arguments, 1),
            "Error: Connection to text.db failed check: file is not a database"
        );
    }
}

#[test]
fn a_damaged_database() {
    let folder = Folder::new();
    let mut bytes = std::fs::read(folder.path("one.db")).unwrap();
    bytes[100..].fill(0xee);
    folder.write("damaged.db", bytes);
    assert_eq!(
        folder.refused(&["damaged.db", "--get", "/"], 1),
        "Error: Connection to damaged.db failed check: database disk image is malformed"
    );
}

// Proves: CLI-64, CLI-65
#[test]
fn a_table_of_an_unknown_module() {
    let folder = Folder::new();
    for name in ["nosuchmod", "VirtualSpatialIndex"] {
        let sql = format!(
            "pragma writable_schema = on;
             insert into sqlite_schema
             values ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING {name}(x)');"
        );
        drop(folder.database(&format!("{name}.db"), &sql));
    }
    assert_eq!(
        folder.refused(&["nosuchmod.db", "-p", "0"], 2),
        format!("{USAGE}Error: Connection to nosuchmod.db failed check: no such module: nosuchmod")
    );
    let spatial = folder.refused(&["VirtualSpatialIndex.db", "-p", "0"], 2);
    assert!(spatial.contains(
        "Error: It looks like you're trying to load a SpatiaLite database without first loading the SpatiaLite module."
    ));
    assert!(spatial.ends_with("Read more: https://docs.datasette.io/en/stable/spatialite.html"));
}

// Proves: CLI-66, CLI-67
#[test]
fn a_database_locked_by_another_process() {
    let folder = Folder::new();
    let holder = Connection::open(folder.path("one.db")).unwrap();
    holder
        .execute_batch("begin exclusive; insert into t values (3, 'c')")
        .unwrap();
    assert_eq!(
        folder.refused(&["one.db", "--get", "/"], 1),
        "Error: Connection to one.db failed check: database is locked; --nolock reads it anyway"
    );
    let rows = folder.json(&["one.db", "--nolock"], "/one/t.json?_shape=array");
    assert_eq!(rows.as_array().unwrap().len(), 2);
}

// Proves: CLI-128
#[test]
fn an_address_that_cannot_be_had() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let message = folder.refused(&["one.db", "-p", &port], 3);
    let expected = format!(
        "ERROR:    error while attempting to bind on address ('127.0.0.1', {port}): address already in use"
    );
    assert!(message.starts_with(&expected), "{message}");
    let unknown = folder.refused(&["one.db", "-p", "0", "-h", "256.1.1.1"], 3);
    assert!(
        unknown.starts_with("ERROR:    ") && unknown.contains("'256.1.1.1'"),
        "{unknown}"
    );
}

// Proves: CLI-130
#[cfg(unix)]
#[test]
fn a_socket_that_cannot_be_made() {
    let folder = Folder::new();
    let message = folder.refused(&["one.db", "--uds", "nowhere/site.sock"], 1);
    assert_eq!(
        message,
        "Error: The socket nowhere/site.sock cannot be made: No such file or directory"
    );
}

// Proves: INT-04
#[test]
fn an_internal_database_that_cannot_be_used() {
    let folder = Folder::new();
    folder.directory("sub");
    folder.write(
        "letter",
        "This is a letter, not a database, and it is longer than a header is.",
    );
    for (path, words) in [
        ("sub", "this is a directory, not a database file"),
        ("letter", "file is not a database"),
    ] {
        let message = folder.refused(&["one.db", "--internal", path, "-p", "0"], 1);
        assert_eq!(
            message,
            format!("Error: The internal database {path} cannot be used: {words}")
        );
    }
    let message = folder.refused(&["--internal", "nowhere/internal.db", "-p", "0"], 1);
    assert!(
        message.starts_with("Error: The internal database nowhere/internal.db cannot be used: "),
        "{message}"
    );
}
