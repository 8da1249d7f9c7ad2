//! Opening: what may be asked for, and what can be wrong with a file, in words for its operator.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use datasette_core::{Fault, FaultKind};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::authorizer::Policy;
use crate::clock::Clock;
use crate::extensions::{self, Extension};
use crate::observe::Observer;
use crate::source::{Mutability, Source, file_uri, memory_uri};
use crate::temporary::TemporaryFile;
use crate::{functions, guest, harden, lock_wait};

/// Prepared statements kept per lane.
const STATEMENTS: usize = 64;

/// Bytecode instructions between two looks at the clock: well below a millisecond.
const PROGRESS: i32 = guest::STEPS as i32;

/// How a database is opened. Start from [`OpenOptions::new`].
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// Where it lives.
    pub source: Source,
    /// Whether anybody may change it.
    pub mutability: Mutability,
    /// How many reads may run at the same time (`num_sql_threads`): 1 to 1000, what lies outside
    /// counts as the nearest.
    pub lanes: usize,
    /// Page cache per connection in KiB; 0 leaves SQLite's default of about 2 MB.
    pub cache_size_kb: u32,
    /// What the size of an immutable file is known to be; it is not looked at then (CLI-157).
    pub known_size: Option<u64>,
    /// Read a mutable file without taking locks, at the operator's risk (CLI-67).
    pub nolock: bool,
    /// Create the file as a valid empty database when it is missing (CLI-61).
    pub create: bool,
    /// How long a read waits for a lock before it answers 503; its own time limit counts too.
    pub read_wait: Duration,
    /// How long a write waits for a lock before it answers 503.
    pub write_wait: Duration,
    /// Other files that read connections see under their own names (XDB-01).
    pub attached: Vec<Attached>,
    /// Extensions to load on every connection (EXT-01).
    pub extensions: Vec<Extension>,
    /// Who is told what is done with it.
    pub observer: Option<Arc<dyn Observer>>,
}

impl OpenOptions {
    /// Mutable, one lane per core up to four, everything else off.
    pub fn new(source: Source) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            source,
            mutability: Mutability::Mutable,
            lanes: cores.clamp(1, 4),
            cache_size_kb: 0,
            known_size: None,
            nolock: false,
            create: false,
            read_wait: Duration::from_secs(1),
            write_wait: Duration::from_secs(5),
            attached: Vec::new(),
            extensions: Vec::new(),
            observer: None,
        }
    }

    /// The same, immutable.
    pub fn immutable(self) -> Self {
        Self {
            mutability: Mutability::Immutable,
            ..self
        }
    }
}

/// A file that read connections of another database see (XDB-01, XDB-05).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// The name SQL uses for it.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// Whether it was opened as immutable.
    pub mutability: Mutability,
}

/// Where the content really is, once names are settled.
pub(crate) enum Location {
    File(PathBuf),
    Memory(String),
    Temporary(TemporaryFile),
}

/// Everything needed to make one more connection.
pub(crate) struct Opener {
    pub(crate) options: OpenOptions,
    pub(crate) location: Location,
}

impl Opener {
    /// Settles the location, creating files where that was asked for.
    pub(crate) fn new(options: OpenOptions) -> Result<Self, Fault> {
        let location = match &options.source {
            Source::Memory { name } => Location::Memory(name.clone()),
            Source::TemporaryFile => Location::Temporary(TemporaryFile::new()?),
            Source::File(path) => {
                if options.create && !path.exists() {
                    create_empty(path)?;
                }
                check_file(path)?;
                Location::File(path.clone())
            }
        };
        Ok(Self { options, location })
    }

    /// The file, where there is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.location {
            Location::File(path) => Some(path),
            Location::Temporary(file) => Some(file.path()),
            Location::Memory(_) => None,
        }
    }

    pub(crate) fn is_mutable(&self) -> bool {
        self.options.mutability == Mutability::Mutable
    }

    /// A connection for reading, ready for visitors' statements.
    pub(crate) fn read(&self, clock: &Arc<Clock>) -> rusqlite::Result<(Connection, Arc<Policy>)> {
        let mut flags = OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let uri = match &self.location {
            Location::Memory(name) => {
                flags |= OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
                if self.options.attached.is_empty() {
                    memory_uri(name)
                } else {
                    // What is attached would be looked for in shared memory too. A private empty
                    // database is all that files are attached to (MEM-02).
                    ":memory:".to_owned()
                }
            }
            Location::File(_) | Location::Temporary(_) => {
                flags |= OpenFlags::SQLITE_OPEN_READ_ONLY;
                let query = match self.options.mutability {
                    Mutability::Immutable => "immutable=1",
                    Mutability::Mutable if self.options.nolock => "mode=ro&nolock=1",
                    Mutability::Mutable => "mode=ro",
                };
                file_uri(self.path().unwrap_or(Path::new("")), query)
            }
        };
        let mut connection = Connection::open_with_flags(uri, flags)?;
        let policy = self.equip(&mut connection, clock, self.options.read_wait)?;
        for attached in &self.options.attached {
            let query = match attached.mutability {
                Mutability::Immutable => "immutable=1",
                Mutability::Mutable => "mode=ro",
            };
            let uri = file_uri(&attached.path, query);
            connection.execute("attach database ? as ?", [&uri, &attached.name])?;
        }
        harden::read_connection(&connection)?;
        Ok((connection, policy))
    }

    /// A connection for writing.
    pub(crate) fn write(&self, clock: &Arc<Clock>) -> rusqlite::Result<(Connection, Arc<Policy>)> {
        let flags = OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_READ_WRITE;
        let (uri, flags) = match &self.location {
            Location::Memory(name) => (memory_uri(name), flags | OpenFlags::SQLITE_OPEN_CREATE),
            Location::File(_) | Location::Temporary(_) => {
                (file_uri(self.path().unwrap_or(Path::new("")), ""), flags)
            }
        };
        let mut connection = Connection::open_with_flags(uri, flags)?;
        let policy = self.equip(&mut connection, clock, self.options.write_wait)?;
        if matches!(self.location, Location::Temporary(_)) {
            // Nothing in it outlives the process, so nothing needs to reach the disk.
            connection.execute_batch("pragma synchronous = off; pragma journal_mode = wal")?;
        }
        Ok((connection, policy))
    }

    /// Undoes what a program left that was killed while it wrote, as anybody does who opens the
    /// file for writing. Where that cannot be done the next reader hears why.
    pub(crate) fn undo_unfinished(&self, clock: &Arc<Clock>) {
        if !self.is_mutable() {
            return;
        }
        let undone = self.write(clock).and_then(|(connection, _)| {
            connection.query_row("select count(*) from sqlite_master", [], |_| Ok(()))
        });
        if let Err(error) = undone {
            tracing::debug!(%error, "an unfinished write could not be undone");
        }
    }

    fn equip(
        &self,
        connection: &mut Connection,
        clock: &Arc<Clock>,
        wait: Duration,
    ) -> rusqlite::Result<Arc<Policy>> {
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        harden::every_connection(connection)?;
        extensions::load(connection, &self.options.extensions)?;
        functions::register(connection)?;
        if self.options.cache_size_kb > 0 {
            let size = -i64::from(self.options.cache_size_kb);
            connection.pragma_update(None, "cache_size", size)?;
        }
        lock_wait::install(connection, clock, wait)?;
        let policy = Arc::new(Policy::default());
        let (watched, guided) = (Arc::clone(clock), Arc::clone(&policy));
        let must_stop = move || watched.must_stop() || guided.guest.wants_end();
        connection.progress_handler(PROGRESS, Some(must_stop))?;
        clock.connect(connection.get_interrupt_handle());
        policy.install(connection)?;
        Ok(policy)
    }

    /// What to tell the operator about a file that cannot be opened or read.
    pub(crate) fn explain(&self, error: rusqlite::Error) -> Fault {
        let code = error.sqlite_error_code();
        let words = match (code, self.path()) {
            (Some(ErrorCode::NotADatabase), _) => "file is not a database".to_owned(),
            (Some(ErrorCode::DatabaseCorrupt), _) => "database disk image is malformed".to_owned(),
            (Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly), Some(path)) => {
                let mode = "unable to open database file";
                if self.is_mutable() && is_write_ahead(path) {
                    format!(
                        "{mode}: it uses write-ahead logging, which needs a writable directory; make \
                         the directory writable, or open the file as immutable if nobody writes to it"
                    )
                } else {
                    format!("{mode}: check that this user may read it")
                }
            }
            _ => driver_words(&error),
        };
        Fault::new(FaultKind::Internal, words).caused_by(error)
    }
}

fn driver_words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

/// Looks without opening: closing a file drops every lock this process holds on it.
fn check_file(path: &Path) -> Result<(), Fault> {
    let words = match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => "this is a directory, not a database file".to_owned(),
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            "no such file; check the path, or create an empty database with --create".to_owned()
        }
        Err(error) => format!("unable to open database file: {error}"),
    };
    Err(Fault::new(FaultKind::Internal, words))
}

/// Whether a file that cannot be opened says that it uses write-ahead logging.
fn is_write_ahead(path: &Path) -> bool {
    use std::io::Read;
    // Reached only after SQLite failed to open the file, so there are no locks to lose.
    let mut header = [0u8; 20];
    std::fs::File::open(path)
        .and_then(|mut file| file.read_exact(&mut header))
        .is_ok_and(|()| header.starts_with(b"SQLite format 3\0") && header[18] == 2)
}

fn create_empty(path: &Path) -> Result<(), Fault> {
    let flags = OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE;
    Connection::open_with_flags(file_uri(path, ""), flags)
        .and_then(|connection| connection.execute_batch("vacuum"))
        .map_err(|error| {
            let words = format!(
                "the database file could not be created: {}",
                driver_words(&error)
            );
            Fault::new(FaultKind::Internal, words).caused_by(error)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: SET-30
    #[test]
    fn every_connection_gets_the_cache_that_was_asked_for() {
        let cache = |kilobytes: u32| {
            let mut options = OpenOptions::new(Source::Memory {
                name: format!("cache_{kilobytes}"),
            });
            options.cache_size_kb = kilobytes;
            let opener = Opener::new(options).unwrap();
            let size = |connection: &Connection| {
                let found = connection.pragma_query_value(None, "cache_size", |row| row.get(0));
                found.unwrap()
            };
            let clock = Arc::new(Clock::new());
            let (reading, _) = opener.read(&clock).unwrap();
            let (writing, _) = opener.write(&clock).unwrap();
            let sizes: [i64; 2] = [size(&reading), size(&writing)];
            sizes
        };
        let untouched = Connection::open_in_memory().unwrap();
        let default: i64 = untouched
            .pragma_query_value(None, "cache_size", |row| row.get(0))
            .unwrap();
        assert_eq!(cache(0), [default; 2]);
        assert_eq!(cache(777), [-777; 2]);
    }
}
