//! Folders that are written: a temporary one for other programs, or one the user named.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::args::reason;
use crate::failure::Failure;
use crate::output;

use super::context::{Content, Entry};
use super::program::Interruptions;

/// A temporary folder, gone when this is dropped, also when a signal ends the command (PUB-14).
pub(super) struct TemporaryFolder {
    path: PathBuf,
    /// What a signal does from now on.
    pub(super) interruptions: Interruptions,
    // Dropped last.
    _folder: TempDir,
}

impl TemporaryFolder {
    /// Writes the entries into a folder of this name inside a new temporary one, which only its
    /// owner can look into.
    ///
    /// # Errors
    /// Something cannot be read or written.
    pub(super) fn write(name: &str, entries: &[Entry]) -> Result<Self, Failure> {
        check_name(name)?;
        let interruptions = Interruptions::held_back().map_err(cannot_prepare)?;
        let folder = tempfile::Builder::new()
            .prefix("datasette-publish-")
            .tempdir()
            .map_err(cannot_prepare)?;
        let path = folder.path().join(name);
        make_private(folder.path())
            .and_then(|()| fs::create_dir(&path))
            .map_err(cannot_prepare)?;
        write_all(&path, entries, Way::Link)?;
        Ok(Self {
            path,
            interruptions,
            _folder: folder,
        })
    }

    /// The folder.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Refuses names that lead elsewhere than into the temporary folder.
///
/// # Errors
/// It is no name of a folder.
pub(super) fn check_name(name: &str) -> Result<(), Failure> {
    if name.is_empty() || name == "." || name == ".." || name.contains(['/', '\\', '\0']) {
        return Err(Failure::error(format!(
            "'{name}' cannot be the name of a folder"
        )));
    }
    Ok(())
}

/// Writes the entries into a new folder and says so (PUB-67, PUB-68).
///
/// # Errors
/// There is something of that name, or something cannot be read or written.
pub(super) fn generate(folder: &Path, entries: &[Entry]) -> Result<(), Failure> {
    if folder.symlink_metadata().is_ok() {
        return Err(Failure::error("Directory already exists"));
    }
    let cannot_make = |error| {
        Failure::error(format!(
            "Could not create {}: {}",
            folder.display(),
            reason(&error)
        ))
    };
    fs::create_dir_all(folder)
        .and_then(|()| make_private(folder))
        .map_err(cannot_make)?;
    if let Err(failure) = write_all(folder, entries, Way::Copy) {
        // Half of it would only be in the way of the next attempt.
        let _ = fs::remove_dir_all(folder);
        return Err(failure);
    }
    output::tell(&format!(
        "Generated files written to {}, stopping without deploying",
        folder.display()
    ));
    Ok(())
}

/// How files of the user come into the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// As links where that is possible: nobody changes them there.
    Link,
    /// As copies, which the user may change.
    Copy,
}

fn write_all(folder: &Path, entries: &[Entry], way: Way) -> Result<(), Failure> {
    for entry in entries {
        let to = folder.join(&entry.path);
        let written = parent(&to).and_then(|()| match &entry.content {
            Content::Text(text) => write_text(&to, text, 0o644),
            Content::SecretText(text) => write_text(&to, text, 0o600),
            Content::Script(text) => write_text(&to, text, 0o755),
            Content::File(from) => put(from, &to, way, 0o644),
            Content::Program(from) => put(from, &to, way, 0o755),
            Content::Folder(from) => put_folder(from, &to, way, &mut Vec::new()),
        });
        written.map_err(|error| {
            let what = match &entry.content {
                Content::File(from) | Content::Program(from) | Content::Folder(from) => {
                    from.display().to_string()
                }
                _ => entry.path.clone(),
            };
            Failure::error(format!("Could not copy {what}: {}", reason(&error)))
        })?;
    }
    Ok(())
}

fn parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) => fs::create_dir_all(parent),
        None => Ok(()),
    }
}

fn write_text(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    // Whatever mask the user has: the container runs as somebody else.
    set_mode(&file, mode)
}

/// Links a file, or copies it: to another disk, and when its mode would lock the container out.
fn put(from: &Path, to: &Path, way: Way, mode: u32) -> io::Result<()> {
    // Links are followed: where the folder goes, what they lead to is not.
    let from = from.canonicalize()?;
    let file = File::open(&from)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    if way == Way::Link && has_mode(&file, mode)? && fs::hard_link(&from, to).is_ok() {
        return Ok(());
    }
    let mut options = OpenOptions::new();
    let mut copy = options.write(true).create_new(true).open(to)?;
    io::copy(&mut &file, &mut copy)?;
    set_mode(&copy, mode)
}

/// `above` are the folders that this one is in, so that a link to one of them is not followed for
/// ever.
fn put_folder(from: &Path, to: &Path, way: Way, above: &mut Vec<PathBuf>) -> io::Result<()> {
    let own = from.canonicalize()?;
    if above.contains(&own) {
        return Err(io::Error::other(format!(
            "{} leads back to a folder that it is in",
            from.display()
        )));
    }
    fs::create_dir_all(to)?;
    above.push(own);
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.metadata()?.is_dir() {
            put_folder(&from, &to, way, above)?;
        } else {
            put(&from, &to, way, 0o644)?;
        }
    }
    above.pop();
    Ok(())
}

/// Whether a file gives everybody at least these rights.
#[cfg(unix)]
fn has_mode(file: &File, mode: u32) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    let wanted = mode & 0o555;
    Ok(file.metadata()?.permissions().mode() & wanted == wanted)
}

#[cfg(not(unix))]
fn has_mode(_file: &File, _mode: u32) -> io::Result<bool> {
    Ok(true)
}

#[cfg(unix)]
fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_file: &File, _mode: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_private(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn cannot_prepare(error: io::Error) -> Failure {
    Failure::error(format!("No temporary folder can be made: {error}"))
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
