//! Configuration-directory mode: what a directory brings with it.

use std::path::{Component, Path, PathBuf};

use datasette_core::Fault;

/// What was found in a directory; everything is optional (CLI-150 to CLI-160).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// Files to serve: `*.db`, then `*.sqlite`, then `*.sqlite3` (CLI-150).
    pub databases: Vec<PathBuf>,
    /// The configuration file (CLI-153).
    pub config_file: Option<PathBuf>,
    /// The metadata file (CLI-155).
    pub metadata_file: Option<PathBuf>,
    /// `inspect-data.json` (CLI-156).
    pub inspect_file: Option<PathBuf>,
    /// `templates/` (CLI-158).
    pub template_dir: Option<PathBuf>,
    /// `plugins/` (CLI-159).
    pub plugins_dir: Option<PathBuf>,
    /// `static/` (CLI-160).
    pub static_dir: Option<PathBuf>,
}

impl Directory {
    /// Looks at the directory itself, not below it.
    ///
    /// # Errors
    /// The directory cannot be read.
    pub fn scan(path: &Path) -> Result<Self, Fault> {
        let named = &without_dots(path);
        let file = |name: &str| Some(named.join(name)).filter(|file| file.exists());
        let folder = |name: &str| Some(named.join(name)).filter(|folder| folder.is_dir());
        let first = |names: [&str; 3]| names.into_iter().find_map(file);
        Ok(Self {
            databases: databases(path, named).map_err(|error| {
                Fault::bad_request(format!("Could not read {}: {error}", path.display()))
            })?,
            config_file: first(["datasette.json", "datasette.yaml", "datasette.yml"]),
            metadata_file: first(["metadata.json", "metadata.yaml", "metadata.yml"]),
            inspect_file: file("inspect-data.json"),
            template_dir: folder("templates"),
            plugins_dir: folder("plugins"),
            static_dir: folder("static"),
        })
    }
}

/// The path without segments that lead nowhere: files of `.` and of `./site/` are called `one.db`
/// and `site/one.db`.
fn without_dots(path: &Path) -> PathBuf {
    let segments = path.components();
    segments
        .filter(|segment| *segment != Component::CurDir)
        .collect()
}

/// The databases in the folder `path`, below what it is called.
fn databases(path: &Path, named: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = [const { Vec::new() }; 3];
    for entry in std::fs::read_dir(path)? {
        let file = named.join(entry?.file_name());
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let rank = [".db", ".sqlite", ".sqlite3"]
            .iter()
            .position(|suffix| name.ends_with(suffix));
        if let Some(rank) = rank
            && file.is_file()
        {
            found[rank].push(file);
        }
    }
    Ok(found.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::Directory;
    use std::fs;

    #[test]
    fn segments_that_lead_nowhere_are_not_part_of_names() {
        let dotless = |path| super::without_dots(std::path::Path::new(path));
        assert_eq!(dotless("."), std::path::PathBuf::new());
        assert_eq!(dotless("./site/"), std::path::PathBuf::from("site"));
        assert_eq!(dotless("../a//./b"), std::path::PathBuf::from("../a/b"));
        assert_eq!(
            dotless("/srv/./data"),
            std::path::PathBuf::from("/srv/data")
        );
    }

    // Proves: CLI-150, CLI-153, CLI-155, CLI-158, CLI-159, CLI-160, CLI-161
    #[test]
    fn a_directory_is_read_by_names() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        for name in [
            "c.sqlite3",
            "b.sqlite",
            "a.db",
            "x.sqlite2",
            "datasette.yml",
            "datasette.yaml",
            "metadata.yml",
            "settings.json",
        ] {
            fs::write(path.join(name), "").unwrap();
        }
        for name in ["templates", "static", "plugins", "sub", "sub.db"] {
            fs::create_dir(path.join(name)).unwrap();
        }
        fs::write(path.join("sub/inner.db"), "").unwrap();
        let expected = Directory {
            databases: ["a.db", "b.sqlite", "c.sqlite3"]
                .map(|name| path.join(name))
                .into(),
            config_file: Some(path.join("datasette.yaml")),
            metadata_file: Some(path.join("metadata.yml")),
            inspect_file: None,
            template_dir: Some(path.join("templates")),
            plugins_dir: Some(path.join("plugins")),
            static_dir: Some(path.join("static")),
        };
        assert_eq!(Directory::scan(path).unwrap(), expected);
        assert!(Directory::scan(&path.join("missing")).is_err());
    }
}
