//! What is published, wherever it goes: files, and the words that serve them.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use serde_json::{Map, Value};

use crate::args::{PluginSecret, SiteArguments};
use crate::failure::Failure;
use crate::output;

use super::context::{Content, Entry};
use super::metadata::{self, Empty};

/// The name of the file with metadata.
pub(super) const METADATA: &str = "metadata.json";
/// The name of the file that `inspect` writes where the site is built.
pub(super) const INSPECT_DATA: &str = "inspect-data.json";

/// A site, complete.
#[derive(Clone, Debug, Default)]
pub(super) struct Site {
    /// Database files and the names they are published under, in order.
    pub(super) databases: Vec<(PathBuf, String)>,
    /// The text of `metadata.json`.
    pub(super) metadata: Option<String>,
    /// The folder that becomes `templates/`.
    pub(super) templates: Option<PathBuf>,
    /// The folder that becomes `plugins/`.
    pub(super) plugins: Option<PathBuf>,
    /// Folders that are served, and their names.
    pub(super) mounts: Vec<(String, PathBuf)>,
    /// The note for `/-/versions`.
    pub(super) version_note: Option<String>,
    /// More words for the server.
    pub(super) extra_options: Vec<String>,
    /// Python packages.
    pub(super) install: Vec<String>,
    /// The branch of the Python Datasette that is published instead of this program.
    pub(super) branch: Option<String>,
}

impl Site {
    /// Reads the metadata and settles every name.
    ///
    /// # Errors
    /// Two files have one name, a name leads out of the site's folder, or the metadata cannot be
    /// read.
    pub(super) fn settle(
        files: &[PathBuf],
        arguments: &SiteArguments,
        plugin_secrets: &[PluginSecret<'_>],
        empty: Empty,
    ) -> Result<Self, Failure> {
        let metadata = metadata::of_file(arguments.metadata.as_deref())?;
        let description = arguments.description();
        Self::with_metadata(
            files,
            arguments,
            &metadata::merged(metadata, description, empty, plugin_secrets),
        )
    }

    fn with_metadata(
        files: &[PathBuf],
        arguments: &SiteArguments,
        metadata: &Map<String, Value>,
    ) -> Result<Self, Failure> {
        let extra_options = arguments.extra_options.as_deref().unwrap_or_default();
        let site = Self {
            databases: name_databases(files)?,
            metadata: metadata::text(metadata),
            templates: arguments.template_dir.clone(),
            plugins: arguments.plugins_dir.clone(),
            mounts: arguments.mounts.clone(),
            version_note: arguments.version_note().map(str::to_owned),
            extra_options: extra_options
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            install: arguments.install.clone(),
            branch: arguments.branch().map(str::to_owned),
        };
        for (mount, _) in &site.mounts {
            check_mount(mount)?;
        }
        site.refuse_taken_names()?;
        Ok(site)
    }

    /// The files of the site (PUB-02, PUB-05, PUB-06).
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut add = |path: &str, content| {
            entries.push(Entry {
                path: path.to_owned(),
                content,
            });
        };
        if let Some(metadata) = &self.metadata {
            add(METADATA, Content::Text(metadata.clone()));
        }
        for (source, name) in &self.databases {
            add(name, Content::File(source.clone()));
        }
        if let Some(folder) = &self.templates {
            add("templates", Content::Folder(folder.clone()));
        }
        if let Some(folder) = &self.plugins {
            add("plugins", Content::Folder(folder.clone()));
        }
        for (mount, folder) in &self.mounts {
            add(mount, Content::Folder(folder.clone()));
        }
        entries
    }

    /// What pip installs: the Python Datasette of a branch, where that is wanted, then the
    /// packages in order (PUB-04, PUB-07).
    pub(super) fn packages(&self) -> Vec<String> {
        let datasette = self
            .branch
            .as_ref()
            .map(|branch| format!("https://github.com/simonw/datasette/archive/{branch}.zip"));
        datasette.into_iter().chain(self.install.clone()).collect()
    }

    /// Says what the published site will lack.
    pub(super) fn warn_of_what_is_left_out(&self) {
        for (path, _) in &self.databases {
            // Databases keep changes in a second file until they are written back.
            let mut log = path.clone().into_os_string();
            log.push("-wal");
            let log = PathBuf::from(log);
            if log.metadata().is_ok_and(|file| file.len() > 0) {
                output::warn(&format!(
                    "{} has changes in {} that are not published",
                    path.display(),
                    log.display()
                ));
            }
        }
    }

    fn refuse_taken_names(&self) -> Result<(), Failure> {
        let folders = self.mounts.iter().map(|(mount, _)| mount.as_str());
        let folders = folders.chain(["templates", "plugins"]);
        let folders: Vec<&str> = folders.filter_map(|path| path.split('/').next()).collect();
        for (path, name) in &self.databases {
            if [METADATA, INSPECT_DATA].contains(&name.as_str()) || folders.contains(&name.as_str())
            {
                return Err(Failure::error(format!(
                    "The file '{}' cannot be published: its name is taken by another part of the \
                     site",
                    path.display()
                )));
            }
        }
        Ok(())
    }
}

fn name_databases(files: &[PathBuf]) -> Result<Vec<(PathBuf, String)>, Failure> {
    let mut named = Vec::new();
    let mut taken: HashMap<String, &Path> = HashMap::new();
    for path in files {
        let shown = path.display();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            return Err(Failure::error(format!(
                "The file '{shown}' cannot be published: its name is not text"
            )));
        };
        if let Some(first) = taken.insert(name.to_owned(), path) {
            return Err(Failure::error(format!(
                "The files '{}' and '{shown}' cannot be published together: both are called {name}",
                first.display()
            )));
        }
        named.push((path.clone(), name.to_owned()));
    }
    Ok(named)
}

/// A mount becomes a folder of the site; it must not lead out of it.
fn check_mount(mount: &str) -> Result<(), Failure> {
    let mut parts = Path::new(mount).components().peekable();
    let inside = parts.peek().is_some()
        && parts.all(|part| matches!(part, Component::Normal(_)))
        && !mount.contains(['\n', '\r', ':']);
    if inside {
        return Ok(());
    }
    Err(Failure::error(format!(
        "--static {mount}: the name of a folder inside the site is wanted"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(files: &[&str], mounts: &[&str]) -> String {
        let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
        let mounts = mounts.iter().map(|mount| ((*mount).to_owned(), ".".into()));
        let arguments = SiteArguments {
            mounts: mounts.collect(),
            ..SiteArguments::default()
        };
        match Site::settle(&files, &arguments, &[], Empty::Counts) {
            Ok(_) => String::new(),
            Err(failure) => failure.text(),
        }
    }

    #[test]
    fn names_that_cannot_stand_side_by_side_are_refused() {
        assert_eq!(refused(&["a/x.db", "b/y.db"], &["st", "st/deep"]), "");
        assert!(refused(&["a/x.db", "b/x.db"], &[]).contains("both are called x.db"));
        for name in [
            "metadata.json",
            "inspect-data.json",
            "templates",
            "plugins",
            "st",
        ] {
            assert!(
                refused(&[name], &["st/deep"]).contains("is taken"),
                "{name}"
            );
        }
    }

    #[test]
    fn mounts_stay_inside() {
        for mount in ["", "/etc", "../x", "x/../../y", "./x\n", "."] {
            assert!(
                refused(&[], &[mount]).contains("inside the site"),
                "{mount}"
            );
        }
    }

    // Proves: PUB-03
    #[test]
    fn extra_options_are_split_at_white_space() {
        let arguments = SiteArguments {
            extra_options: Some("  --setting a   'b c'\t--cors ".to_owned()),
            ..SiteArguments::default()
        };
        let site = Site::settle(&[], &arguments, &[], Empty::Counts).unwrap();
        assert_eq!(site.extra_options, ["--setting", "a", "'b", "c'", "--cors"]);
    }
}
