//! Values of options that are checked as they are read.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use datasette_sqlite::Extension;

/// A port (CLI-22). `$NAME` is the value of that environment variable, for where no shell puts it
/// in: containers that are told their port.
pub(crate) fn port(text: &str) -> Result<u16, String> {
    if let Some(name) = text.strip_prefix('$') {
        let value = std::env::var(name);
        let value = value.map_err(|_| format!("the environment has no '{name}'."))?;
        return port_number(&value);
    }
    port_number(text)
}

fn port_number(text: &str) -> Result<u16, String> {
    let number: i128 = text
        .trim()
        .parse()
        .map_err(|_| format!("'{text}' is not a valid integer range."))?;
    u16::try_from(number).map_err(|_| format!("{number} is not in the range 0<=x<=65535."))
}

/// A whole number, in any spelling that the original reads (CLI-193).
pub(crate) fn integer(text: &str) -> Result<i64, String> {
    let refused = || format!("'{text}' is not a valid integer.");
    let digits = text.trim();
    let unsigned = digits.strip_prefix(['+', '-']).unwrap_or(digits);
    // Underscores stand between digits.
    if unsigned.split('_').any(str::is_empty) {
        return Err(refused());
    }
    digits.replace('_', "").parse().map_err(|_| refused())
}

/// A path that exists (CLI-20).
pub(crate) fn existing(path: OsString) -> Result<PathBuf, String> {
    let path = PathBuf::from(path);
    if path.exists() {
        Ok(path)
    } else {
        Err(format!("Path '{}' does not exist.", path.display()))
    }
}

/// An existing directory (CLI-54).
pub(crate) fn directory(path: OsString) -> Result<PathBuf, String> {
    let path = PathBuf::from(path);
    let shown = path.display();
    if path.is_dir() {
        Ok(path)
    } else if path.exists() {
        Err(format!("Directory '{shown}' is a file."))
    } else {
        Err(format!("Directory '{shown}' does not exist."))
    }
}

/// A name and the existing directory that is served below it, split at the first colon (CLI-31).
pub(crate) fn mount(value: OsString) -> Result<(String, PathBuf), String> {
    let shown = value.to_string_lossy().into_owned();
    let format = || format!("\"{shown}\" should be of format mountpoint:directory");
    let Some((name, _)) = shown.split_once(':') else {
        return Err(format());
    };
    let Some(path) = rest(&value, name.len() + 1) else {
        return Err(format());
    };
    if path.is_dir() {
        Ok((name.to_owned(), path))
    } else {
        Err(format!("{shown} is not a valid directory path"))
    }
}

/// An extension of SQLite and its entry point, split at the first colon (EXT-02, EXT-08).
pub(crate) fn extension(value: OsString) -> Result<Extension, String> {
    let shown = value.to_string_lossy();
    let (path, entry_point) = match shown.split_once(':') {
        None => (PathBuf::from(&value), None),
        Some((path, entry_point)) => (PathBuf::from(path), Some(entry_point.to_owned())),
    };
    if path.as_os_str().is_empty() {
        return Err("the path of an extension is missing".to_owned());
    }
    Ok(Extension { path, entry_point })
}

/// What follows that many bytes, which are text; a path may hold bytes that are none.
#[cfg(unix)]
fn rest(value: &OsString, start: usize) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    let bytes = value.as_bytes().get(start..)?;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn rest(value: &OsString, start: usize) -> Option<PathBuf> {
    value.to_str()?.get(start..).map(PathBuf::from)
}

/// A file that can be read, or `-` for the standard input (CLI-55).
pub(crate) fn readable(path: OsString) -> Result<PathBuf, String> {
    let path = PathBuf::from(path);
    if path == Path::new("-") {
        return Ok(path);
    }
    let opened = File::open(&path).and_then(|file| {
        if file.metadata()?.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        Ok(())
    });
    match opened {
        Ok(()) => Ok(path),
        Err(error) => Err(format!("'{}': {}", path.display(), reason(&error))),
    }
}

/// The words of the system without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::IsADirectory {
        return "Is a directory".to_owned();
    }
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: CLI-22
    #[test]
    fn ports() {
        assert_eq!(port("0"), Ok(0));
        assert_eq!(port("65535"), Ok(65535));
        assert_eq!(
            port("65536").unwrap_err(),
            "65536 is not in the range 0<=x<=65535."
        );
        assert_eq!(
            port("-1").unwrap_err(),
            "-1 is not in the range 0<=x<=65535."
        );
        assert_eq!(
            port("web").unwrap_err(),
            "'web' is not a valid integer range."
        );
    }

    // Proves: CLI-193
    #[test]
    fn integers() {
        for (text, number) in [
            ("0", 0),
            ("+5", 5),
            ("-5", -5),
            (" 07 ", 7),
            ("1_000", 1000),
            ("9223372036854775807", i64::MAX),
        ] {
            assert_eq!(integer(text), Ok(number));
        }
        for text in [
            "",
            " ",
            "x",
            "5.0",
            "1e3",
            "_1",
            "1_",
            "1__0",
            "+-5",
            "9223372036854775808",
        ] {
            let refused = format!("'{text}' is not a valid integer.");
            assert_eq!(integer(text), Err(refused));
        }
    }

    // Proves: EXT-02, EXT-08
    #[test]
    fn extensions() {
        let read = |text: &str| extension(text.into()).map(|read| (read.path, read.entry_point));
        assert_eq!(read("./ext"), Ok(("./ext".into(), None)));
        let with = ("ext.so".into(), Some("one:two".to_owned()));
        assert_eq!(read("ext.so:one:two"), Ok(with));
        assert!(read("").is_err());
        assert!(read(":entry").is_err());
    }

    // Proves: PUB-86
    #[test]
    fn ports_of_the_environment() {
        // One that every test has.
        assert_eq!(
            port("$CARGO_PKG_VERSION_MAJOR"),
            env!("CARGO_PKG_VERSION_MAJOR")
                .parse()
                .map_err(|_| String::new())
        );
        assert_eq!(
            port("$NO_SUCH_VARIABLE").unwrap_err(),
            "the environment has no 'NO_SUCH_VARIABLE'."
        );
        assert_eq!(
            port("$CARGO_PKG_NAME").unwrap_err(),
            "'datasette' is not a valid integer range."
        );
    }

    // Proves: CLI-20, CLI-54, CLI-55
    #[test]
    fn paths() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let missing = folder.path().join("missing");
        assert!(existing(file.clone().into()).is_ok());
        assert!(
            existing(missing.clone().into())
                .unwrap_err()
                .ends_with("missing' does not exist.")
        );
        assert!(directory(folder.path().into()).is_ok());
        assert!(
            directory(file.clone().into())
                .unwrap_err()
                .ends_with("file' is a file.")
        );
        assert!(
            directory(missing.clone().into())
                .unwrap_err()
                .ends_with("missing' does not exist.")
        );
        assert!(readable(file.into()).is_ok());
        assert!(readable("-".into()).is_ok());
        let absent = readable(missing.into()).unwrap_err();
        assert!(
            absent.ends_with("missing': No such file or directory"),
            "{absent}"
        );
        let folder = readable(folder.path().into()).unwrap_err();
        assert!(folder.ends_with("': Is a directory"), "{folder}");
    }
}
