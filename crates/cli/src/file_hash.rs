//! SHA-256 of immutable files (IMM-03). Hashing a small one takes no longer than starting does;
//! nobody should have to wait for a large one.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datasette_engine::Attach;
use datasette_internal::Registry;
use sha2::{Digest, Sha256};

/// Files up to this many bytes are hashed before the first request, larger ones beside them.
const SMALL: u64 = 4 << 20;

/// A database whose hash is not known yet, and its file.
pub(crate) type Unhashed = Vec<(String, PathBuf)>;

/// Fills in the hashes of small immutable files, and answers the larger ones.
pub(crate) async fn of_small_files(databases: &mut [Attach]) -> Unhashed {
    let mut large = Vec::new();
    let mut hashing = Vec::new();
    for (index, attach) in databases.iter().enumerate() {
        let database = &attach.database;
        let (Some(path), false, None) = (database.path(), database.is_mutable(), &attach.hash)
        else {
            continue;
        };
        let path = path.to_owned();
        if database.size_bytes() > SMALL {
            large.push((attach.name.clone(), path));
        } else {
            hashing.push((index, tokio::task::spawn_blocking(move || of(&path))));
        }
    }
    for (index, hash) in hashing {
        databases[index].hash = hash.await.ok().flatten();
    }
    large
}

/// Hashes files one after the other, beside everything else; each hash is known once it is done.
pub(crate) fn of_large_files(registry: &Arc<Registry>, unhashed: Unhashed) {
    if unhashed.is_empty() {
        return;
    }
    // The thread must not keep databases open beyond the end of the server.
    let registry = Arc::downgrade(registry);
    let hashing = std::thread::Builder::new().name("file-hash".to_owned());
    let started = hashing.spawn(move || {
        for (name, path) in unhashed {
            let hash = of(&path);
            let Some(registry) = registry.upgrade() else {
                return;
            };
            if let Some(hash) = hash {
                registry.set_hash(&name, hash);
            }
        }
    });
    if let Err(error) = started {
        tracing::warn!("immutable files are not hashed: {error}");
    }
}

fn of(path: &Path) -> Option<String> {
    match digest(path) {
        Ok(hash) => Some(hash),
        Err(error) => {
            tracing::warn!(path = %path.display(), "an immutable file cannot be hashed: {error}");
            None
        }
    }
}

/// SHA-256 in lower-case hex.
pub(crate) fn digest(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        let length = file.read(&mut buffer)?;
        if length == 0 {
            break;
        }
        hasher.update(&buffer[..length]);
    }
    Ok(hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

#[cfg(test)]
mod tests {
    // Proves: IMM-03
    #[test]
    fn the_hash_is_that_of_the_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(super::of(&path).as_deref(), Some(expected));
        assert_eq!(super::of(&folder.path().join("missing")), None);
    }
}
