//! Has anything changed? A connection that only ever looks, so that its counter moves for every
//! commit, ours and other processes' alike; and the file's identity, should it be replaced.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use datasette_core::Fault;
use parking_lot::Mutex;
use rusqlite::{Connection, ErrorCode, ffi};

use crate::clock::{self, Clock};
use crate::open::Opener;

/// How often the file's identity is looked at, in nanoseconds.
const LOOK_EVERY: u64 = 250_000_000;

/// A value that differs whenever the content may differ. Compare for equality only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChangeStamp {
    probe: u64,
    generation: u64,
    epoch: u64,
    data_version: i64,
}

/// Device and inode; the same as long as the path leads to the same file.
type Identity = Option<(u64, u64)>;

struct Looking {
    connection: Connection,
    identity: Identity,
}

/// The watching connection of one database. It also keeps a database in memory alive.
pub(crate) struct Probe {
    looking: Mutex<Looking>,
    clock: Arc<Clock>,
    /// Counts replacements of the file.
    generation: AtomicU64,
    /// Counts our own commits.
    epoch: AtomicU64,
    next_look: AtomicU64,
    /// Tells stamps of this database from those of another that had its name before.
    serial: u64,
}

/// Numbers probes.
static SERIALS: AtomicU64 = AtomicU64::new(1);

impl Probe {
    /// Opens the watching connection and reads the header. A lock held by somebody else is no
    /// reason to fail.
    pub(crate) fn open(opener: &Opener) -> Result<Self, Fault> {
        let clock = Arc::new(Clock::new());
        let looking = look(opener, &clock).map_err(|error| opener.explain(error))?;
        let mut version = data_version(&looking.connection);
        if version.as_ref().is_err_and(is_unfinished) {
            opener.undo_unfinished(&clock);
            version = data_version(&looking.connection);
        }
        match version {
            Ok(_) => {}
            Err(error) if is_lock(&error) => {}
            Err(error) => return Err(opener.explain(error)),
        }
        Ok(Self {
            looking: Mutex::new(looking),
            clock,
            generation: AtomicU64::new(0),
            epoch: AtomicU64::new(0),
            next_look: AtomicU64::new(clock::now() + LOOK_EVERY),
            serial: SERIALS.fetch_add(1, Ordering::Relaxed),
        })
    }

    /// The present state, `None` while it cannot be told.
    pub(crate) fn stamp(&self, opener: &Opener) -> Option<ChangeStamp> {
        let data_version = if opener.is_mutable() {
            self.look_at_file(opener);
            let looking = self.looking.lock();
            data_version(&looking.connection).ok()?
        } else {
            0
        };
        Some(ChangeStamp {
            probe: self.serial,
            generation: self.generation(),
            epoch: self.epoch.load(Ordering::Acquire),
            data_version,
        })
    }

    /// The state as far as this server changes it, without a look at the file.
    pub(crate) fn own_stamp(&self) -> ChangeStamp {
        ChangeStamp {
            probe: self.serial,
            generation: self.generation(),
            epoch: self.epoch.load(Ordering::Acquire),
            data_version: 0,
        }
    }

    /// How often the file was replaced.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Notes a commit of our own.
    pub(crate) fn committed(&self) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
    }

    /// Now and then checks whether the path leads to another file, and turns to that one. Lanes
    /// follow when they see the new generation. A file that vanished stays open as it was.
    pub(crate) fn look_at_file(&self, opener: &Opener) {
        let (true, Some(path)) = (opener.is_mutable(), opener.path()) else {
            return;
        };
        let now = clock::now();
        let due = self.next_look.load(Ordering::Relaxed);
        if now < due
            || self
                .next_look
                .compare_exchange(due, now + LOOK_EVERY, Ordering::AcqRel, Ordering::Relaxed)
                .is_err()
        {
            return;
        }
        let found = identity(path);
        let mut looking = self.looking.lock();
        if found.is_some() && found != looking.identity {
            match look(opener, &self.clock) {
                Ok(fresh) => {
                    *looking = fresh;
                    self.generation.fetch_add(1, Ordering::AcqRel);
                    tracing::info!(path = %path.display(), "database file was replaced");
                }
                Err(error) => {
                    tracing::warn!(path = %path.display(), %error, "replaced database file cannot be opened");
                }
            }
        }
    }
}

fn look(opener: &Opener, clock: &Arc<Clock>) -> rusqlite::Result<Looking> {
    let (mut connection, _policy) = opener.read(clock)?;
    // Whoever asks would rather hear nothing than wait.
    connection.busy_handler(None::<fn(i32) -> bool>)?;
    let identity = opener.path().and_then(identity);
    Ok(Looking {
        connection,
        identity,
    })
}

fn data_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("pragma data_version")?
        .query_row([], |row| row.get(0))
}

fn is_lock(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

/// Whether a program was killed while it wrote, so that its journal has to be undone first, which
/// takes a connection that may write.
fn is_unfinished(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    code == Some(ffi::SQLITE_READONLY_ROLLBACK)
}

#[cfg(unix)]
fn identity(path: &Path) -> Identity {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_path: &Path) -> Identity {
    None
}
