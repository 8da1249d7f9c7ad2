//! Plugins written in Python, as far as they are found without Python.

use serde_json::Value;

use crate::folder::{Folder, Ran, ran};
use crate::python::{CACHE, command, environment as real_environment, information, python};
use crate::server::Server;

/// A virtual environment `venv` in the folder, with the plugins `datasette-two` and `datasette-one`.
/// Its interpreter leaves a file `started`.
fn environment(folder: &Folder) {
    bare_environment(folder);
    let packages = "venv/lib/python3.11/site-packages";
    for (name, module) in [
        ("datasette-two", "datasette_two"),
        ("datasette-one", "datasette_one"),
    ] {
        distribution(folder, packages, name, module);
    }
    let templates = format!("{packages}/datasette_two/templates");
    folder.directory(&templates);
    folder.write(
        &format!("{templates}/index.html"),
        "{{ static('a.js', plugin='datasette_two') }}",
    );
}

/// A distribution with a plugin that has a static file.
fn distribution(folder: &Folder, packages: &str, name: &str, module: &str) {
    folder.directory(&format!("{packages}/{module}/static"));
    folder.write(&format!("{packages}/{module}/__init__.py"), "");
    folder.write(&format!("{packages}/{module}/static/a.js"), name);
    information(folder, packages, name, module);
}

/// A virtual environment `venv` in the folder, without plugins.
fn bare_environment(folder: &Folder) {
    folder.directory("venv/bin");
    folder.directory("venv/lib/python3.11/site-packages");
    folder.write("venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.7\n");
    let script = format!("#!/bin/sh\ntouch '{}'\n", folder.path("started").display());
    folder.write("venv/bin/python", script);
    make_program(folder, "venv/bin/python");
}

fn make_program(folder: &Folder, name: &str) {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder.path(name), mode).unwrap();
}

fn run(folder: &Folder, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let mut command = folder.command(arguments);
    command.envs(variables.iter().copied());
    ran(command.output().unwrap())
}

/// Where the package is unpacked.
const UNPACKED: (&str, &str) = ("XDG_CACHE_HOME", CACHE);

fn names(ran: &Ran) -> Vec<String> {
    let listed: Value = serde_json::from_slice(&ran.out).unwrap();
    let names = listed.as_array().unwrap().iter();
    names
        .map(|plugin| plugin["name"].as_str().unwrap().to_owned())
        .collect()
}

const ONE: &str = r#"
from datasette import hookimpl

print("plugins may print")

@hookimpl
def startup(datasette):
    pass

@hookimpl(specname="menu_links")
def some_links():
    pass

@hookimpl
def forgotten_hook():
    pass

@hookimpl(trylast=True)
def asgi_wrapper():
    pass
"#;

// Proves: CLI-183, CLI-184, PLUG-24, PLUG-32..PLUG-39
#[test]
fn plugins_are_listed_with_their_hooks() {
    let folder = Folder::new();
    let packages = real_environment(&folder);
    for (name, module) in [
        ("datasette-two", "datasette_two"),
        ("datasette-one", "datasette_one"),
    ] {
        distribution(&folder, &packages, name, module);
    }
    folder.write(&format!("{packages}/datasette_one/__init__.py"), ONE);
    folder.directory(&format!("{packages}/datasette_two/templates"));
    folder.directory("own");
    folder.write("own/my.py", "from datasette import hookimpl\n");
    folder.write("own/notes.txt", "");
    let entry = |name: &str, files: bool, templates: bool, version: &str, hooks: &[&str]| {
        let hooks: Vec<String> = hooks
            .iter()
            .map(|hook| format!("\n            \"{hook}\""))
            .collect();
        let hooks = match hooks.is_empty() {
            true => "[]".to_owned(),
            false => format!("[{}\n        ]", hooks.join(",")),
        };
        format!(
            "    {{\n        \"name\": \"{name}\",\n        \"static\": {files},\n        \
             \"templates\": {templates},\n        \"version\": {version},\n        \
             \"hooks\": {hooks}\n    }}"
        )
    };
    let hooks = ["asgi_wrapper", "forgotten_hook", "menu_links", "startup"];
    let one = entry("datasette-one", true, false, "\"0.3\"", &hooks);
    let two = entry("datasette-two", true, true, "\"0.3\"", &[]);
    let my = entry("my.py", false, false, "null", &[]);
    let ran = run(&folder, &["plugins", "--python", "venv"], &[UNPACKED]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert_eq!(ran.text(), format!("[\n{one},\n{two}\n]\n"));
    let both = ["plugins", "--python=venv", "--plugins-dir", "own"];
    assert_eq!(
        run(&folder, &both, &[UNPACKED]).text(),
        format!("[\n{one},\n{two},\n{my}\n]\n")
    );
    let requirements = [&both[..], &["--requirements"]].concat();
    let requirements = folder.run(&requirements).text();
    assert_eq!(requirements, "datasette-one==0.3\ndatasette-two==0.3\n");
    let all = names(&run(
        &folder,
        &[&both[..], &["--all"]].concat(),
        &[UNPACKED],
    ));
    assert!(all.is_sorted() && all.len() > 20, "{all:?}");
    assert!(all.contains(&"my.py".to_owned()) && all.contains(&"datasette-one".to_owned()));
    // The same by HTTP.
    let get = [
        "--get",
        "/-/plugins.json",
        "--python=venv",
        "--plugins-dir",
        "own",
    ];
    let got = run(&folder, &get, &[UNPACKED]);
    let served: Value = serde_json::from_slice(&got.out).unwrap();
    let listed: Value = serde_json::from_str(&format!("[\n{one},\n{two},\n{my}\n]\n")).unwrap();
    assert_eq!(served, listed, "{}", got.err);
}

// Proves: PLUG-05
#[test]
fn a_plugin_that_cannot_be_loaded_is_told() {
    let folder = Folder::new();
    let packages = real_environment(&folder);
    distribution(&folder, &packages, "datasette-one", "datasette_one");
    folder.write(
        &format!("{packages}/datasette_one/__init__.py"),
        "import nowhere_at_all",
    );
    for arguments in [["plugins", "--python=venv"], ["--get=/", "--python=venv"]] {
        let ran = run(&folder, &arguments, &[UNPACKED]);
        assert_eq!(
            (ran.code, ran.text().as_str()),
            (Some(1), ""),
            "{arguments:?}"
        );
        assert!(
            ran.err.contains("No module named 'nowhere_at_all'"),
            "{}",
            ran.err
        );
    }
}

/// The names of what `plugins --requirements` prints, for which no Python starts.
fn required(ran: &Ran) -> Vec<String> {
    let text = ran.text();
    let lines = text.lines().map(|line| line.split("==").next().unwrap());
    lines.map(str::to_owned).collect()
}

#[test]
fn variables_name_the_environment() {
    let folder = Folder::new();
    environment(&folder);
    let root = folder.path("venv");
    let root = root.to_str().unwrap();
    let listing = ["plugins", "--requirements"];
    let both = ["datasette-one", "datasette-two"];
    for variable in ["DATASETTE_PYTHON", "VIRTUAL_ENV", "DATASETTE_VENV"] {
        let ran = run(&folder, &listing, &[(variable, root)]);
        assert_eq!(required(&ran), both, "{variable}: {}", ran.err);
    }
    assert_eq!(folder.run(&["plugins"]).text(), "[]\n");
    let ran = run(&folder, &listing, &[("DATASETTE_PYTHON", "nowhere/python")]);
    assert_eq!(ran.code, Some(2));
    let error = "Error: Invalid value for '--python': There is no Python 'nowhere/python'.";
    assert!(ran.err.ends_with(&format!("\n\n{error}\n")), "{}", ran.err);
    assert!(!folder.path("started").exists());
}

// Proves: CLI-205, PLUG-07, PLUG-10
#[test]
fn a_variable_limits_what_is_loaded() {
    let folder = Folder::new();
    environment(&folder);
    let arguments = ["plugins", "--python", "venv", "--requirements"];
    for (wanted, expected, error) in [
        ("", &[][..], ""),
        ("datasette_two", &["datasette-two"], ""),
        (
            "nope,datasette-one, x",
            &["datasette-one"],
            "Plugin nope could not be found\nPlugin  x could not be found\n",
        ),
    ] {
        let ran = run(&folder, &arguments, &[("DATASETTE_LOAD_PLUGINS", wanted)]);
        assert_eq!(required(&ran), expected, "{wanted}");
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), error), "{wanted}");
    }
    let ran = run(&folder, &["plugins"], &[("DATASETTE_LOAD_PLUGINS", "nope")]);
    assert_eq!(ran.text(), "[]\n");
    assert_eq!(ran.err, "Plugin nope could not be found\n");
}

// Proves: CLI-159, PLUG-43, PLUG-47, PLUG-48
#[test]
fn a_site_has_the_files_of_found_plugins() {
    let folder = Folder::new();
    environment(&folder);
    folder.directory("site/plugins");
    folder.write("site/plugins/of_site.py", "");
    let python = python();
    let packages = folder.path("venv/lib/python3.11/site-packages");
    let packages = packages.to_str().unwrap();
    let site = ["--python", &python, "site"];
    let variables = [("PYTHONPATH", packages), ("XDG_CACHE_HOME", CACHE)];
    let ran = run(
        &folder,
        &[&site[..], &["--get", "/-/plugins.json"]].concat(),
        &variables,
    );
    let (one, two) = ("datasette-one", "datasette-two");
    assert_eq!(names(&ran), [one, two, "of_site.py"], "{}", ran.err);
    let mut command = command(&folder, &[("my.py", "")], &[]);
    command.env("PYTHONPATH", packages);
    let server = Server::spawn(command);
    let listed = server.get("/-/plugins.json").body;
    let listed: Value = serde_json::from_slice(&listed).unwrap();
    let listed = listed.as_array().unwrap().iter().map(|it| &it["name"]);
    assert_eq!(listed.collect::<Vec<_>>(), [one, two, "my.py"]);
    let link = server.get("/").text();
    assert!(
        link.starts_with("/-/static-plugins/datasette_two/a.js?_hash="),
        "{link}"
    );
    assert_eq!(server.get(&link).text(), two);
    assert_eq!(
        server.get("/-/static-plugins/datasette-one/a.js").text(),
        one
    );
}

#[test]
fn without_plugins_no_python_starts() {
    let folder = Folder::new();
    bare_environment(&folder);
    folder.directory("own");
    folder.write("own/notes.txt", "");
    let server = Server::start(
        &folder,
        &["-p", "0", "--python", "venv", "--plugins-dir", "own"],
    );
    assert_eq!(server.get("/-/plugins.json").text(), "[]");
    #[cfg(target_os = "linux")]
    {
        let id = server.id();
        let tasks = std::fs::read_dir(format!("/proc/{id}/task")).unwrap();
        for task in tasks {
            let children = task.unwrap().path().join("children");
            // A thread may have ended meanwhile.
            let children = std::fs::read_to_string(children).unwrap_or_default();
            assert_eq!(children, "");
        }
    }
    for arguments in [
        ["plugins", "--python=venv"],
        ["--get=/-/plugins", "--python=venv"],
    ] {
        assert_eq!(folder.run(&arguments).code, Some(0));
    }
    assert!(!folder.path("started").exists());
}
