//! Environments that are made up, and what is found in them.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;

/// A folder in which environments are made up.
struct World(TempDir);

impl World {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn file(&self, path: &str, text: &str) -> PathBuf {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// A virtual environment, and its folder of packages.
    fn environment(&self, name: &str) -> (PathBuf, String) {
        let settings = format!(
            "home = {}\nversion = 3.11.7\n",
            self.path("usr/bin").display()
        );
        self.file(&format!("{name}/pyvenv.cfg"), &settings);
        self.program(&format!("{name}/bin/python"));
        let packages = format!("{name}/lib/python3.11/site-packages");
        fs::create_dir_all(self.path(&packages)).unwrap();
        (self.path(name), packages)
    }

    #[cfg(unix)]
    fn program(&self, path: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = self.file(path, "#!/bin/sh\nexit 1\n");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// A distribution with these entry points.
    fn distribution(&self, packages: &str, name: &str, entries: &str) {
        let folder = format!("{packages}/{}-1.2.dist-info", name.replace('-', "_"));
        let metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n\nName: no\n");
        self.file(&format!("{folder}/METADATA"), &metadata);
        self.file(
            &format!("{folder}/entry_points.txt"),
            &format!("[console_scripts]\nx = y:z\n[datasette]\n{entries}\n"),
        );
    }

    fn found(&self, name: &str, wanted: Option<&str>) -> Result<Found, String> {
        let search = Search {
            active: Some(self.path(name)),
            ..Search::default()
        };
        find_installed(&search.find().unwrap().unwrap(), wanted)
    }
}

/// Plugins as `name=distribution`, sorted.
fn names(found: &Found) -> Vec<String> {
    let names = found.plugins.iter();
    let mut names: Vec<_> = names
        .map(|plugin| format!("{}={}", plugin.entry.name, plugin.distribution))
        .collect();
    names.sort();
    names
}

// Proves: PLUG-02, PLUG-03
#[test]
fn every_distribution_with_an_entry_point_is_found() {
    let world = World::new();
    let (_, packages) = world.environment("venv");
    world.distribution(&packages, "datasette-vega", "vega = datasette_vega");
    world.distribution(
        &packages,
        "Two.In-One",
        "one = two_in.one\ntwo = two_in.two:plugin",
    );
    world.distribution(&packages, "click", "");
    world.file(
        &format!("{packages}/pip-23.dist-info/METADATA"),
        "Name: pip\n\n",
    );
    world.file(
        &format!("{packages}/old-1.egg-info/PKG-INFO"),
        "Name: old\nVersion: 1\n",
    );
    world.file(
        &format!("{packages}/old-1.egg-info/entry_points.txt"),
        "[datasette]\nold = old_plugin\n",
    );
    world.file(&format!("{packages}/flat.egg-info"), "Name: flat\n");
    let found = world.found("venv", None).unwrap();
    assert_eq!(
        names(&found),
        [
            "old=old",
            "one=Two.In-One",
            "two=Two.In-One",
            "vega=datasette-vega"
        ]
    );
    for plugin in &found.plugins {
        let version = if plugin.entry.name == "old" {
            "1"
        } else {
            "1.2"
        };
        assert_eq!(plugin.version.as_deref(), Some(version));
    }
}

// Proves: PLUG-04
#[test]
fn the_first_of_a_name_counts() {
    let world = World::new();
    let (root, packages) = world.environment("venv");
    world.distribution(&packages, "second", "same = second");
    world.distribution("before", "first", "same = first\nother = other");
    let search = Search {
        active: Some(root),
        python_path: vec![world.path("before")],
        ..Search::default()
    };
    let found = find_installed(&search.find().unwrap().unwrap(), None).unwrap();
    assert_eq!(names(&found), ["other=first", "same=first"]);
}

// Proves: PLUG-07, PLUG-08, PLUG-09, PLUG-10, PLUG-11
#[test]
fn a_list_of_distributions_limits_what_is_found() {
    let world = World::new();
    let (_, packages) = world.environment("venv");
    world.distribution(&packages, "datasette-cluster-map", "map = map");
    world.distribution(
        &packages,
        "datasette-leaflet",
        "leaflet = leaflet\nmore = more",
    );
    for (wanted, expected, missing) in [
        ("", &[][..], &[][..]),
        (" , ,", &[], &[]),
        ("datasette_Cluster.map", &["map=datasette-cluster-map"], &[]),
        (
            "datasette-leaflet,,nothing",
            &["leaflet=datasette-leaflet", "more=datasette-leaflet"],
            &["nothing"],
        ),
        (
            "datasette-cluster-map, datasette-leaflet",
            &["map=datasette-cluster-map"],
            &[" datasette-leaflet"],
        ),
        ("map", &[], &["map"]),
    ] {
        let found = world.found("venv", Some(wanted)).unwrap();
        assert_eq!(names(&found), expected, "{wanted}");
        assert_eq!(found.missing, missing, "{wanted}");
    }
}

// Proves: PLUG-11, PLUG-13
#[test]
fn what_is_wanted_comes_in_the_order_of_the_list() {
    let world = World::new();
    let (_, packages) = world.environment("venv");
    for name in ["a", "b", "c"] {
        world.distribution(
            &packages,
            name,
            &format!("z-{name} = {name}\na-{name} = {name}"),
        );
    }
    let found = world.found("venv", Some("c,a,b")).unwrap();
    let order: Vec<_> = found.plugins.iter().map(|it| &*it.entry.name).collect();
    assert_eq!(order, ["z-c", "a-c", "z-a", "a-a", "z-b", "a-b"]);
}

// Proves: PLUG-12
#[test]
fn two_wanted_plugins_of_one_name_are_refused() {
    let world = World::new();
    let (_, packages) = world.environment("venv");
    world.distribution(&packages, "one", "same = one");
    world.distribution(&packages, "two", "same = two");
    assert_eq!(world.found("venv", None).unwrap().plugins.len(), 1);
    assert_eq!(
        world.found("venv", Some("one,two")).unwrap_err(),
        "DATASETTE_LOAD_PLUGINS: one and two both have a plugin with the name 'same'"
    );
    assert_eq!(
        world.found("venv", Some("one,ONE")).unwrap_err(),
        "DATASETTE_LOAD_PLUGINS names one twice"
    );
}

/// The folders of the plugin of that name, below the world.
fn folders(world: &World, found: &Found, name: &str) -> (String, String) {
    let plugin = found.plugins.iter().find(|it| it.entry.name == name);
    let plugin = plugin.unwrap();
    let below = |folder: &Option<PathBuf>| match folder {
        Some(folder) => folder
            .strip_prefix(world.0.path())
            .unwrap()
            .display()
            .to_string(),
        None => "-".to_owned(),
    };
    (
        below(&plugin.static_folder),
        below(&plugin.templates_folder),
    )
}

// Proves: PLUG-35
#[test]
fn folders_are_beside_the_module() {
    let world = World::new();
    let (_, packages) = world.environment("venv");
    let entries = "package = pack\ninner = pack.inner\nobject = pack:plugin\nfile = single\n\
                   spread = space.part\nopen = space\nnone = nowhere\nbad = ../pack";
    world.distribution(&packages, "all", entries);
    for file in [
        "pack/__init__.py",
        "pack/static/a.js",
        "pack/templates",
        "pack/inner.py",
        "single.py",
        "single/static/no.js",
        "static/no.js",
        "space/part/__init__.py",
        "space/part/templates/a.html",
        "space/static/a.js",
    ] {
        world.file(&format!("{packages}/{file}"), "");
    }
    let found = world.found("venv", None).unwrap();
    let at = |path: &str| format!("{packages}/{path}");
    let none = || "-".to_owned();
    for (name, expected) in [
        ("package", (at("pack/static"), none())),
        ("inner", (at("pack/static"), none())),
        ("object", (none(), none())),
        ("file", (none(), none())),
        ("spread", (none(), at("space/part/templates"))),
        ("open", (at("space/static"), none())),
        ("none", (none(), none())),
        ("bad", (none(), none())),
    ] {
        assert_eq!(folders(&world, &found, name), expected, "{name}");
    }
}

#[test]
fn packages_in_development_are_where_they_are_written() {
    let world = World::new();
    let (_, packages) = world.environment("venv");
    for (name, module) in [("by-path", "by_path"), ("by-finder", "by_finder.plugin")] {
        world.distribution(&packages, name, &format!("{name} = {module}"));
    }
    world.file("src/by_path/__init__.py", "");
    world.file("src/by_path/static/a.js", "");
    world.file("found/at/plugin.py", "");
    world.file("found/at/templates/a.html", "");
    let line = format!("# comment\n\n{}\n/nowhere\n", world.path("src").display());
    world.file(&format!("{packages}/__editable__.by_path-1.2.pth"), &line);
    let line = "import __editable___by_finder_finder; __editable___by_finder_finder.install()";
    world.file(&format!("{packages}/__editable__.by_finder-1.2.pth"), line);
    let table = format!(
        "MAPPING = {{'by_finder': '{}'}}\n",
        world.path("found/at").display()
    );
    world.file(
        &format!("{packages}/__editable___by_finder_finder.py"),
        &table,
    );
    // What a development install of old times leaves: the distribution itself is elsewhere.
    world.file(
        "old/legacy.egg-info/PKG-INFO",
        "Name: legacy\nVersion: 0.1\n",
    );
    world.file(
        "old/legacy.egg-info/entry_points.txt",
        "[datasette]\nlegacy = legacy\n",
    );
    let line = format!("{}\n", world.path("old").display());
    world.file(&format!("{packages}/easy-install.pth"), &line);
    let found = world.found("venv", None).unwrap();
    assert_eq!(
        names(&found),
        ["by-finder=by-finder", "by-path=by-path", "legacy=legacy"]
    );
    assert_eq!(folders(&world, &found, "by-path").0, "src/by_path/static");
    assert_eq!(folders(&world, &found, "by-finder").1, "found/at/templates");
}

fn origin(search: &Search) -> Option<(Origin, PathBuf)> {
    let environment = search.find().unwrap()?;
    Some((environment.origin, environment.python))
}

#[test]
fn the_first_environment_that_is_there_counts() {
    let world = World::new();
    let own = world.environment("own").0;
    let mut search = Search {
        active: Some(world.path("active")),
        managed: Some(world.path("managed")),
        program: Some(world.path("elsewhere/bin/datasette")),
        ..Search::default()
    };
    assert_eq!(origin(&search), None);
    search.program = Some(own.join("bin/datasette"));
    let python = |name: &str| world.path(name).join("bin/python");
    assert_eq!(origin(&search), Some((Origin::Own, python("own"))));
    world.environment("managed");
    assert_eq!(origin(&search), Some((Origin::Managed, python("managed"))));
    world.environment("active");
    assert_eq!(origin(&search), Some((Origin::Active, python("active"))));
    world.environment("named");
    for named in ["named", "named/bin/python"] {
        search.python = Some(world.path(named));
        assert_eq!(
            origin(&search),
            Some((Origin::Named, python("named"))),
            "{named}"
        );
    }
    search.programs = vec![world.path("none"), world.path("named/bin")];
    search.python = Some(PathBuf::from("python"));
    assert_eq!(origin(&search), Some((Origin::Named, python("named"))));
}

#[test]
fn what_is_no_interpreter_is_refused() {
    let world = World::new();
    world.file("folder/text", "");
    world.program("shims/python3");
    let refused = |python: &Path| {
        let search = Search {
            python: Some(python.to_owned()),
            programs: vec![world.path("shims")],
            ..Search::default()
        };
        search.find().unwrap_err()
    };
    assert_eq!(
        refused(Path::new("python9")),
        "There is no Python 'python9'."
    );
    let text = world.path("folder/text");
    assert_eq!(
        refused(&text),
        format!("There is no Python '{}'.", text.display())
    );
    let folder = world.path("folder");
    let message = format!("'{}' is not a Python environment.", folder.display());
    assert_eq!(refused(&folder), message);
    let shim = refused(Path::new("python3"));
    assert!(
        shim.starts_with("The packages of 'python3' cannot be found without running it. Give "),
        "{shim}"
    );
}

/// An interpreter for everybody, `usr/bin/python3`, with packages of its own and a plugin there.
fn machine(world: &World) -> PathBuf {
    world.program("usr/bin/python3.11");
    let python = world.path("usr/bin/python3");
    std::os::unix::fs::symlink("python3.11", &python).unwrap();
    let packages = "usr/lib/python3.11/site-packages";
    world.distribution(packages, "for-all", "all = for_all");
    world.distribution("home/lib/python3.11/site-packages", "mine", "mine = mine");
    python
}

#[test]
fn interpreters_of_the_machine_have_packages_for_all_and_for_the_user() {
    let world = World::new();
    let mut search = Search {
        python: Some(machine(&world)),
        user_base: Some(world.path("home")),
        ..Search::default()
    };
    let found = |search: &Search| {
        let environment = search.find().unwrap().unwrap();
        names(&find_installed(&environment, None).unwrap())
    };
    assert_eq!(found(&search), ["all=for-all", "mine=mine"]);
    search.user_base = None;
    assert_eq!(found(&search), ["all=for-all"]);
    // A virtual environment sees them when it was made so.
    let (root, packages) = world.environment("venv");
    world.distribution(&packages, "inside", "inside = inside");
    search.python = Some(root.clone());
    assert_eq!(found(&search), ["inside=inside"]);
    let home = world.path("usr/bin");
    let settings = "include-system-site-packages = true\nversion_info = 3.11.7.final.0";
    let settings = format!("home = {}\n{settings}\n", home.display());
    world.file("venv/pyvenv.cfg", &settings);
    assert_eq!(found(&search), ["all=for-all", "inside=inside"]);
}

#[test]
fn beside_an_interpreter_of_the_machine_the_program_must_have_been_installed() {
    let world = World::new();
    machine(&world);
    let search = Search {
        program: Some(world.path("usr/bin/datasette")),
        ..Search::default()
    };
    assert_eq!(origin(&search), None);
    world.distribution("usr/lib/python3.11/site-packages", "datasette", "");
    let expected = (Origin::Own, world.path("usr/bin/python3"));
    assert_eq!(origin(&search), Some(expected));
}

// Proves: PLUG-15, PLUG-21
#[test]
fn files_of_a_plugins_directory() {
    let world = World::new();
    for file in [
        "plugins/b.py",
        "plugins/a.py",
        "plugins/.hidden.py",
        "plugins/notes.txt",
        "plugins/c.pyc",
        "plugins/package/__init__.py",
        "plugins/folder.py/x.py",
        "plugins/static/a.js",
    ] {
        world.file(file, "");
    }
    let found = find_one_file(&world.path("plugins")).unwrap();
    let expected = ["a.py", "b.py"].map(|name| OneFilePlugin {
        name: name.to_owned(),
        path: world.path("plugins").join(name),
    });
    assert_eq!(found, expected);
    assert!(find_one_file(&world.path("nothing")).is_err());
}
