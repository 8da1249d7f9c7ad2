//! Unpacking the archive that the build made.

use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path};

use flate2::read::DeflateDecoder;

/// What each file begins with.
const FILE: &[u8] = b"PK\x03\x04";

/// Length of what stands before the name of a file.
const HEAD: usize = 30;

/// Unpacks all files into a folder. It understands the archives of the build: every file deflated,
/// with its sizes before it.
///
/// # Errors
/// It cannot be written, or is not such an archive.
pub(super) fn unpack(mut archive: &[u8], folder: &Path) -> io::Result<()> {
    while let Some(file) = archive.strip_prefix(FILE) {
        let number = |place: usize| -> io::Result<usize> {
            let bytes = file.get(place..place + 4).ok_or_else(broken)?;
            Ok(bytes
                .iter()
                .rev()
                .fold(0, |all, byte| all << 8 | usize::from(*byte)))
        };
        // Places are those of the format less the four bytes of the mark.
        let packed = number(14)?;
        let name_length = number(22)? & 0xffff;
        let start = HEAD - FILE.len() + name_length;
        let name = file.get(HEAD - FILE.len()..start).ok_or_else(broken)?;
        let content = file.get(start..start + packed).ok_or_else(broken)?;
        let name = std::str::from_utf8(name).map_err(|_| broken())?;
        write(folder, Path::new(name), content)?;
        archive = &file[start + packed..];
    }
    Ok(())
}

fn write(folder: &Path, name: &Path, content: &[u8]) -> io::Result<()> {
    let plain = |part| matches!(part, Component::Normal(_));
    if !name.components().all(plain) {
        return Err(broken());
    }
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut whole = Vec::new();
    DeflateDecoder::new(content).read_to_end(&mut whole)?;
    fs::write(path, whole)
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the Python package is damaged")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_archive_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let cut = [FILE, &[0; 20]].concat();
        assert!(unpack(&cut, folder.path()).is_err());
        let mut outside = FILE.to_vec();
        outside.extend([0; 14]);
        outside.extend([2, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0]);
        outside.extend(b"../x\x03\x00");
        let error = unpack(&outside, &folder.path().join("inner")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(!folder.path().join("x").exists());
    }
}
