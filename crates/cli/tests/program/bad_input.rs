//! Every file and option that cannot be used: one message, the exit code of the original, and
//! nothing left behind by what never ran.

use std::net::TcpListener;

use crate::folder::Folder;

/// Files that are not what they are used as.
fn folder() -> Folder {
    let folder = Folder::new();
    let letter = "This is a letter, not a database, and it is longer than a header is.\n";
    for (name, content) in [
        ("empty", &b""[..]),
        ("letter", letter.as_bytes()),
        ("latin.yaml", b"a: 1\ntitle: caf\xe9\n"),
        ("utf16.yaml", b"\xff\xfet\0:\0"),
        ("list.json", b"[1]"),
        ("broken.json", b"{\n  \"title\": 1,\n}}"),
        ("broken.yaml", b"settings\n  max_csv_mb: 5\n"),
        ("tab.yaml", b"databases:\n\tone: {}\n"),
        ("setting.yaml", b"settings:\n  defualt_page_size: 5\n"),
        ("quoted.yaml", b"settings:\n  max_csv_mb: '5'\n"),
        ("facets.yaml", b"databases:\n  one:\n    tables:\n      t:\n        facets: name\n"),
        ("query.yaml", b"databases:\n  one:\n    queries:\n      q: {title: Q}\n"),
        ("types.yaml", b"databases:\n  one:\n    tables:\n      t:\n        column_types: {name: {config: {}}}\n"),
        ("allow.yaml", b"allow: root\n"),
        ("columns.yaml", b"databases:\n  one:\n    tables:\n      t:\n        columns: name\n"),
        ("counts.json", b"{\"one\":\n {\"tables\": {\"t\": 5}}}"),
        ("file.sock", b"no socket"),
    ] {
        folder.write(name, content);
    }
    for name in [
        "sub",
        "temporary",
        "broken-config",
        "config-folder/datasette.yaml",
        "broken-inspect",
        "broken-metadata",
    ] {
        folder.directory(name);
    }
    folder.write("broken-config/datasette.json", "{");
    folder.write("broken-inspect/inspect-data.json", "{}\n}");
    folder.write("broken-metadata/metadata.yml", "title: [");
    folder
}

fn everything(folder: &Folder) -> Vec<String> {
    let mut names = folder.files_in(".");
    names.extend(folder.files_in("sub"));
    names.extend(folder.files_in("temporary"));
    names.sort();
    names
}

const USAGE: &str = "Usage: datasette serve [OPTIONS] [FILES]...\n\
                     Try 'datasette serve --help' for help.\n\n";

const NOT_PARSED: &str = "Metadata is not valid JSON or YAML";

/// Arguments, exit code, and the message after `Error: `; it may end in `...`. Exit codes are
/// those of the original, but where a message is marked: that starts, and fails later or never.
fn cases() -> Vec<(Vec<&'static str>, i32, String)> {
    let mut cases = Vec::new();
    let mut case = |arguments: &str, code: i32, message: &str| {
        let arguments: &'static str = Box::leak(arguments.to_owned().into_boxed_str());
        cases.push((arguments.split(' ').collect(), code, message.to_owned()));
    };
    // Databases.
    let no_database = "failed check: file is not a database";
    case("letter", 1, &format!("Connection to letter {no_database}"));
    case(
        "latin.yaml",
        1,
        &format!("Connection to latin.yaml {no_database}"),
    );
    case(
        "-i letter",
        1,
        &format!("Connection to letter {no_database}"),
    );
    case(
        "-i sub",
        1,
        "Connection to sub failed check: this is a directory, not a database file",
    );
    case(
        "one.db/x",
        1,
        "Invalid value for '[FILES]...': Path 'one.db/x' does not exist.",
    );
    case(
        "-i nosuch",
        2,
        "Invalid value for '-i' / '--immutable': Path 'nosuch' does not exist.",
    );
    case(
        "--create letter",
        1,
        &format!("Connection to letter {no_database}"),
    );
    case(
        "--create no/such.db",
        1,
        "Connection to no/such.db failed check: there is no folder 'no'",
    );
    case(
        "one.db one.db",
        1,
        "Duplicate database file: 'one.db' and 'one.db' both refer to ...",
    );
    // Files of configuration and metadata.
    for option in ["-c", "-m"] {
        let name = if option == "-c" {
            "'-c' / '--config'"
        } else {
            "'-m' / '--metadata'"
        };
        let mut case = |file: &str, code, message: String| {
            case(&format!("one.db {option} {file}"), code, &message)
        };
        case(
            "nosuch",
            2,
            format!("Invalid value for {name}: 'nosuch': No such file or directory"),
        );
        case(
            "sub",
            2,
            format!("Invalid value for {name}: 'sub': Is a directory"),
        );
        case(
            "letter",
            1,
            "letter: The top level must be a mapping, not text".to_owned(),
        );
        case(
            "list.json",
            1,
            "list.json: The top level must be a mapping, not a list".to_owned(),
        );
        case(
            "latin.yaml",
            1,
            "latin.yaml:2: this line is not UTF-8 text; save the file with the encoding UTF-8"
                .to_owned(),
        );
        case(
            "utf16.yaml",
            1,
            "utf16.yaml is UTF-16 text; save it with the encoding UTF-8".to_owned(),
        );
        case("one.db", 1, "one.db:...".to_owned());
        case(
            "broken.json",
            1,
            format!("broken.json:3:1: {NOT_PARSED}: trailing comma"),
        );
        case(
            "broken.yaml",
            1,
            format!(
                "broken.yaml:2:13: {NOT_PARSED}: mapping values are not allowed in this context; text with a colon in it needs quotes; or a colon is missing at the end of the line above"
            ),
        );
        case(
            "tab.yaml",
            1,
            format!(
                "tab.yaml:2:2: {NOT_PARSED}: tabs disallowed within this context (block indentation); lines are indented with spaces, never with tabs"
            ),
        );
        case(
            "allow.yaml",
            1,
            "allow.yaml:1: allow must be true, false or a mapping of actor properties, not text"
                .to_owned(),
        );
    }
    case(
        "one.db -c setting.yaml",
        1,
        "Invalid setting 'defualt_page_size' in config file. Did you mean 'default_page_size'? (setting.yaml:2)",
    );
    case(
        "one.db -c quoted.yaml",
        1,
        "Setting 'max_csv_mb' in config file has incorrect type. Expected int, got str. Value: '5'. Hint: ...",
    );
    // The original starts, and takes each letter for a column.
    case(
        "one.db -c facets.yaml",
        1,
        "facets.yaml:5: databases.one.tables.t.facets must be a list, not text",
    );
    case(
        "one.db -c query.yaml",
        1,
        "query.yaml:4: databases.one.queries.q: \"sql\" is missing",
    );
    case(
        "one.db -c types.yaml",
        1,
        "types.yaml:5: databases.one.tables.t.column_types.name: \"type\" is missing",
    );
    case(
        "one.db -m columns.yaml",
        1,
        "columns.yaml:5: databases.one.tables.t.columns must be a mapping, not text",
    );
    case(
        "broken-config",
        1,
        &format!("broken-config/datasette.json:1:1: {NOT_PARSED}: EOF while parsing an object"),
    );
    case(
        "config-folder",
        1,
        "Could not read config-folder/datasette.yaml: Is a directory",
    );
    case(
        "broken-inspect",
        1,
        "broken-inspect/inspect-data.json:2:1: inspect data is not valid JSON: trailing characters",
    );
    case(
        "broken-metadata",
        1,
        &format!("broken-metadata/metadata.yml:1:9: {NOT_PARSED}: ..."),
    );
    // Inspect data.
    case(
        "one.db --inspect-file nosuch",
        1,
        "Could not read nosuch: No such file or directory",
    );
    case(
        "one.db --inspect-file sub",
        1,
        "Could not read sub: Is a directory",
    );
    case(
        "one.db --inspect-file empty",
        1,
        "empty:1:0: inspect data is not valid JSON: EOF while parsing a value",
    );
    case(
        "one.db --inspect-file latin.yaml",
        1,
        "latin.yaml:2: this line is not UTF-8 text; save the file with the encoding UTF-8",
    );
    // The original starts.
    case(
        "one.db --inspect-file list.json",
        1,
        "list.json: inspect data must be a JSON object, as `datasette inspect` writes it",
    );
    // The original fails when the database is immutable.
    case(
        "one.db --inspect-file counts.json",
        1,
        "counts.json:2: one.tables.t must be a mapping, not a number",
    );
    // Settings.
    case(
        "-s settings 5",
        1,
        "-s settings: settings must be a mapping, not a number",
    );
    case(
        "-s databases.one 5",
        1,
        "-s databases.one: databases.one must be a mapping, not a number",
    );
    case(
        "-s settings.max_cvs_mb 5",
        1,
        "Invalid setting 'max_cvs_mb' in config file. Did you mean 'max_csv_mb'? (-s settings.max_cvs_mb)",
    );
    case(
        "-s databases.one.queries.q.title Q",
        1,
        "-s databases.one.queries.q.title: databases.one.queries.q: \"sql\" is missing",
    );
    case(
        "-s max_csv_mb -1",
        2,
        "Invalid value for '-s' / '--setting': \"settings.max_csv_mb\" should be an integer",
    );
    // Numbers and addresses.
    for (port, words) in [
        ("x", "'x' is not a valid integer range."),
        ("-1", "-1 is not in the range 0<=x<=65535."),
        ("65536", "65536 is not in the range 0<=x<=65535."),
        (
            "99999999999999999999",
            "99999999999999999999 is not in the range 0<=x<=65535.",
        ),
        ("1.5", "'1.5' is not a valid integer range."),
    ] {
        case(
            &format!("one.db -p {port}"),
            2,
            &format!("Invalid value for '-p' / '--port': {words}"),
        );
    }
    // Folders and libraries.
    case(
        "--template-dir letter",
        2,
        "Invalid value for '--template-dir': Directory 'letter' is a file.",
    );
    case(
        "--static x",
        2,
        "Invalid value for '--static': \"x\" should be of format mountpoint:directory",
    );
    case(
        "--static x:letter",
        2,
        "Invalid value for '--static': x:letter is not a valid directory path",
    );
    case(
        "--load-extension nosuch",
        1,
        "nosuch.so: cannot open shared object file: No such file or directory",
    );
    // TLS.
    case(
        "--ssl-keyfile letter",
        1,
        "--ssl-keyfile needs --ssl-certfile: HTTPS takes a certificate, too",
    );
    case(
        "--ssl-certfile nosuch",
        1,
        "HTTPS cannot be served: the certificate file nosuch cannot be read: No such file or directory",
    );
    case(
        "--ssl-certfile sub",
        1,
        "HTTPS cannot be served: the certificate file sub cannot be read: it is a directory",
    );
    case(
        "--ssl-certfile empty",
        1,
        "HTTPS cannot be served: empty holds no certificate in PEM form",
    );
    case(
        "--ssl-certfile letter --ssl-keyfile nosuch",
        1,
        "HTTPS cannot be served: ...",
    );
    cases
}

fn check(folder: &Folder, arguments: &[&str], code: i32, message: &str) {
    let before = everything(folder);
    let told = folder.refused(arguments, code);
    let error = match code {
        2 => told
            .strip_prefix(USAGE)
            .unwrap_or_else(|| panic!("{arguments:?}: {told}")),
        _ => &told,
    };
    let error = error
        .strip_prefix("Error: ")
        .unwrap_or_else(|| panic!("{arguments:?}: {told}"));
    match message.strip_suffix("...") {
        Some(start) => assert!(error.starts_with(start), "{arguments:?}: {told}"),
        None => assert_eq!(error, message, "{arguments:?}"),
    }
    assert_eq!(error.lines().count(), 1, "{arguments:?}: {told}");
    assert_eq!(
        everything(folder),
        before,
        "{arguments:?} left something behind"
    );
}

// Proves: CONF-01, CONF-04, CLI-58, CLI-63, CLI-130, CLI-162, SET-04, SET-05, DEF-01, DEF-06
#[cfg(target_os = "linux")]
#[test]
fn nothing_bad_is_half_started() {
    let folder = folder();
    for (arguments, code, message) in cases() {
        let started = ["--internal", "fresh.db", "--uds", "fresh.sock"];
        check(
            &folder,
            &[&arguments[..], &started].concat(),
            code,
            &message,
        );
    }
}

// Proves: CLI-130, INT-04, DEF-01
#[cfg(target_os = "linux")]
#[test]
fn sockets_and_internal_databases_that_cannot_be_used() {
    let folder = folder();
    let long = format!("{}.sock", "x".repeat(120));
    for (path, words) in [
        ("no/such.sock", "No such file or directory"),
        ("sub", "something is there already that is no socket"),
        ("file.sock", "something is there already that is no socket"),
        (
            &long,
            "its path is too long for a socket, which has room for about 100 bytes",
        ),
    ] {
        let message = format!("The socket {path} cannot be made: {words}");
        check(
            &folder,
            &["one.db", "--internal", "fresh.db", "--uds", path],
            1,
            &message,
        );
    }
    for (path, words) in [
        ("sub", "this is a directory, not a database file"),
        ("letter", "file is not a database"),
        ("no/such.db", "the database file could not be created: ..."),
    ] {
        let message = format!("The internal database {path} cannot be used: {words}");
        check(
            &folder,
            &["one.db", "--internal", path, "--uds", "fresh.sock"],
            1,
            &message,
        );
    }
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let before = everything(&folder);
    folder.refused(&["one.db", "--internal", "fresh.db", "-p", &port], 3);
    assert_eq!(everything(&folder), before);
    // What works is kept.
    folder.json(&["one.db", "--internal", "fresh.db"], "/-/versions.json");
    assert!(folder.path("fresh.db").exists());
}

#[test]
fn other_commands_tell_what_they_cannot_use() {
    let folder = folder();
    for (arguments, code, message) in [
        (
            "inspect letter",
            1,
            "Connection to letter failed check: file is not a database",
        ),
        (
            "inspect sub",
            1,
            "Connection to sub failed check: this is a directory, not a database file",
        ),
        (
            "inspect nosuch",
            2,
            "Invalid value for '[FILES]...': Path 'nosuch' does not exist.",
        ),
        (
            "inspect one.db --inspect-file no/such.json",
            1,
            "Could not write no/such.json: No such file or directory",
        ),
        (
            "inspect one.db --inspect-file sub",
            1,
            "Could not write sub: Is a directory",
        ),
        ("create-token x", 2, "Missing option '--secret'."),
        (
            "create-token x --secret s -e x",
            2,
            "Invalid value for '-e' / '--expires-after': 'x' is not a valid integer.",
        ),
        (
            "create-token x --secret s -d one",
            2,
            "Option '--database' requires 2 arguments.",
        ),
        (
            "package nosuch.db",
            2,
            "Invalid value for 'FILES...': Path 'nosuch.db' does not exist.",
        ),
        ("plugins extra", 2, "Got unexpected extra argument (extra)"),
    ] {
        let before = everything(&folder);
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let told = folder.refused(&arguments, code);
        let last = told.lines().last().unwrap_or_default();
        assert_eq!(last, format!("Error: {message}"), "{arguments:?}");
        assert_eq!(everything(&folder), before, "{arguments:?}");
    }
}

// Proves: CONF-05
#[test]
fn a_slip_is_one_line_and_the_start_succeeds() {
    let folder = folder();
    folder.write("slip.yaml", "alow: {id: nobody}\ndatabases:\n  one:\n    tables:\n      t:\n        sortdesc: id\n        colour: red\n");
    let ran = folder.run(&[
        "one.db",
        "-c",
        "slip.yaml",
        "-s",
        "plugins.p.alow",
        "1",
        "--get",
        "/one/t.json?_shape=arrays&_nl=on",
    ]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(
        ran.err,
        "Warning: slip.yaml:1: alow is not known and does nothing. Did you mean \"allow\"?\n\
         Warning: slip.yaml:6: databases.one.tables.t.sortdesc is not known and does nothing. Did you mean \"sort_desc\"?\n"
    );
}

// Proves: CLI-120
#[test]
fn of_two_mistakes_the_one_that_is_looked_for_first_is_told() {
    let folder = folder();
    let in_order: [(&[&str], i32, &str); 9] = [
        (&["--nosuch"], 2, "No such option '--nosuch'"),
        (
            &["--inspect-file", "broken.json"],
            1,
            "inspect data is not valid JSON",
        ),
        (&["-m", "broken.json"], 1, "broken.json:3:1"),
        (&["-c", "broken.yaml"], 1, "broken.yaml:2"),
        (&["missing.db"], 1, "Path 'missing.db' does not exist"),
        (&["one.db", "one.db"], 1, "Duplicate database file"),
        (
            &["-s", "databases.one.tables", "5"],
            1,
            "databases.one.tables must be",
        ),
        (&["letter"], 1, "file is not a database"),
        (
            &["--get", "/", "--actor", "["],
            1,
            "--actor is not valid JSON",
        ),
    ];
    for (place, (first, code, words)) in in_order.iter().enumerate() {
        for (later, ..) in &in_order[place + 1..] {
            let arguments = [*first, *later, &["--get", "/-/versions.json"]].concat();
            // Whichever of them stands first.
            let turned = [*later, *first, &["--get", "/-/versions.json"]].concat();
            for arguments in [arguments, turned] {
                let ran = folder.run(&arguments);
                assert_eq!(ran.code, Some(*code), "{arguments:?}: {}", ran.err);
                assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
            }
        }
    }
    let settings = folder.run(&["--help-settings", "missing.db", "-c", "broken.yaml"]);
    assert_eq!(settings.code, Some(0), "{}", settings.err);
    assert!(settings.text().contains("max_csv_mb"));
}
