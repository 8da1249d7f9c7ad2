//! `--load-extension`: SQLite learns what a library of the operator's knows.
#![cfg(unix)]

use std::process::Command;

use crate::folder::Folder;
use crate::inspecting::spatial;

/// An extension with two entry points, each of which adds a function that answers a number. The
/// places in SQLite's table of functions never change.
const SOURCE: &str = r#"
typedef void (*answering)(void *, int, void **);
typedef int (*create_function)(void *, const char *, int, int, void *, answering, void *, void *);
typedef void (*result_int)(void *, int);
static void **api;
static void one(void *c, int n, void **v) { ((result_int) api[82])(c, 1); }
static void two(void *c, int n, void **v) { ((result_int) api[82])(c, 2); }
static int add(void *db, const char *name, answering function) {
    return ((create_function) api[45])(db, name, 0, 1, 0, function, 0, 0);
}
int sqlite3_numbers_init(void *db, char **error, void **functions) {
    api = functions;
    return add(db, "one", one);
}
int more(void *db, char **error, void **functions) {
    api = functions;
    add(db, "one", two);
    return add(db, "two", two);
}
"#;

/// A folder with `numbers.so` in it.
fn with_extension() -> Folder {
    let folder = Folder::new();
    folder.write("numbers.c", SOURCE);
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let compiled = Command::new(compiler)
        .args(["-shared", "-fPIC", "-o", "numbers.so", "numbers.c"])
        .current_dir(folder.root())
        .status();
    assert!(compiled.unwrap().success());
    folder
}

fn asked(folder: &Folder, arguments: &[&str], path: &str) -> String {
    let ran = folder.run(&[arguments, &["--get", path]].concat());
    assert!(ran.err.is_empty() || ran.code == Some(1), "{}", ran.err);
    ran.text().trim_end().to_owned()
}

// Proves: CLI-26, EXT-01, EXT-02, EXT-03, EXT-04
#[test]
fn every_connection_knows_its_functions() {
    let folder = with_extension();
    let sql = "/-/query.json?_shape=arrayfirst&sql=select+one()";
    let both = "/-/query.json?_shape=arrays&sql=select+one(),two()";
    for name in ["./numbers.so", "./numbers"] {
        let arguments = ["one.db", "--memory", "--load-extension", name];
        assert_eq!(asked(&folder, &arguments, &format!("/one{sql}")), "[1]");
        assert_eq!(asked(&folder, &arguments, &format!("/_memory{sql}")), "[1]");
    }
    let twice = [
        "one.db",
        "--load-extension",
        "./numbers",
        "--load-extension",
        "./numbers:more",
    ];
    let answer = asked(&folder, &twice, &format!("/one{both}"));
    assert!(answer.contains("[[2, 2]]"), "{answer}");
    let other_way = [
        "one.db",
        "--load-extension",
        "./numbers:more",
        "--load-extension",
        "./numbers",
    ];
    let answer = asked(&folder, &other_way, &format!("/one{both}"));
    assert!(answer.contains("[[1, 2]]"), "{answer}");
}

// Proves: CLI-202, CLI-207, CLI-208
#[test]
fn the_environment_may_name_them() {
    let folder = with_extension();
    let asked = |variable: (&str, &str), arguments: &[&str]| {
        let path = "/one/-/query.json?_shape=arrayfirst&sql=select+one()";
        let mut command = folder.command(&[&["one.db", "--get", path], arguments].concat());
        command.env(variable.0, variable.1);
        let output = command.output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let name = "DATASETTE_LOAD_EXTENSION";
    assert_eq!(asked((name, "./numbers"), &[]), "[1]\n");
    assert_eq!(asked((name, " ./numbers \n ./numbers:more "), &[]), "[2]\n");
    let option = ["--load-extension", "./numbers"];
    assert_eq!(asked((name, "./missing ./numbers:more"), &option), "[1]\n");
    assert!(asked((name, ""), &[]).contains("no such function: one"));
    assert!(asked(("SQLITE_EXTENSIONS", "./numbers"), &[]).contains("no such function: one"));
    let mut inspect = folder.command(&["inspect", "one.db"]);
    inspect.env(name, "./missing");
    let refused = inspect.output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&refused.stderr).starts_with("Error: ./missing.so: cannot open")
    );
}

/// What the row says of a SQLite without extensions cannot happen: it is built in, with them.
// Proves: EXT-07
#[test]
fn the_sqlite_inside_can_always_load_them() {
    let folder = Folder::new();
    let versions = folder.json(&[], "/-/versions.json");
    let options = versions["sqlite"]["compile_options"].as_array().unwrap();
    assert!(!options.is_empty());
    assert!(!options.contains(&serde_json::json!("OMIT_LOAD_EXTENSION")));
}

// Proves: EXT-15
#[test]
fn sql_of_visitors_stays_allowed_beside_extensions() {
    let folder = with_extension();
    let with = ["one.db", "--load-extension", "./numbers"];
    let path = "/one/-/query.json?_shape=arrayfirst&sql=select+one()";
    assert_eq!(asked(&folder, &with, path), "[1]");
    let closed = [&with[..], &["--setting", "default_allow_sql", "off"]].concat();
    let answer = asked(&folder, &closed, path);
    assert!(answer.contains("\"status\": 403"), "{answer}");
}

// Proves: INT-05
#[test]
fn the_internal_database_has_none_of_them() {
    let folder = with_extension();
    folder.write("about.json", r#"{"title": "A title"}"#);
    let arguments = ["one.db", "--internal", "internal.db", "-m", "about.json"];
    let with = ["--load-extension", "./numbers", "--get", "/.json"];
    let arguments = [&arguments[..], &with].concat();
    assert_eq!(folder.run(&arguments).code, Some(0));
    // Every start writes the metadata, and so runs this trigger.
    let trigger = "create trigger asks before insert on metadata_instance
                   begin select one(); end";
    drop(folder.database("internal.db", trigger));
    let refused = folder.refused(&arguments, 1);
    assert!(refused.contains("no such function: one"), "{refused}");
}

// Proves: EXT-05
#[test]
fn visitors_load_none() {
    let folder = with_extension();
    let path = "/one/-/query.json?sql=select+load_extension('./numbers')";
    for arguments in [
        &["one.db"][..],
        &["one.db", "--load-extension", "./numbers"],
    ] {
        let ran = folder.run(&[arguments, &["--get", path, "--headers"]].concat());
        assert!(ran.text().starts_with("HTTP/1.1 400\n"), "{}", ran.text());
        assert!(ran.text().contains("not authorized"), "{}", ran.text());
    }
}

// Proves: EXT-06, EXT-08
#[test]
fn what_cannot_be_loaded_is_told() {
    let folder = with_extension();
    let refused = |name: &str, code| {
        folder.refused(&["one.db", "--load-extension", name, "--get", "/"], code)
    };
    assert_eq!(
        refused("/nope/ext", 1),
        "Error: /nope/ext.so: cannot open shared object file: No such file or directory"
    );
    let missing = refused("./numbers.so:nosuch", 1);
    assert!(missing.ends_with("undefined symbol: nosuch"), "{missing}");
    assert!(refused("", 2).contains("Invalid value for '--load-extension': "));
}

// Proves: CLI-65, EXT-12
#[test]
fn a_file_of_spatialite_needs_spatialite() {
    let folder = Folder::new();
    spatial(&folder);
    let refused = folder.refused(&["spatial.db", "--get", "/"], 2);
    let hint = match datasette_sqlite::find_spatialite() {
        Some(_) => "\n\nTry adding the --load-extension=spatialite option.",
        None => "",
    };
    let expected = format!(
        "Error: It looks like you're trying to load a SpatiaLite database without first loading \
         the SpatiaLite module.{hint}\n\nRead more: https://docs.datasette.io/en/stable/spatialite.html"
    );
    assert!(refused.ends_with(&expected), "{refused}");
}

// Proves: EXT-10, EXT-11, EXT-13, EXT-14
#[test]
fn spatialite_is_found_by_its_name() {
    let folder = Folder::new();
    let arguments = ["one.db", "--load-extension", "spatialite"];
    if datasette_sqlite::find_spatialite().is_none() {
        let refused = folder.refused(&[&arguments[..], &["--get", "/"]].concat(), 1);
        assert_eq!(refused, "Error: Could not find SpatiaLite extension");
        println!("SpatiaLite is not installed: what it can do is not tested");
        return;
    }
    let path = "/one/-/query.json?_shape=arrayfirst&sql=select+AsText(MakePoint(1,2))";
    assert_eq!(asked(&folder, &arguments, path), "[\"POINT(1 2)\"]");
    let versions = folder.json(&arguments, "/-/versions.json");
    let details = versions["sqlite"]["extensions"]["spatialite"]
        .as_object()
        .unwrap();
    assert_eq!(details.len(), 28);
    assert!(details["spatialite_version"].is_string());
    assert!(details["HasGeos"].is_number() || details["HasGeos"].is_object());
    assert!(
        details
            .values()
            .all(|said| !said.is_object() || said["error"].is_string())
    );
    let plain = folder.json(&["one.db"], "/-/versions.json");
    assert_eq!(
        plain["sqlite"]["extensions"],
        serde_json::json!({"json1": true})
    );

    let library = datasette_sqlite::find_spatialite().unwrap();
    let made = rusqlite::Connection::open(folder.path("map.db")).unwrap();
    load(&made, &library);
    made.execute_batch(
        "select InitSpatialMetaData(1); create table roads (id integer primary key);
         select AddGeometryColumn('roads', 'geom', 4326, 'POINT', 'XY');
         select CreateSpatialIndex('roads', 'geom');",
    )
    .unwrap();
    drop(made);
    let arguments = ["map.db", "--load-extension", "spatialite"];
    let page = folder.json(&arguments, "/map.json");
    let tables = page["tables"].as_array().unwrap();
    let shown = tables.iter().filter(|table| table["hidden"] == false);
    let shown: Vec<&str> = shown.map(|table| table["name"].as_str().unwrap()).collect();
    assert!(shown.contains(&"roads"), "{shown:?}");
    for hidden in [
        "geometry_columns",
        "spatial_ref_sys",
        "SpatialIndex",
        "idx_roads_geom",
        "KNN2",
    ] {
        assert!(!shown.contains(&hidden), "{hidden}");
    }
    let found = folder.run(&["inspect", "map.db", "--load-extension", "spatialite"]);
    assert_eq!((found.code, found.err.as_str()), (Some(0), ""));
}

#[allow(unsafe_code)]
fn load(connection: &rusqlite::Connection, library: &std::path::Path) {
    // SAFETY: the library is the one that the server itself would load.
    unsafe {
        connection.load_extension_enable().unwrap();
        connection.load_extension(library, None::<&str>).unwrap();
    }
    connection.load_extension_disable().unwrap();
}
