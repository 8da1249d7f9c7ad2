//! What is generated really runs: the lines of the Dockerfile are followed in folders of their
//! own, and the command in its last line is started there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::stand_ins::StandIns;
use crate::folder::Folder;
use crate::server::Server;

/// Follows a Dockerfile. Each stage is a folder, and paths of the stage are paths below it.
struct Builder {
    context: PathBuf,
    stages: Vec<(Option<String>, PathBuf)>,
    root: PathBuf,
    folder: PathBuf,
    variables: HashMap<String, String>,
    user: Option<String>,
    command: Vec<String>,
}

impl Builder {
    fn build(context: &Path, scratch: &Path) -> Self {
        let mut builder = Self {
            context: context.to_owned(),
            stages: Vec::new(),
            root: PathBuf::new(),
            folder: PathBuf::new(),
            variables: HashMap::new(),
            user: None,
            command: Vec::new(),
        };
        let text = std::fs::read_to_string(context.join("Dockerfile")).unwrap();
        for line in text.lines().filter(|line| !line.is_empty()) {
            let (instruction, rest) = line.split_once(' ').unwrap();
            let words: Vec<&str> = rest.split(' ').collect();
            match instruction {
                "FROM" => {
                    let name = (words.len() == 3).then(|| words[2].to_owned());
                    let root = scratch.join(format!("stage{}", builder.stages.len()));
                    std::fs::create_dir_all(&root).unwrap();
                    builder.stages.push((name, root.clone()));
                    builder.folder = root.clone();
                    builder.root = root;
                }
                "COPY" => builder.copy(&words),
                "WORKDIR" => {
                    builder.folder = builder.at(rest);
                    std::fs::create_dir_all(&builder.folder).unwrap();
                }
                "RUN" => builder.run(rest),
                "ENV" => {
                    let (name, value) = rest.split_once('=').unwrap();
                    let value = unquoted(value);
                    builder.variables.insert(name.to_owned(), value);
                }
                "EXPOSE" => assert_eq!(builder.variables["PORT"], rest),
                "USER" => builder.user = Some(rest.to_owned()),
                "CMD" => builder.command = serde_json::from_str(rest).unwrap(),
                _ => panic!("{line}"),
            }
        }
        builder
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.join(path.strip_prefix('/').unwrap())
    }

    fn copy(&self, words: &[&str]) {
        let (from, words) = match words[0].strip_prefix("--from=") {
            Some(name) => {
                let stage = self
                    .stages
                    .iter()
                    .find(|(known, _)| known.as_deref() == Some(name));
                let path = words[1].strip_prefix('/').unwrap();
                (stage.unwrap().1.join(path), &words[2..])
            }
            None => (self.context.join(words[0]), &words[1..]),
        };
        let to = self.at(words[0]);
        assert!(from.exists(), "{} is not there", from.display());
        std::fs::create_dir_all(if from.is_dir() {
            &to
        } else {
            to.parent().unwrap()
        })
        .unwrap();
        let from = if from.is_dir() { from.join(".") } else { from };
        let copied = Command::new("cp")
            .arg("-R")
            .arg(from)
            .arg(to)
            .status()
            .unwrap();
        assert!(copied.success());
    }

    fn run(&self, line: &str) {
        let mut command = if line.starts_with('[') {
            let words: Vec<String> = serde_json::from_str(line).unwrap();
            let mut command = Command::new(self.at(&words[0]));
            command.args(&words[1..]);
            command
        } else {
            // Libraries are where they are on Debian; elsewhere the program has its own.
            let root = self.root.display();
            let script = line.replace("/image/", &format!("{root}/image/"));
            let script = if Path::new("/lib/x86_64-linux-gnu/libc.so.6").exists() {
                script
            } else {
                script.split(" && ").next().unwrap().to_owned()
            };
            let mut command = Command::new("sh");
            command.args(["-c", &script]);
            command
        };
        let output = command.current_dir(&self.folder).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {said}");
    }

    /// The command of the image, in a world that holds nothing else.
    fn container(&self, port: &str) -> Command {
        let mut command = Command::new(self.at(&self.command[0]));
        command
            .args(&self.command[1..])
            .current_dir(&self.folder)
            .env_clear()
            .envs(&self.variables)
            .env("TMPDIR", self.at("/tmp"))
            .env("PORT", port);
        command
    }
}

/// A value of `ENV` as Docker reads it: between single quotes everything is itself.
fn unquoted(value: &str) -> String {
    let mut text = String::new();
    let mut letters = value.chars();
    let mut inside = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => inside = !inside,
            '\\' if !inside => text.extend(letters.next()),
            _ => text.push(letter),
        }
    }
    assert!(!inside, "{value}");
    text
}

// Proves: PUB-09, PUB-20, PUB-24, PUB-80, PUB-86, DEP-05
#[test]
fn the_image_answers() {
    let site = StandIns::new(&[]);
    site.folder.database(
        "my db's.db",
        "create table x (a); insert into x values (1), (2), (3)",
    );
    site.folder.directory("looks");
    site.folder.write("looks/index.html", "our own page");
    site.folder.directory("assets");
    site.folder.write("assets/a.css", "body {}");
    site.folder.write("m.yaml", "title: \"It's\\nours\"\n");
    let secret = "it's \"my\" $ECRET \\";
    let generated = site.run(&[
        "package",
        "one.db",
        "my db's.db",
        "--generate-dir",
        "out",
        "-m",
        "m.yaml",
        "--template-dir",
        "looks",
        "--static",
        "x/y:assets",
        "--secret",
        secret,
        "--version-note",
        "a note",
        "--extra-options",
        "--setting default_page_size 2",
    ]);
    assert_eq!(generated.code, Some(0), "{}", generated.err);
    let image = Builder::build(&site.folder.path("out"), &site.folder.path("scratch"));
    assert_eq!(image.user.as_deref(), Some("1000:1000"));
    assert_eq!(image.variables["DATASETTE_SECRET"], secret);
    assert_eq!(image.variables["PORT"], "8001");
    assert!(!image.folder.join("Dockerfile").exists());

    let server = Server::spawn(image.container("0"));
    let place = server.place.replace("0.0.0.0", "127.0.0.1");
    assert!(place.starts_with("http://127.0.0.1:"), "{place}");
    let json = |path: &str| -> serde_json::Value {
        let answer = server.get(path);
        assert_eq!(answer.status(), 200, "{path}: {}", answer.text());
        serde_json::from_slice(&answer.body).unwrap()
    };
    let versions = json("/-/versions.json");
    assert!(versions["datasette"]["version"].is_string());
    assert_eq!(versions["datasette"]["note"], "a note");
    assert_eq!(server.get("/").text(), "our own page");
    assert_eq!(server.get("/x/y/a.css").text(), "body {}");
    let table = json("/my~20db~27s/x.json");
    assert_eq!(table["rows"].as_array().unwrap().len(), 2);
    let databases = json("/-/databases.json");
    for database in databases["databases"].as_array().unwrap() {
        assert_eq!(database["is_mutable"], false);
        // Known from inspect-data.json, which was written while the image was built.
        assert!(database["hash"].is_string(), "{database}");
    }
    let inspected = std::fs::read_to_string(image.folder.join("inspect-data.json")).unwrap();
    let inspected: serde_json::Value = serde_json::from_str(&inspected).unwrap();
    assert_eq!(inspected["my db's"]["tables"]["x"]["count"], 3);
}

// Proves: PUB-80
#[cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
#[test]
fn the_image_holds_every_library_of_the_program() {
    let site = StandIns::new(&[]);
    let asked = ["package", "one.db", "--generate-dir", "out"];
    assert_eq!(site.run(&asked).code, Some(0));
    let dockerfile = std::fs::read_to_string(site.folder.path("out/Dockerfile")).unwrap();
    let program = site.folder.path("out/datasette");
    let listed = Command::new("ldd").arg(&program).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let libraries = listed.lines().filter_map(|line| {
        let name = line.split_whitespace().next()?;
        (!name.starts_with("linux-vdso")).then(|| name.rsplit('/').next().unwrap())
    });
    let mut number = 0;
    for library in libraries {
        assert!(
            dockerfile.contains(&format!("/{library} ")),
            "{library}: {dockerfile}"
        );
        number += 1;
    }
    assert!(number > 1, "{listed}");
}

/// The line of a Procfile, as hosts with buildpacks run it.
fn procfile(folder: &Folder, line: &str) -> Command {
    let line = line.strip_prefix("web: ").unwrap();
    let program = env!("CARGO_BIN_EXE_datasette");
    let mut command = folder.command(&[]);
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &format!("exec {line}")])
        .current_dir(folder.root())
        .env(
            "PATH",
            format!(
                "{}:/usr/bin:/bin",
                Path::new(program).parent().unwrap().display()
            ),
        )
        .env("TMPDIR", folder.path("temporary"))
        .env("PORT", "0");
    // The folder for temporary files is made with a command.
    command.env("PORT", "0");
    shell
}

// Proves: DEP-04, DEP-05, CLI-25
#[test]
fn a_folder_is_served_where_buildpacks_say() {
    let folder = Folder::new();
    let server = Server::spawn(procfile(
        &folder,
        "web: datasette . -h 0.0.0.0 -p $PORT --cors",
    ));
    let versions = server.get("/-/versions.json");
    assert_eq!(versions.status(), 200);
    assert!(versions.text().contains("\"datasette\": {\"version\": \""));
    let table = server.get("/one/t.json");
    assert_eq!(table.status(), 200);
    assert!(
        table.head.contains("access-control-allow-origin: *"),
        "{}",
        table.head
    );
}

// Proves: PUB-65, PUB-70
#[test]
fn the_app_answers() {
    let site = StandIns::new(&[]);
    site.folder.database("my db's.db", "create table x (a)");
    let asked = [
        "publish",
        "heroku",
        "one.db",
        "my db's.db",
        "--generate-dir",
        "out",
        "--title",
        "T",
    ];
    assert_eq!(site.run(&asked).code, Some(0));
    let out = site.folder.path("out");
    let compiled = Command::new("sh")
        .arg("bin/post_compile")
        .current_dir(&out)
        .output()
        .unwrap();
    assert!(
        compiled.status.success(),
        "{}",
        String::from_utf8_lossy(&compiled.stderr)
    );
    let line = std::fs::read_to_string(out.join("Procfile")).unwrap();
    let mut command = procfile(&site.folder, &line);
    command.current_dir(&out);
    let server = Server::spawn(command);
    let databases = server.get("/-/databases.json").text();
    let databases: serde_json::Value = serde_json::from_str(&databases).unwrap();
    let databases = databases["databases"].as_array().unwrap();
    assert_eq!(databases.len(), 2);
    assert!(
        databases
            .iter()
            .all(|database| database["hash"].is_string())
    );
    let title = server.get("/.json").text();
    assert!(title.contains("\"title\": \"T\""), "{title}");
}
