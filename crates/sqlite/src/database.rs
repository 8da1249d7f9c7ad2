//! The handle of an open database.

use std::path::Path;
use std::sync::Arc;

use datasette_core::{DatabaseSchema, Fault, FaultKind};

use crate::job::{self, Job, Waiting};
use crate::lane::{Lane, Role};
use crate::lanes::Lanes;
use crate::live::Borrowed;
use crate::load::Load;
use crate::observe::Work;
use crate::open::{OpenOptions, Opener};
use crate::preparation::Preparation;
use crate::probe::{ChangeStamp, Probe};
use crate::reader::Reader;
use crate::shared::Shared;
use crate::source::Source;
use crate::trace::Tracer;
use crate::watch::Watch;
use crate::writer::Writer;

/// How many exports of one database may be under way at the same time; more of them wait.
const EXPORTS: usize = 8;

struct Inner {
    // Lanes end before what they share.
    reads: Lanes,
    exports: Lanes,
    writes: Lanes,
    shared: Arc<Shared>,
}

/// More than any machine has use for. Each has its place before it is started.
const MOST_LANES: usize = 1000;

/// An open database. Clones are the same database; dropping the last one finishes queued writes
/// and ends its threads.
#[derive(Clone)]
pub struct Database {
    inner: Arc<Inner>,
    tracer: Option<Tracer>,
}

impl Database {
    /// Opens a database. Reads no more than the header and starts no lane. Fails with words for
    /// the operator when the file is missing, is a directory, cannot be read or is not a database
    /// (CLI-60 to CLI-63); a file locked by another process opens.
    pub fn open(mut options: OpenOptions) -> Result<Self, Fault> {
        let lanes = options.lanes.clamp(1, MOST_LANES);
        options.lanes = lanes;
        let opener = Opener::new(options)?;
        let probe = Probe::open(&opener)?;
        let shared = Arc::new(Shared::new(opener, probe));
        Ok(Self {
            inner: Arc::new(Inner {
                reads: Lanes::new(Role::Read, &shared, lanes),
                exports: Lanes::new(Role::Export, &shared, EXPORTS),
                writes: Lanes::new(Role::Write, &shared, 1),
                shared,
            }),
            tracer: None,
        })
    }

    /// The same database, for somebody who wants to know which statements run (DEBUG-70).
    pub fn traced(self, tracer: Tracer) -> Self {
        Self {
            tracer: Some(tracer),
            ..self
        }
    }

    /// Prepares every connection from now on with these. What was prepared before is no longer.
    pub fn prepare(&self, preparations: Vec<Preparation>) {
        self.inner.shared.prepare(preparations);
    }

    /// Runs one job on one read lane inside one read transaction. If the returned future is
    /// dropped, a job that waits never runs and one that runs is interrupted.
    pub async fn read<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Reader<'_>) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        self.read_on(&self.inner.reads, job).await
    }

    /// Like [`Database::read`], for a job that waits for whoever takes its rows. Such jobs have
    /// lanes of their own, so that one who takes nothing holds up nobody's pages.
    pub async fn export<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Reader<'_>) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        self.read_on(&self.inner.exports, job).await
    }

    async fn read_on<R: Send + 'static>(
        &self,
        lanes: &Lanes,
        job: impl FnOnce(&mut Reader<'_>) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let watch = self.watch(Work::Read);
        let (job, waiting) = job::cancellable(move |lane: &mut Lane| lane.read(&watch, job));
        lanes.submit(job)?;
        waiting.answer().await
    }

    /// Runs one job on the write lane inside one transaction (BEGIN IMMEDIATE) that commits when
    /// the job succeeds and rolls back when it fails. Jobs run in the order they came; once
    /// queued a job runs even if nobody waits for it any more. 403 on immutable databases.
    pub async fn write<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Writer<'_>) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let watch = self.watch(Work::Write { transaction: true });
        let queued = job::unstoppable(move |lane: &mut Lane| lane.write(true, &watch, job));
        self.submit_write(queued).await
    }

    /// Like [`Database::write`], for a job that may be repeated: those that queue up while others
    /// wait for the disk share one transaction, in which each is undone by itself when it fails.
    /// Answers come after the commit, as with [`Database::write`].
    pub async fn write_together<R: Send + 'static>(
        &self,
        job: impl Fn(&mut Writer<'_>) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let watch = self.watch(Work::Write { transaction: true });
        self.submit_write(job::sharing(watch, job)).await
    }

    /// Like [`Database::write`] without a transaction: each statement commits by itself, for
    /// VACUUM, changes of the journal mode and scripts that bring their own transactions.
    pub async fn write_without_transaction<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Writer<'_>) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let watch = self.watch(Work::Write { transaction: false });
        let queued = job::unstoppable(move |lane: &mut Lane| lane.write(false, &watch, job));
        self.submit_write(queued).await
    }

    /// Gives a read connection, outside of any transaction, to a job that does with it what plugins
    /// do with theirs. The job is not called off.
    pub async fn lend<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Borrowed<'_>) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let watch = self.watch(Work::Read);
        let (job, waiting) = job::unstoppable(move |lane: &mut Lane| lane.lend(&watch, job));
        self.inner.reads.submit(job)?;
        waiting.answer().await
    }

    /// Opens a connection for one job alone, without what plugins prepare. Nobody writes meanwhile;
    /// on an immutable database it can only read.
    pub async fn lend_another<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Borrowed<'_>) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let is_writing = self.is_mutable();
        let watch = self.watch(match is_writing {
            true => Work::Write { transaction: false },
            false => Work::Read,
        });
        let (job, waiting) =
            job::unstoppable(move |lane: &mut Lane| lane.lend_another(&watch, job));
        match is_writing {
            true => self.inner.writes.submit(job)?,
            false => self.inner.reads.submit(job)?,
        }
        waiting.answer().await
    }

    /// Who wants to know what a job does.
    fn watch(&self, work: Work) -> Watch {
        let observer = self.options().observer.as_ref();
        Watch {
            tracer: self.tracer.clone(),
            observer: observer.map(|observer| observer.queued(work)),
        }
    }

    async fn submit_write<R>(&self, (job, waiting): (Job, Waiting<R>)) -> Result<R, Fault> {
        if !self.is_mutable() {
            return Err(Fault::forbidden("Database is immutable"));
        }
        self.inner.writes.submit(job)?;
        waiting.answer().await
    }

    /// The schema: the one last introspected, as long as nothing has changed since.
    pub async fn schema(&self) -> Result<Arc<DatabaseSchema>, Fault> {
        let stamp = self.change_stamp();
        if let Some(stamp) = stamp
            && let Some(schema) = self.inner.shared.schemas.current(stamp)
        {
            return Ok(schema);
        }
        let schema = self.read(|reader| Ok(reader.schema()?)).await?;
        if let Some(stamp) = stamp {
            self.inner.shared.schemas.confirm(&schema, stamp);
        }
        Ok(schema)
    }

    /// Checks that SQLite can describe every table, as happens before serving. Fails with SQLite's
    /// own words at the first table it cannot, such as `no such module: nosuchmod` (CLI-64, CLI-65);
    /// with `database is locked` when another process holds the file (CLI-66).
    pub async fn check(&self) -> Result<(), Fault> {
        self.read(|reader| {
            reader.describe_tables().map_err(|error| {
                let words = error.message().to_owned();
                Fault::new(FaultKind::Internal, words).caused_by(error)
            })
        })
        .await
    }

    /// The schema last introspected, which may be out of date; `None` before the first time.
    pub fn cached_schema(&self) -> Option<Arc<DatabaseSchema>> {
        self.inner.shared.schemas.latest()
    }

    /// A value that differs whenever the content may have changed, by whatever process; takes a
    /// few microseconds, without a lane. Take it before reading what is to be cached. `None` while
    /// it cannot be told, as when another process holds the file exclusively: then trust no cache.
    pub fn change_stamp(&self) -> Option<ChangeStamp> {
        let shared = &self.inner.shared;
        let _no_writer = match &shared.memory {
            Some(lock) => Some(lock.try_read()?),
            None => None,
        };
        shared.probe.stamp(&shared.opener)
    }

    /// Like [`Database::change_stamp`], for a database that nobody else can write to: told without
    /// asking SQLite. Take it before reading what is to be cached, and compare it only with others
    /// that were taken so.
    pub fn own_change_stamp(&self) -> ChangeStamp {
        self.inner.shared.probe.own_stamp()
    }

    /// The size of the file in bytes; 0 in memory (IMM-04).
    pub fn size_bytes(&self) -> u64 {
        self.inner.shared.size_bytes()
    }

    /// The file; `None` in memory.
    pub fn path(&self) -> Option<&Path> {
        self.inner.shared.opener.path()
    }

    /// Whether this server may write to it.
    pub fn is_mutable(&self) -> bool {
        self.inner.shared.opener.is_mutable()
    }

    /// Whether it lives in memory.
    pub fn is_memory(&self) -> bool {
        matches!(self.options().source, Source::Memory { .. })
    }

    /// Whether it is a temporary file.
    pub fn is_temporary(&self) -> bool {
        self.options().source == Source::TemporaryFile
    }

    /// How it was opened.
    pub fn options(&self) -> &OpenOptions {
        &self.inner.shared.opener.options
    }

    /// What its threads are doing (DEBUG-10).
    pub fn load(&self) -> Load {
        self.read_load().and(self.write_load())
    }

    /// What its reading threads are doing.
    pub fn read_load(&self) -> Load {
        self.inner.reads.load().and(self.inner.exports.load())
    }

    /// What its writing thread is doing; without one nothing has been written yet.
    pub fn write_load(&self) -> Load {
        self.inner.writes.load()
    }

    /// Takes no more jobs and waits until those already queued are done. Blocks the thread; for
    /// the end of the program.
    pub fn close(&self) {
        self.inner.reads.close();
        self.inner.exports.close();
        self.inner.writes.close();
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Database({:?})", self.options().source)
    }
}
