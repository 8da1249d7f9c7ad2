//! The files of an app on Heroku.
//!
//! The program travels with the site, in `bin/`. The app stays on the Python buildpack, which
//! needs `requirements.txt`, since that is what apps have that the original published: nothing
//! about the app has to change, and no further call is made. The version of Python is named in
//! the file that the buildpack reads today; `runtime.txt` is deprecated there.

use super::binary::{Binary, Host};
use super::context::{Content, Entry, text};
use super::quote::{shell, shell_line};
use super::server_words::{self, PORT};
use super::site::Site;

/// Where apps run: Ubuntu 24.04, the stack of new apps.
pub(super) const STACK: Host = Host {
    name: "Heroku",
    glibc: (2, 39),
    runs_arm: false,
};

/// Everything that is sent (PUB-64, PUB-65, PUB-70). No secret is in it.
pub(super) fn files(site: &Site, binary: Option<&Binary>) -> Vec<Entry> {
    let program = if binary.is_some() {
        "bin/datasette"
    } else {
        "datasette"
    };
    let words = server_words::in_procfile(site);
    let words: Vec<_> = words
        .iter()
        .map(|word| match word.as_str() {
            PORT => PORT.into(),
            word => shell(word),
        })
        .collect();
    let inspect = server_words::inspect(site);
    let inspect = shell_line(inspect.iter().map(String::as_str));
    let mut files = vec![
        text(".python-version", "3.13"),
        text("requirements.txt", site.packages().join("\n")),
        text("Procfile", format!("web: {program} {}", words.join(" "))),
    ];
    let has_plugins = !site.install.is_empty() || site.plugins.is_some();
    let mut after = format!("{program} {inspect}");
    if binary.is_some() && has_plugins {
        // What the buildpack installed may have brought the Python Datasette along; what plugins
        // import is the program's.
        after = format!("{program} install --python python3 datasette\n{after}");
        let variable = "export DATASETTE_PYTHON=\"$(command -v python3)\"";
        files.push(text(".profile.d/plugins.sh", variable));
    }
    files.push(Entry {
        path: "bin/post_compile".to_owned(),
        content: Content::Script(after),
    });
    if let Some(binary) = binary {
        files.push(Entry {
            path: program.to_owned(),
            content: Content::Program(binary.path.clone()),
        });
    }
    files.extend(site.entries());
    files
}

#[cfg(test)]
mod tests {
    use super::super::elf::Machine;
    use super::*;

    fn shown(site: &Site, binary: Option<&Binary>) -> Vec<String> {
        let files = files(site, binary).into_iter();
        files
            .map(|entry| match entry.content {
                Content::Text(text) | Content::Script(text) => format!("{}: {text}", entry.path),
                Content::File(from) | Content::Program(from) | Content::Folder(from) => {
                    format!("{} from {}", entry.path, from.display())
                }
                Content::SecretText(_) => panic!("{}", entry.path),
            })
            .collect()
    }

    // Proves: PUB-64, PUB-65, PUB-70
    #[test]
    fn the_files_of_an_app() {
        let binary = Binary {
            path: "datasette".into(),
            machine: Machine::X86_64,
            libraries: Vec::new(),
        };
        let site = Site {
            databases: vec![("my db's.db".into(), "my db's.db".into())],
            metadata: Some("{}".into()),
            version_note: Some("a note".into()),
            mounts: vec![("st".into(), "static".into())],
            extra_options: vec!["--setting".into(), "a".into(), "$(x)".into()],
            install: vec!["one".into(), "two".into()],
            ..Site::default()
        };
        assert_eq!(
            shown(&site, Some(&binary)),
            [
                ".python-version: 3.13",
                "requirements.txt: one\ntwo",
                "Procfile: web: bin/datasette serve --host 0.0.0.0 -i 'my db'\"'\"'s.db' --cors \
                 --port $PORT --inspect-file inspect-data.json --version-note 'a note' \
                 --metadata metadata.json --setting a '$(x)' --static st:st",
                ".profile.d/plugins.sh: export DATASETTE_PYTHON=\"$(command -v python3)\"",
                "bin/post_compile: bin/datasette install --python python3 datasette\n\
                 bin/datasette inspect 'my db'\"'\"'s.db' --inspect-file inspect-data.json",
                "bin/datasette from datasette",
                "metadata.json: {}",
                "my db's.db from my db's.db",
                "st from static",
            ]
        );
    }

    // Proves: PUB-04, PUB-07
    #[test]
    fn a_branch_brings_the_python_datasette() {
        let site = Site {
            branch: Some("main".into()),
            install: vec!["one".into()],
            ..Site::default()
        };
        let files = shown(&site, None);
        assert_eq!(
            files[1],
            "requirements.txt: https://github.com/simonw/datasette/archive/main.zip\none"
        );
        assert!(files[2].starts_with("Procfile: web: datasette serve "));
        assert_eq!(
            files[3],
            "bin/post_compile: datasette inspect --inspect-file inspect-data.json"
        );
        assert_eq!(files.len(), 4);
    }
}
