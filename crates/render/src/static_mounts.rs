//! Folders of the user and of plugins whose files are served as they are (TPL-80 to TPL-87,
//! PLUG-43 to PLUG-47).

use std::fs::File;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use datasette_hooks::PluginInfo;

use crate::file_hashes::{FileHashes, Hashes};
use crate::{Urls, content_type};

/// Where the files of plugins are, without the slash at the start.
const OF_PLUGINS: &str = "-/static-plugins/";

/// Folders by where they are mounted, in the order of the options, then those of plugins. Cheap to
/// clone.
#[derive(Clone, Debug, Default)]
pub struct StaticMounts {
    mounts: Arc<[(String, PathBuf)]>,
    /// How many of them are the user's.
    own: usize,
    hashes: Arc<FileHashes>,
}

/// A path below a mount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MountedPath<'a> {
    /// The place of the mount among all.
    pub mount: usize,
    /// What follows it in the URL, without the slash in between and as undecoded as it arrived.
    pub path: &'a str,
}

/// A file that may be served.
#[derive(Debug)]
pub struct MountedFile {
    /// The file, at its start.
    pub file: File,
    /// Its size in bytes.
    pub size: u64,
    /// Its type by its name, behind links (TPL-82).
    pub content_type: &'static str,
    /// The hashes of its content.
    pub hashes: Arc<Hashes>,
}

/// Why a path leads to no file (ERR-25).
#[derive(Debug)]
pub enum NoFile {
    /// It leads out of the folder, by `..` or by a symbolic link.
    Outside,
    /// It is a folder.
    Folder,
    /// There is nothing, or something that is no file.
    Missing,
    /// The system does not let it be read.
    Unreadable(io::Error),
}

impl StaticMounts {
    /// Mounts each folder at its name. Of two with the same name the first is served (TPL-81).
    pub fn new(mounts: impl IntoIterator<Item = (String, PathBuf)>) -> Self {
        let mounts: Arc<[_]> = mounts.into_iter().collect();
        Self {
            own: mounts.len(),
            mounts,
            hashes: Arc::default(),
        }
    }

    /// Adds the folders of plugins, each at the name of its plugin and at the same name with
    /// underscores for hyphens (PLUG-43). They stand behind those of the user.
    #[must_use]
    pub fn with_plugins<'a>(self, plugins: impl IntoIterator<Item = &'a PluginInfo>) -> Self {
        let mut mounts = self.mounts.to_vec();
        for plugin in plugins {
            let Some(folder) = &plugin.static_path else {
                continue;
            };
            for name in [plugin.name.clone(), plugin.name.replace('-', "_")] {
                let name = format!("{OF_PLUGINS}{name}");
                let known = mounts[self.own..].iter().any(|(known, _)| *known == name);
                if !known {
                    mounts.push((name, folder.clone()));
                }
            }
        }
        Self {
            mounts: mounts.into(),
            ..self
        }
    }

    /// The mount that a path below `base_url` is for. The name alone, without a slash after it,
    /// is for none (TPL-86).
    pub fn find<'a>(&self, path: &'a str) -> Option<MountedPath<'a>> {
        let below = path.strip_prefix('/')?;
        let to_look_at = match below.starts_with(OF_PLUGINS) {
            true => &self.mounts[..],
            false => &self.mounts[..self.own],
        };
        to_look_at
            .iter()
            .enumerate()
            .find_map(|(mount, (name, _))| {
                let path = below.strip_prefix(name.as_str())?.strip_prefix('/')?;
                Some(MountedPath { mount, path })
            })
    }

    /// Where the mount of that place is.
    pub fn name(&self, mount: usize) -> Option<&str> {
        self.mounts.get(mount).map(|(name, _)| name.as_str())
    }

    /// Opens a file. Reads it whole when its hashes are not known yet, so not on a thread that
    /// others wait for.
    ///
    /// # Errors
    /// There is no such file, or it may not be served.
    pub fn open(&self, mounted: MountedPath<'_>) -> Result<MountedFile, NoFile> {
        let (_, folder) = self.mounts.get(mounted.mount).ok_or(NoFile::Missing)?;
        let path = match within(folder, mounted.path) {
            // Browsers encode what may stand in the name of a file but not in a URL.
            Err(NoFile::Missing) => percent_decoded(mounted.path)
                .and_then(|decoded| within(folder, &decoded).ok())
                .ok_or(NoFile::Missing)?,
            found => found?,
        };
        let mut file = File::open(&path).map_err(no_file)?;
        let hashes = self.hashes.of(&path, &mut file).map_err(no_file)?;
        Ok(MountedFile {
            size: file.metadata().map_err(no_file)?.len(),
            content_type: content_type::of(&path.to_string_lossy()),
            hashes,
            file,
        })
    }

    /// The URL of a file below the mount of that name, with the hash that lets browsers keep it
    /// (TPL-22).
    ///
    /// # Errors
    /// A sentence for the author of the template (TPL-23).
    pub fn url(&self, urls: &Urls, name: &str, path: &str) -> Result<String, String> {
        let name = name.trim_matches('/');
        let named = |(mount, _): &(String, PathBuf)| mount.trim_matches('/') == name;
        let mount = self.mounts[..self.own]
            .iter()
            .position(named)
            .ok_or_else(|| format!("No static mount found for {name}"))?;
        let hash = self.hash(mount, path, &format!("the mount {name}"))?;
        let url = urls.path(&format!("/{name}/{}", path.trim_start_matches('/')));
        Ok(format!("{url}?_hash={hash}"))
    }

    /// The URL of a file of a plugin, with the hash that lets browsers keep it (PLUG-47). The
    /// plugin stands in the URL as it is written here.
    ///
    /// # Errors
    /// A sentence for the author of the template (TPL-23).
    pub fn plugin_url(&self, urls: &Urls, plugin: &str, path: &str) -> Result<String, String> {
        let named = |(mount, _): &(String, PathBuf)| mount.strip_prefix(OF_PLUGINS) == Some(plugin);
        let mount = self.mounts[self.own..].iter().position(named);
        let mount = mount.ok_or_else(|| format!("No static assets found for plugin {plugin}"))?;
        let hash = self.hash(self.own + mount, path, &format!("the plugin {plugin}"))?;
        let url = urls.path(&format!("/{OF_PLUGINS}{plugin}/{path}"));
        Ok(format!("{url}?_hash={hash}"))
    }

    fn hash(&self, mount: usize, path: &str, of: &str) -> Result<String, String> {
        let found = self.open(MountedPath { mount, path });
        let file = found.map_err(|no_file| match no_file {
            NoFile::Outside => "Static asset path cannot escape static root".to_owned(),
            _ => format!("No static file {path} in {of}"),
        })?;
        Ok(file.hashes.short_sha256.clone())
    }
}

/// The real path of a file, which is in the folder also after all links were followed.
fn within(folder: &Path, path: &str) -> Result<PathBuf, NoFile> {
    let folder = folder.canonicalize().map_err(no_file)?;
    // A slash at the end says nothing here, nor does a dot between two.
    let wanted = folder.join(Path::new(path).components().collect::<PathBuf>());
    match wanted.canonicalize() {
        Ok(real) if !real.starts_with(&folder) => Err(NoFile::Outside),
        Ok(real) if real.is_dir() => Err(NoFile::Folder),
        // Opening a pipe would wait for somebody to write into it.
        Ok(real) if !real.is_file() => Err(NoFile::Missing),
        Ok(real) => Ok(real),
        Err(_) if leads_out(&folder, &wanted) => Err(NoFile::Outside),
        Err(error) => Err(no_file(error)),
    }
}

/// Whether a path to nothing would lead out of the folder: what there is of it does, or the rest
/// climbs.
fn leads_out(folder: &Path, wanted: &Path) -> bool {
    let real = wanted.ancestors().find_map(|part| part.canonicalize().ok());
    let climbs = || wanted.components().any(|part| part == Component::ParentDir);
    real.is_none_or(|real| !real.starts_with(folder)) || climbs()
}

/// A name that cannot be, a loop of links and a file in the place of a folder are all no file.
fn no_file(error: io::Error) -> NoFile {
    match error.kind() {
        io::ErrorKind::PermissionDenied => NoFile::Unreadable(error),
        _ if error.raw_os_error().is_none() => NoFile::Missing,
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => NoFile::Missing,
        io::ErrorKind::InvalidFilename => NoFile::Missing,
        _ if is_loop(&error) => NoFile::Missing,
        _ => NoFile::Unreadable(error),
    }
}

#[cfg(unix)]
fn is_loop(error: &io::Error) -> bool {
    // ELOOP, whose kind has no stable name yet: 40 on Linux, 62 on the BSDs and macOS.
    matches!(error.raw_os_error(), Some(40 | 62))
}

#[cfg(not(unix))]
fn is_loop(_error: &io::Error) -> bool {
    false
}

/// The text behind percent-encoding; `None` when nothing is encoded or it is no text.
fn percent_decoded(path: &str) -> Option<String> {
    if !path.contains('%') {
        return None;
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let encoded = (*first == b'%')
            .then(|| std::str::from_utf8(after.get(..2)?).ok())
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match encoded {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("inside");
        fs::create_dir_all(inside.join("sub")).unwrap();
        fs::create_dir_all(folder.path().join("outside")).unwrap();
        for (name, content) in [
            ("inside/a.css", "body{}\n"),
            ("inside/sub/in.js", "in\n"),
            ("inside/a b.txt", "space"),
            ("inside/p%20q.txt", "raw"),
            ("outside/secret.txt", "secret"),
        ] {
            fs::write(folder.path().join(name), content).unwrap();
        }
        folder
    }

    fn mounts(folder: &Path) -> StaticMounts {
        StaticMounts::new([
            ("s".to_owned(), folder.join("inside")),
            ("a/b".to_owned(), folder.join("inside/sub")),
            ("s".to_owned(), folder.join("outside")),
        ])
    }

    fn outcome(mounts: &StaticMounts, path: &str) -> String {
        let Some(mounted) = mounts.find(path) else {
            return "no mount".to_owned();
        };
        match mounts.open(mounted) {
            Ok(file) => io::read_to_string(file.file).unwrap(),
            Err(no_file) => format!("{no_file:?}"),
        }
    }

    // Proves: TPL-80, TPL-81, TPL-86, ERR-25
    #[test]
    fn paths_lead_to_files_below_the_first_mount_of_a_name() {
        let folder = folder();
        let mounts = mounts(folder.path());
        for (path, expected) in [
            ("/s/a.css", "body{}\n"),
            ("/s/sub/in.js", "in\n"),
            ("/a/b/in.js", "in\n"),
            ("/s/a%20b.txt", "space"),
            ("/s/p%20q.txt", "raw"),
            ("/s", "no mount"),
            ("/a/b", "no mount"),
            ("/sa.css", "no mount"),
            ("/s/", "Folder"),
            ("/s/sub", "Folder"),
            ("/s/sub/", "Folder"),
            ("/s/nope", "Missing"),
            ("/s/secret.txt", "Missing"),
            ("/s/a.css/x", "Missing"),
            ("/s/a%00b", "Missing"),
            ("/s/%zz", "Missing"),
            ("/s//a.css", "Outside"),
            ("/s/../outside/secret.txt", "Outside"),
            ("/s/../outside/nope", "Outside"),
            ("/s/%2e%2e/outside/secret.txt", "Missing"),
            ("/s/..%2foutside%2fsecret.txt", "Missing"),
            ("/s/a.css/", "body{}\n"),
            ("/s/./sub/../a.css", "body{}\n"),
        ] {
            assert_eq!(outcome(&mounts, path), expected, "{path}");
        }
        let long = format!("/s/{}", "x".repeat(5000));
        assert_eq!(outcome(&mounts, &long), "Missing");
    }

    // Proves: TPL-85
    #[cfg(unix)]
    #[test]
    fn links_may_not_lead_out() {
        use std::os::unix::fs::symlink;
        let folder = folder();
        let inside = folder.path().join("inside");
        symlink("../outside/secret.txt", inside.join("link.txt")).unwrap();
        symlink("../outside", inside.join("out")).unwrap();
        symlink("a.css", inside.join("good.css")).unwrap();
        symlink("loop", inside.join("loop")).unwrap();
        let mounts = mounts(folder.path());
        for (path, expected) in [
            ("/s/good.css", "body{}\n"),
            ("/s/link.txt", "Outside"),
            ("/s/out", "Outside"),
            ("/s/out/secret.txt", "Outside"),
            ("/s/out/nope", "Outside"),
            ("/s/loop", "Missing"),
        ] {
            assert_eq!(outcome(&mounts, path), expected, "{path}");
        }
    }

    // Proves: TPL-22, TPL-23
    #[test]
    fn urls_carry_the_hash() {
        let folder = folder();
        let mounts = mounts(folder.path());
        let urls = Urls::new("/p/");
        let url = |name: &str, path: &str| mounts.url(&urls, name, path);
        assert_eq!(
            url("s", "sub/in.js").unwrap(),
            "/p/s/sub/in.js?_hash=ab5080369a96"
        );
        assert_eq!(
            url("/a/b/", "in.js").unwrap(),
            "/p/a/b/in.js?_hash=ab5080369a96"
        );
        assert_eq!(url("x", "y").unwrap_err(), "No static mount found for x");
        assert_eq!(
            url("s", "../outside/secret.txt").unwrap_err(),
            "Static asset path cannot escape static root"
        );
        assert_eq!(
            url("s", "nope").unwrap_err(),
            "No static file nope in the mount s"
        );
    }
}
