//! Where the text of templates comes from: folders in order, then the built-in set (TPL-01).

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use datasette_hooks::TemplateOverlay;
use minijinja::{Error, ErrorKind, TemplateSource};

use super::jinja::{Mistake, translated};
use super::scripting::with_nonces;
use crate::assets;

/// The folders with custom templates, behind those that one request has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    overlay: Option<TemplateOverlay>,
    folders: Vec<PathBuf>,
}

impl Sources {
    /// Searched in this order.
    pub(crate) fn new(folders: Vec<PathBuf>) -> Self {
        Self {
            overlay: None,
            folders,
        }
    }

    /// The same behind the templates of a request (HOOK-37).
    pub(crate) fn behind(&self, overlay: TemplateOverlay) -> Self {
        Self {
            overlay: Some(overlay),
            folders: self.folders.clone(),
        }
    }

    /// The source that the request has of its own under that name.
    pub(crate) fn overlaid(&self, name: &str) -> Option<String> {
        self.overlay.as_ref()?.loader.source(name)
    }

    /// The template of that name. One from a folder is read anew once its file has changed; a name
    /// that was found once is not searched again in the folders before (TPL-16).
    pub(crate) fn load(&self, name: &str) -> Result<Option<TemplateSource>, Error> {
        if let Some(built_in) = name.strip_prefix("default:") {
            return Ok(self.built_in(built_in));
        }
        if let Some(source) = self.overlaid(name) {
            let source = readable(name, &source, "a template of a plugin")?;
            return Ok(Some(TemplateSource::from(source)));
        }
        for path in self.paths(name) {
            if let Some(source) = read(name, &path)? {
                return Ok(Some(source));
            }
        }
        Ok(self.built_in(name))
    }

    fn built_in(&self, name: &str) -> Option<TemplateSource> {
        let source = assets::template(name)?;
        Some(TemplateSource::from(with_nonces(source, None)))
    }

    /// The file of the template of that name and what differs once it was changed.
    pub(crate) fn file(&self, name: &str) -> Option<(PathBuf, Stamp)> {
        self.paths(name).find_map(|path| {
            let stamp = stamp(&path)?;
            Some((path, stamp))
        })
    }

    /// Whether there is a template of that name at all, whatever is in it.
    pub(crate) fn exists(&self, name: &str) -> bool {
        let built_in = name.strip_prefix("default:").unwrap_or(name);
        assets::template(built_in).is_some() || self.has(name)
    }

    /// The folders in the order in which they are searched.
    pub(crate) fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    fn own_names(&self) -> Vec<String> {
        let overlay = self.overlay.as_ref();
        overlay
            .map(|overlay| overlay.loader.names())
            .unwrap_or_default()
    }

    /// Names of all templates that are not built in.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names = self.own_names();
        for folder in &self.folders {
            collect(folder, "", &mut |name| {
                names.push(name.trim_start_matches('/').to_owned());
            });
        }
        names
    }

    /// Whether a folder has a template of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.overlaid(name).is_some() || self.paths(name).any(|path| path.is_file())
    }

    /// Names of all templates below a subfolder whose name holds this character, in byte order.
    pub(crate) fn names_with(&self, subfolder: &str, character: char) -> Vec<String> {
        let mut names = self.own_names();
        let start = format!("{subfolder}/");
        names.retain(|name| name.starts_with(&start) && name.contains(character));
        for folder in &self.folders {
            collect(&folder.join(subfolder), subfolder, &mut |name| {
                if name.contains(character) {
                    names.push(name);
                }
            });
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Where a template of that name may be. Empty parts of a name do not count, and one that
    /// leads out of the folders leads nowhere.
    fn paths(&self, name: &str) -> impl Iterator<Item = PathBuf> {
        let mut relative = Some(PathBuf::new());
        for part in name.split('/').filter(|part| !matches!(*part, "" | ".")) {
            let inside = part != ".." && !part.contains(['\\', '\0']);
            match relative.as_mut().filter(|_| inside) {
                Some(relative) => relative.push(part),
                None => relative = None,
            }
        }
        self.folders
            .iter()
            .filter_map(move |folder| Some(folder.join(relative.as_ref()?)))
    }
}

fn read(name: &str, path: &Path) -> Result<Option<TemplateSource>, Error> {
    // Looked at before it is read, so that a change in between shows next time.
    let before = stamp(path);
    match fs::read_to_string(path) {
        Ok(source) => {
            let owner = format!("the template {}", path.display());
            let path = path.to_owned();
            let source = TemplateSource::new(readable(name, &source, &owner)?);
            Ok(Some(
                source.with_uptodate_check(move || stamp(&path) == before),
            ))
        }
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::InvalidFilename => Ok(None),
            _ => Err(
                Error::new(ErrorKind::InvalidOperation, "its file cannot be read")
                    .with_source(error),
            ),
        },
    }
}

/// The source as this engine reads it.
fn readable(name: &str, source: &str, owner: &str) -> Result<String, Error> {
    let source = translated(source).map_err(|Mistake { line, words }| {
        Error::new(
            ErrorKind::SyntaxError,
            format!("{words} (in {name}:{line})"),
        )
    })?;
    Ok(with_nonces(&source, Some(owner)))
}

/// When a file was written and how long it is.
pub(crate) type Stamp = (SystemTime, u64);

/// What differs once a file was changed; `None` for what is no file.
pub(crate) fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok().filter(Metadata::is_file)?;
    let changed = Metadata::modified(&metadata).ok()?;
    Some((changed, metadata.len()))
}

fn collect(folder: &Path, name: &str, found: &mut dyn FnMut(String)) {
    // A folder that is not there has no templates.
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let Ok(file) = entry.file_name().into_string() else {
            continue;
        };
        let name = format!("{name}/{file}");
        // Links to folders are not followed: they may lead in a circle.
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => collect(&entry.path(), &name, found),
            Ok(_) => found(name),
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> (tempfile::TempDir, Sources) {
        let folder = tempfile::tempdir().unwrap();
        let custom = folder.path().join("custom");
        fs::create_dir_all(custom.join("pages/a")).unwrap();
        fs::write(custom.join("pages/a/{b}.html"), "pattern").unwrap();
        fs::write(custom.join("pages/.well-known.html"), "dot").unwrap();
        fs::write(folder.path().join("secret.html"), "secret").unwrap();
        let sources = Sources::new(vec![folder.path().join("nothing"), custom]);
        (folder, sources)
    }

    // Proves: http-read/TPL-01
    #[test]
    fn names_stay_inside_the_folders() {
        let (_folder, sources) = sources();
        assert!(sources.has("pages/.well-known.html"));
        assert!(sources.has("pages//a/./{b}.html"));
        for outside in ["../secret.html", "pages/../../secret.html", "a\\..", "x\0y"] {
            assert!(!sources.has(outside), "{outside}");
            assert!(sources.load(outside).unwrap().is_none(), "{outside}");
        }
        assert!(sources.load("pages").unwrap().is_none());
        assert!(sources.load("pages/a/{b}.html/c").unwrap().is_none());
        assert!(sources.load(&"x".repeat(5000)).unwrap().is_none());
        assert!(sources.load("default:pages/a/{b}.html").unwrap().is_none());
        assert!(sources.load("default:base.html").unwrap().is_some());
    }

    #[test]
    fn patterns_are_found_in_subfolders() {
        let (_folder, sources) = sources();
        assert_eq!(sources.names_with("pages", '{'), ["pages/a/{b}.html"]);
        assert!(sources.names_with("elsewhere", '{').is_empty());
    }
}
