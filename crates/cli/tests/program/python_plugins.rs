//! Plugins written in Python, as far as they are found without Python.

use serde_json::Value;

use crate::folder::{Folder, Ran, ran};
use crate::python::{CACHE, command, python};
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
        folder.directory(&format!("{packages}/{module}/static"));
        folder.write(&format!("{packages}/{module}/__init__.py"), "");
        folder.write(&format!("{packages}/{module}/static/a.js"), name);
        let information = format!("{packages}/{module}-0.3.dist-info");
        folder.directory(&information);
        let metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: 0.3\n");
        folder.write(&format!("{information}/METADATA"), metadata);
        let entries = format!("[datasette]\n{module} = {module}\n");
        folder.write(&format!("{information}/entry_points.txt"), entries);
    }
    let templates = format!("{packages}/datasette_two/templates");
    folder.directory(&templates);
    folder.write(
        &format!("{templates}/index.html"),
        "{{ static('a.js', plugin='datasette_two') }}",
    );
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

fn names(ran: &Ran) -> Vec<String> {
    let listed: Value = serde_json::from_slice(&ran.out).unwrap();
    let names = listed.as_array().unwrap().iter();
    names
        .map(|plugin| plugin["name"].as_str().unwrap().to_owned())
        .collect()
}

// Proves: CLI-183, CLI-184, PLUG-32..PLUG-34, PLUG-37..PLUG-39
#[test]
fn found_plugins_are_listed() {
    let folder = Folder::new();
    environment(&folder);
    folder.directory("own");
    folder.write("own/my.py", "");
    folder.write("own/notes.txt", "");
    let entry = |name: &str, files: bool, templates: bool, version: &str| {
        format!(
            "    {{\n        \"name\": \"{name}\",\n        \"static\": {files},\n        \
             \"templates\": {templates},\n        \"version\": {version},\n        \
             \"hooks\": []\n    }}"
        )
    };
    let one = entry("datasette-one", true, false, "\"0.3\"");
    let two = entry("datasette-two", true, true, "\"0.3\"");
    let my = entry("my.py", false, false, "null");
    let ran = folder.run(&["plugins", "--python", "venv"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert_eq!(ran.text(), format!("[\n{one},\n{two}\n]\n"));
    let both = ["plugins", "--python=venv", "--plugins-dir", "own"];
    assert_eq!(
        folder.run(&both).text(),
        format!("[\n{one},\n{two},\n{my}\n]\n")
    );
    let requirements = [&both[..], &["--requirements"]].concat();
    let requirements = folder.run(&requirements).text();
    assert_eq!(requirements, "datasette-one==0.3\ndatasette-two==0.3\n");
    let all = names(&folder.run(&[&both[..], &["--all"]].concat()));
    assert!(all.is_sorted() && all.len() > 20, "{all:?}");
    assert!(all.contains(&"my.py".to_owned()) && all.contains(&"datasette-one".to_owned()));
}

#[test]
fn variables_name_the_environment() {
    let folder = Folder::new();
    environment(&folder);
    let root = folder.path("venv");
    let root = root.to_str().unwrap();
    let both = ["datasette-one", "datasette-two"];
    for variable in ["DATASETTE_PYTHON", "VIRTUAL_ENV", "DATASETTE_VENV"] {
        let ran = run(&folder, &["plugins"], &[(variable, root)]);
        assert_eq!(names(&ran), both, "{variable}: {}", ran.err);
    }
    assert_eq!(folder.run(&["plugins"]).text(), "[]\n");
    let ran = run(
        &folder,
        &["plugins"],
        &[("DATASETTE_PYTHON", "nowhere/python")],
    );
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
    folder.directory("own");
    folder.write("own/my.py", "");
    let arguments = ["plugins", "--python", "venv", "--plugins-dir", "own"];
    for (wanted, expected, error) in [
        ("", &["my.py"][..], ""),
        ("datasette_two", &["datasette-two", "my.py"], ""),
        (
            "nope,datasette-one, x",
            &["datasette-one", "my.py"],
            "Plugin nope could not be found\nPlugin  x could not be found\n",
        ),
    ] {
        let ran = run(&folder, &arguments, &[("DATASETTE_LOAD_PLUGINS", wanted)]);
        assert_eq!(names(&ran), expected, "{wanted}");
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
