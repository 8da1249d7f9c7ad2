//! The words that serve the published site.

use crate::args::unknown_serve_option;
use crate::failure::Failure;

use super::site::{INSPECT_DATA, METADATA, Site};

/// Stands for the value of the environment variable `PORT`.
pub(super) const PORT: &str = "$PORT";

/// The words after the program's name in a container, in order (PUB-24). The last one is
/// [`PORT`]; unlike the others it must not be quoted for a shell.
pub(super) fn in_container(site: &Site) -> Vec<String> {
    let mut words = Words::default();
    words.add(["serve", "--host", "0.0.0.0"]);
    words.databases(site);
    words.add(["--cors", "--inspect-file", INSPECT_DATA]);
    words.metadata(site);
    words.folders(site);
    words.version_note(site);
    words.mounts(site);
    words.extra_options(site);
    words.add(["--port", PORT]);
    words.0
}

/// The same for a Procfile, where the order is another (PUB-65).
pub(super) fn in_procfile(site: &Site) -> Vec<String> {
    let mut words = Words::default();
    words.add(["serve", "--host", "0.0.0.0"]);
    words.databases(site);
    words.add(["--cors", "--port", PORT, "--inspect-file", INSPECT_DATA]);
    words.folders(site);
    words.version_note(site);
    words.metadata(site);
    words.extra_options(site);
    words.mounts(site);
    words.0
}

/// The words that look at the databases before they are served (PUB-20, PUB-70).
pub(super) fn inspect(site: &Site) -> Vec<String> {
    let mut words = Words::default();
    words.add(["inspect"]);
    for (_, name) in &site.databases {
        words.0.push(as_argument(name));
    }
    words.add(["--inspect-file", INSPECT_DATA]);
    words.0
}

/// Refuses options that this program does not have. A branch of the Python Datasette may have
/// others.
///
/// # Errors
/// The published server would not start.
pub(super) fn check(site: &Site) -> Result<(), Failure> {
    if site.branch.is_some() {
        return Ok(());
    }
    match unknown_serve_option(&in_container(site)) {
        Some(option) => Err(Failure::error(format!(
            "The published server would not start: it has no option '{option}'"
        ))),
        None => Ok(()),
    }
}

/// A file whose name begins like an option is named by its folder.
fn as_argument(name: &str) -> String {
    if name.starts_with('-') {
        format!("./{name}")
    } else {
        name.to_owned()
    }
}

#[derive(Default)]
struct Words(Vec<String>);

impl Words {
    fn add<'a>(&mut self, words: impl IntoIterator<Item = &'a str>) {
        self.0.extend(words.into_iter().map(str::to_owned));
    }

    fn databases(&mut self, site: &Site) {
        for (_, name) in &site.databases {
            self.add(["-i", &as_argument(name)]);
        }
    }

    fn metadata(&mut self, site: &Site) {
        if site.metadata.is_some() {
            self.add(["--metadata", METADATA]);
        }
    }

    fn folders(&mut self, site: &Site) {
        if site.templates.is_some() {
            self.add(["--template-dir", "templates/"]);
        }
        if site.plugins.is_some() {
            self.add(["--plugins-dir", "plugins/"]);
        }
    }

    fn version_note(&mut self, site: &Site) {
        if let Some(note) = &site.version_note {
            self.add(["--version-note", note]);
        }
    }

    fn mounts(&mut self, site: &Site) {
        for (mount, _) in &site.mounts {
            self.add(["--static", &format!("{mount}:{mount}")]);
        }
    }

    fn extra_options(&mut self, site: &Site) {
        self.add(site.extra_options.iter().map(String::as_str));
    }
}

#[cfg(test)]
mod tests {
    use super::super::quote::shell_line;
    use super::*;

    fn full() -> Site {
        Site {
            databases: vec![
                ("x/one.db".into(), "one.db".into()),
                ("my db's.db".into(), "my db's.db".into()),
            ],
            metadata: Some("{}".into()),
            templates: Some("tpl".into()),
            plugins: Some("plug".into()),
            mounts: vec![("st".into(), "st".into()), ("x/y".into(), "st".into())],
            version_note: Some("a note".into()),
            extra_options: vec!["--setting".into(), "a".into(), "1".into()],
            ..Site::default()
        }
    }

    fn line(words: &[String]) -> String {
        shell_line(words.iter().map(String::as_str))
    }

    // Proves: PUB-05, PUB-06, PUB-09, PUB-24, PUB-65
    #[test]
    fn each_place_has_its_order() {
        assert_eq!(
            line(&in_container(&full())),
            "serve --host 0.0.0.0 -i one.db -i 'my db'\"'\"'s.db' --cors \
             --inspect-file inspect-data.json --metadata metadata.json --template-dir templates/ \
             --plugins-dir plugins/ --version-note 'a note' --static st:st --static x/y:x/y \
             --setting a 1 --port '$PORT'"
        );
        assert_eq!(
            line(&in_procfile(&full())),
            "serve --host 0.0.0.0 -i one.db -i 'my db'\"'\"'s.db' --cors --port '$PORT' \
             --inspect-file inspect-data.json --template-dir templates/ --plugins-dir plugins/ \
             --version-note 'a note' --metadata metadata.json --setting a 1 --static st:st \
             --static x/y:x/y"
        );
        assert_eq!(
            line(&in_container(&Site::default())),
            "serve --host 0.0.0.0 --cors --inspect-file inspect-data.json --port '$PORT'"
        );
    }

    // Proves: PUB-27, PUB-70
    #[test]
    fn every_file_is_inspected() {
        let mut site = full();
        site.databases.push(("-x.db".into(), "-x.db".into()));
        assert_eq!(
            line(&inspect(&site)),
            "inspect one.db 'my db'\"'\"'s.db' ./-x.db --inspect-file inspect-data.json"
        );
    }

    #[test]
    fn options_that_the_server_lacks_are_found_at_once() {
        let with = |option: &str| Site {
            extra_options: vec![option.to_owned(), "x".to_owned()],
            ..Site::default()
        };
        assert_eq!(
            check(&with("--nosuch")).unwrap_err().text(),
            "Error: The published server would not start: it has no option '--nosuch'"
        );
        assert!(check(&with("--internal")).is_ok());
        let branch = Site {
            branch: Some("main".to_owned()),
            ..with("--nosuch")
        };
        assert!(check(&branch).is_ok());
    }
}
