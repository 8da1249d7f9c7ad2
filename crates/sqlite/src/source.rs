//! Where a database lives and the URI by which SQLite opens it.

use std::path::{Path, PathBuf};

/// Where a database lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// A database in memory, seen by every handle of this process that opens the same name
    /// (MEM-04); it lives as long as the last of them.
    Memory {
        /// The name that identifies the content.
        name: String,
    },
    /// A private file in the system's temporary directory, in WAL mode, deleted with its
    /// companions when the last handle goes (INT-02).
    TemporaryFile,
}

/// Whether anybody may change the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutability {
    /// This or another process may write to it.
    Mutable,
    /// Nobody writes; files are opened without locks and without change detection (IMM-01).
    Immutable,
}

/// The URI of a file, with `query` (without `?`) appended when it is not empty. Any byte a path
/// may hold is carried, also where it is not UTF-8.
pub(crate) fn file_uri(path: &Path, query: &str) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let mut uri = String::with_capacity(bytes.len() + 16);
    uri.push_str("file:");
    // Two leading slashes would start the authority part of a URI.
    let doubled = bytes.iter().take_while(|byte| **byte == b'/').count();
    escape(&mut uri, &bytes[doubled.saturating_sub(1)..]);
    if !query.is_empty() {
        uri.push('?');
        uri.push_str(query);
    }
    uri
}

/// The URI of a database in memory: SQLite's memdb shares names that begin with a slash.
pub(crate) fn memory_uri(name: &str) -> String {
    let mut uri = String::from("file:/");
    escape(&mut uri, name.as_bytes());
    uri.push_str("?vfs=memdb");
    uri
}

fn escape(uri: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in bytes {
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'_' | b'-');
        if plain || (cfg!(windows) && matches!(byte, b':' | b'\\')) {
            uri.push(if *byte == b'\\' {
                '/'
            } else {
                char::from(*byte)
            });
        } else {
            uri.push('%');
            uri.push(char::from(DIGITS[usize::from(byte >> 4)]));
            uri.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris_that_mean_the_same_file() {
        let uri = |path: &str| file_uri(Path::new(path), "mode=ro");
        assert_eq!(uri("data.db"), "file:data.db?mode=ro");
        assert_eq!(uri("/a/b c?.db"), "file:/a/b%20c%3F.db?mode=ro");
        assert_eq!(uri("//a/b#%.db"), "file:/a/b%23%25.db?mode=ro");
        assert_eq!(uri("é.db"), "file:%C3%A9.db?mode=ro");
        assert_eq!(memory_uri("a b"), "file:/a%20b?vfs=memdb");
    }
}
