//! Installing and removing packages.
//!
//! Most tests have interpreters that are made up, or a pip that only says what it was told. One
//! runs the real ones, with packages that are made here instead of those of the package index.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::folder::{Folder, Ran, ran};

/// What is said where there is none.
const NO_PYTHON: &str = "no Python 3.10 with venv is installed: what it does is not tested";

/// A Python that can make environments, if this machine has one.
fn python() -> Option<PathBuf> {
    let question = "import ensurepip, sys, venv\n\
                    assert sys.version_info >= (3, 10)\nprint(sys.executable)";
    let output = Command::new("python3")
        .args(["-c", question])
        .output()
        .ok()?;
    let program = String::from_utf8(output.stdout).ok()?;
    output
        .status
        .success()
        .then(|| PathBuf::from(program.trim()))
}

fn program(folder: &Folder, name: &str, script: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.path(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// What an interpreter that is made up answers when it is asked what it is.
fn answers(version: &str, has_pip: &str, makes_environments: &str) -> String {
    format!("printf '{version}\\n%s\\n{has_pip}\\n{makes_environments}\\n' \"$0\"")
}

fn run(folder: &Folder, arguments: &[&str], variables: &[(&str, &Path)]) -> Ran {
    let mut command = folder.command(arguments);
    command.envs(variables.iter().copied());
    ran(command.output().unwrap())
}

// Proves: CLI-187, CLI-188
#[test]
fn what_cannot_be_meant_is_refused() {
    let folder = Folder::new();
    for (arguments, usage, error) in [
        (
            &["install"][..],
            "install [OPTIONS] [PACKAGES]...",
            "Please specify at least one package to install",
        ),
        (
            &["install", "-U"],
            "install [OPTIONS] [PACKAGES]...",
            "Please specify at least one package to install",
        ),
        (
            &["install", "-r", "missing.txt"],
            "install [OPTIONS] [PACKAGES]...",
            "Invalid value for '-r' / '--requirement': Path 'missing.txt' does not exist.",
        ),
        (
            &["uninstall", "-y"],
            "uninstall [OPTIONS] PACKAGES...",
            "Missing argument 'PACKAGES...'.",
        ),
    ] {
        let name = arguments[0];
        let expected = format!(
            "Usage: datasette {usage}\nTry 'datasette {name} --help' for help.\n\nError: {error}"
        );
        assert_eq!(folder.refused(arguments, 2), expected, "{arguments:?}");
    }
    let nothing = "Error: Nothing is installed: there is no Python environment for plugins";
    assert_eq!(folder.refused(&["uninstall", "x"], 1), nothing);
}

#[test]
fn it_is_told_which_python_is_missing() {
    let folder = Folder::new();
    let bin = folder.path("bin");
    let refused = |script: Option<&str>| {
        let _ = std::fs::remove_dir_all(&bin);
        if let Some(script) = script {
            program(&folder, "bin/python3", script);
        }
        let ran = run(&folder, &["install", "x"], &[("PATH", &bin)]);
        assert_eq!((ran.code, ran.text().as_str()), (Some(1), ""), "{script:?}");
        assert!(!folder.path("no-venv").exists());
        ran.err
    };
    let advice = "Install it (https://www.python.org/downloads/), or name one with --python.\n";
    let needed = "Error: Plugins need Python 3.10 or newer, and";
    assert_eq!(refused(None), format!("{needed} none was found. {advice}"));
    assert_eq!(
        refused(Some("exit 127")),
        format!("{needed} none was found. {advice}")
    );
    let python = bin.join("python3");
    let python = python.display();
    assert_eq!(
        refused(Some(&answers("3 9", "yes", "yes"))),
        format!("{needed} only Python 3.9 ({python}) was found. {advice}")
    );
    assert_eq!(
        refused(Some(&answers("3 12", "yes", "no"))),
        format!(
            "Error: Python 3.12 ({python}) cannot make an environment for plugins: its modules \
             venv and ensurepip are missing. On Debian and Ubuntu they come with: apt install \
             python3.12-venv\n"
        )
    );
    let failing = format!(
        "if [ \"$3\" = venv ]; then mkdir \"$4\"; echo no room >&2; exit 1; fi; {}",
        answers("3 12", "yes", "yes")
    );
    let failed = folder.path("no-venv");
    // The folder that it makes needs a program, too.
    let path = std::env::join_paths([&bin, Path::new("/usr/bin"), Path::new("/bin")]).unwrap();
    program(&folder, "bin/python3", &failing);
    let ran = run(&folder, &["install", "x"], &[("PATH", Path::new(&path))]);
    assert_eq!(ran.code, Some(1));
    let error = format!(
        "Error: The environment for plugins could not be made in {}: no room\n",
        failed.display()
    );
    assert!(ran.err.ends_with(&error), "{}", ran.err);
    assert!(!failed.exists(), "half an environment is left");
}

/// An environment whose interpreter is made up.
fn made_up(folder: &Folder, script: &str) {
    folder.directory("venv/lib/python3.12/site-packages");
    folder.write("venv/pyvenv.cfg", "version = 3.12.0\n");
    program(folder, "venv/bin/python", script);
}

#[test]
fn environments_that_do_not_do_are_named() {
    let folder = Folder::new();
    let python = folder.path("venv/bin/python");
    let python = python.display();
    let named = format!("{python} (the active environment)");
    for (script, expected) in [
        (
            answers("3 9", "yes", "yes"),
            format!("Plugins need Python 3.10 or newer; {named} is Python 3.9."),
        ),
        (
            answers("3 12", "no", "no"),
            format!("There is no pip for {named}. Python can add it: {python} -m ensurepip"),
        ),
        (
            "echo broken >&2; exit 1".to_owned(),
            format!("Python does not work ({python}): broken"),
        ),
    ] {
        made_up(&folder, &script);
        for command in [["install", "x"], ["uninstall", "x"]] {
            let ran = run(&folder, &command, &[("VIRTUAL_ENV", &folder.path("venv"))]);
            assert_eq!(ran.code, Some(1), "{command:?}");
            assert_eq!(ran.err, format!("Error: {expected}\n"), "{command:?}");
        }
    }
}

/// An environment with a pip that only says what it was told.
fn with_talking_pip(folder: &Folder) {
    let script = "for word in sys.argv[1:]: print('[' + word.replace(folder, 'TEMPORARY') + ']')\n\
                  print('-')\nsys.exit(7 if 'fails' in sys.argv else 0)\n";
    let script = format!(
        "import sys, os\nfolder = os.environ['TMPDIR']\nwords = sys.argv\n\
         if '-c' in words: print(open(words[words.index('-c') + 1]).read())\n\
         if '--find-links' in words: print(os.listdir(words[words.index('--find-links') + 1]))\n\
         {script}"
    );
    let asked = answers("3 12", "yes", "yes");
    let python = python().unwrap();
    // The question of what it is comes with -I, and is answered in place of Python.
    made_up(
        folder,
        &format!(
            "if [ \"$1\" = -I ]; then {asked}; else export PYTHONPATH='{}'; exec '{}' \"$@\"; fi",
            folder.path("talking").display(),
            python.display()
        ),
    );
    folder.directory("talking/pip");
    folder.write("talking/pip/__init__.py", "");
    folder.write("talking/pip/__main__.py", script);
    // What lies in the folder that we are in is not taken for a part of Python.
    folder.write("pip.py", "print('hostile')\n");
    folder.write("runpy.py", "print('hostile')\n");
}

/// The words of each run of pip.
fn runs(ran: &Ran) -> Vec<Vec<String>> {
    let text = ran.text();
    assert!(!text.contains("hostile"), "{text}");
    let runs = text.split_terminator("-\n");
    let words = |run: &str| {
        let words = run
            .lines()
            .filter_map(|it| it.strip_prefix('[')?.strip_suffix(']'));
        words
            .filter(|it| !it.starts_with('\''))
            .map(str::to_owned)
            .collect()
    };
    runs.map(words).collect()
}

/// Says that a distribution is installed.
fn say_installed(folder: &Folder, version: &str) {
    let information = format!("venv/lib/python3.12/site-packages/datasette-{version}.dist-info");
    folder.directory(&information);
    let metadata = format!("Name: datasette\nVersion: {version}\n");
    folder.write(&format!("{information}/METADATA"), metadata);
}

// Proves: CLI-186, CLI-188, PLUG-26
#[test]
fn pip_is_run_where_the_plugins_are() {
    if python().is_none() {
        println!("{NO_PYTHON}");
        return;
    }
    let folder = Folder::new();
    with_talking_pip(&folder);
    folder.write("needs.txt", "");
    let venv = folder.path("venv");
    let run = |arguments: &[&str]| run(&folder, arguments, &[("VIRTUAL_ENV", &venv)]);
    let ran = run(&["install", "a", "-r", "needs.txt", "b>1", "-e", ".", "-U"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let told = runs(&ran);
    let ours = told[0].last().unwrap().clone();
    assert!(ours.starts_with("datasette==1.0a41+rust.h"), "{told:?}");
    assert_eq!(
        told[0][..3],
        ["install", "--disable-pip-version-check", "--find-links"]
    );
    let (file, version) = ours.split_once("==").unwrap();
    assert!(
        ran.text()
            .contains(&format!("'{file}-{version}-py3-none-any.whl'"))
    );
    // The version that stays is told with the second run, for which everything else is as given.
    assert!(
        ran.text()
            .contains(&format!("\n{ours}\n\n[install]\n[-c]\n")),
        "{}",
        ran.text()
    );
    assert_eq!(told[1][..2], ["install", "-c"]);
    assert!(told[1][2].starts_with("TEMPORARY/") && told[1][2].ends_with("/constraints.txt"));
    let rest = [
        "--upgrade",
        "--editable",
        ".",
        "-r",
        "needs.txt",
        "a",
        "b>1",
    ];
    assert_eq!(told[1][3..], rest);
    assert_eq!(told.len(), 2);
    assert_eq!(folder.files_in("temporary"), Vec::<String>::new());
    // Once it is there only what was asked for is installed.
    say_installed(&folder, version);
    let told = runs(&run(&["install", "a"]));
    assert_eq!((told.len(), told[0].last().unwrap().as_str()), (1, "a"));
    let ran = run(&["uninstall", "--yes", "a", "b"]);
    assert_eq!(runs(&ran), [["uninstall", "a", "b", "-y"]]);
    assert_eq!(runs(&run(&["uninstall", "a"])), [["uninstall", "a"]]);
    for arguments in [["install", "fails"], ["uninstall", "fails"]] {
        assert_eq!(run(&arguments).code, Some(7), "{arguments:?}");
    }
}

#[test]
fn the_python_datasette_is_only_replaced_by_name() {
    if python().is_none() {
        println!("{NO_PYTHON}");
        return;
    }
    let folder = Folder::new();
    with_talking_pip(&folder);
    let venv = folder.path("venv");
    let run = |arguments: &[&str]| run(&folder, arguments, &[("VIRTUAL_ENV", &venv)]);
    say_installed(&folder, "1.0a41");
    let ran = run(&["install", "a"]);
    assert_eq!((ran.code, ran.text().as_str()), (Some(1), ""));
    let expected = "Error: The package datasette 1.0a41 is installed for ";
    assert!(ran.err.starts_with(expected), "{}", ran.err);
    let told = runs(&run(&["install", "a", "datasette"]));
    assert!(
        told[0]
            .last()
            .unwrap()
            .starts_with("datasette==1.0a41+rust.h"),
        "{told:?}"
    );
    assert_eq!(told[1][3..], ["a", "datasette"]);
    // One of our own releases is replaced without a word.
    std::fs::remove_dir_all(folder.path("venv/lib/python3.12/site-packages")).unwrap();
    say_installed(&folder, "1.0a40+rust.h0");
    assert_eq!(runs(&run(&["install", "a"])).len(), 2);
}

/// Makes wheels: of the plugin `datasette-tiny` in two versions, and of everything that our package
/// requires, as small as can be.
const WHEELS: &str = r#"
import pathlib, re, sys, zipfile
folder, project = map(pathlib.Path, sys.argv[1:])
def wheel(name, version, requires=(), entries=""):
    module = re.sub("[-.]", "_", name)
    information = f"{module}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{module}-{version}-py3-none-any.whl", "w") as archive:
        needs = "".join(f"Requires-Dist: {need}\n" for need in requires)
        files = {
            f"{module}.py": "",
            f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
            f"{information}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{information}/entry_points.txt": entries,
        }
        record = f"{information}/RECORD"
        files[record] = "".join(f"{file},,\n" for file in [*files, record])
        for file, text in files.items():
            archive.writestr(file, text)
text = project.read_text()
listed = text[text.index("dependencies = ["):]
for need in re.findall(r'"([^"]+)"', listed[:listed.index("\n]")]):
    name, version = re.match(r"([\w.-]+?)(?:>=([\d.]+))?$", need).groups()
    if name != "pip":
        wheel(name, version or "99")
plugin = "[datasette]\ntiny = datasette_tiny\n"
needs = ["datasette>=0.64", "datasette>=1.0a5", "datasette"]
wheel("datasette-tiny", "1", needs, plugin)
wheel("datasette-tiny", "2", needs, plugin)
wheel("datasette", "99")
"#;

// Proves: PLUG-26
#[test]
fn plugins_are_installed_for_real() {
    let Some(python) = python() else {
        println!("{NO_PYTHON}");
        return;
    };
    let folder = Folder::new();
    folder.directory("links");
    folder.write("wheels.py", WHEELS);
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../python/pyproject.toml");
    let made = Command::new(&python)
        .arg(folder.path("wheels.py"))
        .args([folder.path("links"), project])
        .status();
    assert!(made.unwrap().success());
    let (venv, links) = (folder.path("its own/venv"), folder.path("links"));
    let run = |arguments: &[&str]| {
        let mut command = folder.command(arguments);
        command.env("DATASETTE_VENV", &venv);
        command.envs([("PIP_NO_INDEX", "1"), ("PIP_CONFIG_FILE", "/dev/null")]);
        command.env("PIP_FIND_LINKS", &links);
        command.envs([("PIP_NO_CACHE_DIR", "1"), ("PIP_NO_COMPILE", "1")]);
        let ran = ran(command.output().unwrap());
        (ran.code, format!("{}{}", ran.text(), ran.err))
    };
    let installed = || {
        let lib = venv
            .join("lib")
            .read_dir()
            .unwrap()
            .next()
            .unwrap()
            .unwrap();
        let packages = lib.path().join("site-packages");
        let entries = packages
            .read_dir()
            .unwrap()
            .map(|it| it.unwrap().file_name());
        let mut names: Vec<String> = entries
            .filter_map(|name| Some(name.to_str()?.strip_suffix(".dist-info")?.to_owned()))
            .filter(|name| name.starts_with("datasette"))
            .collect();
        names.sort();
        (packages, names)
    };
    let (code, said) = run(&["install", "datasette-tiny==1"]);
    assert_eq!(code, Some(0), "{said}");
    let place = venv.display();
    assert!(said.contains(&format!(
        "Making an environment for plugins in {place} with"
    )));
    let (packages, names) = installed();
    let [ours, tiny] = &names[..] else {
        panic!("{names:?}")
    };
    assert!(ours.starts_with("datasette-1.0a41+rust.h"), "{names:?}");
    assert_eq!(tiny, "datasette_tiny-1");
    assert!(packages.join("datasette/hookspecs.py").is_file());
    // Upgrading leaves our package alone, and so does asking for another of that name.
    let (code, said) = run(&["install", "-U", "datasette-tiny", "datasette"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        !said.contains("Making") && !said.contains("what plugins need"),
        "{said}"
    );
    assert_eq!(installed().1, [ours.as_str(), "datasette_tiny-2"]);
    // That of an earlier release makes way.
    let other = "datasette-1.0a41+rust.hffff";
    let information = packages.join(format!("{other}.dist-info"));
    std::fs::rename(packages.join(format!("{ours}.dist-info")), &information).unwrap();
    for file in ["METADATA", "RECORD"] {
        let text = std::fs::read_to_string(information.join(file)).unwrap();
        let (_, version) = ours.split_once('-').unwrap();
        let text = text.replace(version, "1.0a41+rust.hffff");
        std::fs::write(information.join(file), text).unwrap();
    }
    let (code, said) = run(&["install", "-r", "needs.txt", "datasette-tiny"]);
    assert_eq!(code, Some(2), "{said}");
    folder.write("needs.txt", "datasette-tiny>=1\n");
    let (code, said) = run(&["install", "-r", "needs.txt"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(installed().1, [ours.as_str(), "datasette_tiny-2"]);
}
