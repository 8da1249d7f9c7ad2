//! Hashes of files, computed once for every state of a file.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use datasette_core::clock::{Clock, SystemClock};
use md5::{Digest, Md5};
use parking_lot::Mutex;
use sha2::Sha256;

/// Files whose hashes are kept; at most some hundred kilobytes.
const KEPT: usize = 4096;

/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;

/// The clocks of file systems tick slowly: what was written just now may be written again without
/// a change of its time.
const SETTLED: Duration = Duration::from_secs(2);

/// The hashes of a file's content, in lower-case hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hashes {
    /// MD5: the ETag (CACHE-07).
    pub md5: String,
    /// The first twelve digits of SHA-256: the `_hash` of links (CACHE-08).
    pub short_sha256: String,
}

/// Hashes by path, good for as long as a file has the size and the time that it had.
pub(crate) struct FileHashes {
    clock: Box<dyn Clock>,
    known: Mutex<HashMap<PathBuf, (State, Arc<Hashes>)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    size: u64,
    modified: SystemTime,
}

impl State {
    fn of(metadata: &Metadata) -> io::Result<Self> {
        Ok(Self {
            size: metadata.len(),
            modified: metadata.modified()?,
        })
    }

    fn is_settled(&self, now: Duration) -> bool {
        let age = (UNIX_EPOCH + now).duration_since(self.modified);
        age.is_ok_and(|age| age > SETTLED)
    }
}

impl Default for FileHashes {
    fn default() -> Self {
        Self {
            clock: Box::new(SystemClock),
            known: Mutex::default(),
        }
    }
}

impl fmt::Debug for FileHashes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("FileHashes").finish_non_exhaustive()
    }
}

impl FileHashes {
    /// The hashes of an open file, which is at its start before and after.
    pub(crate) fn of(&self, path: &Path, file: &mut File) -> io::Result<Arc<Hashes>> {
        let state = State::of(&file.metadata()?)?;
        if let Some((known, hashes)) = self.known.lock().get(path)
            && *known == state
        {
            return Ok(Arc::clone(hashes));
        }
        let hashes = Arc::new(hash(file)?);
        file.rewind()?;
        // What changed while it was read has no hash that is worth keeping.
        if state.is_settled(self.clock.now()) && State::of(&file.metadata()?)? == state {
            let mut known = self.known.lock();
            if known.len() >= KEPT {
                known.clear();
            }
            known.insert(path.to_owned(), (state, Arc::clone(&hashes)));
        }
        Ok(hashes)
    }
}

fn hash(file: &mut File) -> io::Result<Hashes> {
    let (mut md5, mut sha256) = (Md5::new(), Sha256::new());
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => {
                md5.update(&chunk[..read]);
                sha256.update(&chunk[..read]);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Hashes {
        md5: hex(&md5.finalize()),
        short_sha256: hex(&sha256.finalize()[..6]),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: TPL-24
    #[test]
    fn hashes_are_kept_while_a_file_stays_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.js");
        let hashes = FileHashes::default();
        let look = || hashes.of(&path, &mut File::open(&path).unwrap()).unwrap();
        let set = |content: &str, age: u64| {
            std::fs::write(&path, content).unwrap();
            let time = UNIX_EPOCH + SystemClock.now() - Duration::from_secs(age);
            let file = File::options().write(true).open(&path).unwrap();
            file.set_modified(time).unwrap();
        };
        set("one", 100);
        let first = look();
        assert_eq!(first.md5, "f97c5d29941bfb1b2fdab0874906ab82");
        assert_eq!(first.short_sha256, "7692c3ad3540");
        assert!(Arc::ptr_eq(&first, &look()));
        set("two", 50);
        assert_ne!(look().md5, first.md5);
        // Too fresh to be sure that it is not written again within the same tick.
        set("six", 0);
        let fresh = look();
        assert!(!Arc::ptr_eq(&fresh, &look()));
        assert_eq!(fresh, look());
    }
}
