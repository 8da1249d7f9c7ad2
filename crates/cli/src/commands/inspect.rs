//! `datasette inspect`: what is known about files that nobody writes to, as JSON (CLI-170).

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datasette_core::{Value, identifier};
use datasette_sqlite::{Database, Extension, Limits, OpenOptions, Source};
use serde_json::{Map, Value as Json, json};
use tokio::runtime::Builder;

use super::Ending;
use crate::args::{InspectArguments, reason};
use crate::database_files::{self, NamedDatabase};
use crate::failure::{Failure, words};
use crate::{check, extensions, file_hash, output, python_json};

/// Opens the files, hashes and counts at the same time, and writes what was found.
pub(crate) fn inspect(arguments: &InspectArguments) -> Result<Ending, Failure> {
    let extensions = extensions::wanted("inspect", &arguments.load_extension)?;
    let named = database_files::name_all(&arguments.files);
    let opened = named
        .iter()
        .map(|named| open(named, &extensions))
        .collect::<Result<Vec<Opened>, Failure>>()?;
    let runtime = Builder::new_multi_thread()
        .build()
        .map_err(|error| Failure::error(format!("The files cannot be read: {error}")))?;
    let found = runtime.block_on(all(opened))?;
    let text = python_json::indented(&Json::Object(found));
    match arguments.inspect_file() {
        None => output::write_out(text.as_bytes())
            .map_err(|error| Failure::error(format!("The output cannot be written: {error}")))?,
        Some(path) => std::fs::write(path, text).map_err(|error| {
            let shown = path.display();
            Failure::error(format!("Could not write {shown}: {}", reason(&error)))
        })?,
    }
    Ok(Ending::Code(0))
}

/// A file that is open.
struct Opened {
    name: String,
    path: Option<PathBuf>,
    database: Database,
}

fn open(named: &NamedDatabase, extensions: &[Extension]) -> Result<Opened, Failure> {
    let path = named.file.as_ref().map(|file| file.path.clone());
    let source = match &path {
        Some(path) => Source::File(path.clone()),
        None => Source::Memory {
            name: named.name.clone(),
        },
    };
    let mut options = OpenOptions::new(source).immutable();
    options.lanes = std::thread::available_parallelism().map_or(1, usize::from);
    options.extensions = extensions.to_vec();
    let database = Database::open(options).map_err(|fault| match &path {
        Some(path) => check::failed(&path.display().to_string(), &words(&fault)),
        None => Failure::from(fault),
    })?;
    Ok(Opened {
        name: named.name.clone(),
        path,
        database,
    })
}

async fn all(opened: Vec<Opened>) -> Result<Map<String, Json>, Failure> {
    let progress = Progress::start();
    let mut running = Vec::with_capacity(opened.len());
    for file in opened {
        let progress = Arc::clone(&progress);
        let name = file.name.clone();
        running.push((name, tokio::spawn(one(file, progress))));
    }
    let mut found = Map::new();
    for (name, task) in running {
        let of_file = task
            .await
            .map_err(|panic| Failure::error(panic.to_string()))??;
        found.insert(name, of_file);
    }
    Ok(found)
}

async fn one(file: Opened, progress: Arc<Progress>) -> Result<Json, Failure> {
    let Opened { path, database, .. } = file;
    let hashing = path.clone().map(|path| {
        tokio::task::spawn_blocking(move || {
            file_hash::digest(&path).map_err(|error| {
                let shown = path.display();
                Failure::error(format!("Could not read {shown}: {}", reason(&error)))
            })
        })
    });
    let shown = path.as_ref().map(|path| path.display().to_string());
    let tables = tables(&database, shown.as_deref().unwrap_or_default()).await?;
    progress.more(tables.len());
    // One job per table: each goes to the next lane that is free.
    let counting: Vec<_> = tables
        .iter()
        .map(|table| {
            tokio::spawn(count(
                database.clone(),
                table.clone(),
                Arc::clone(&progress),
            ))
        })
        .collect();
    let mut counts = Map::new();
    for (table, counting) in tables.into_iter().zip(counting) {
        let count = counting
            .await
            .map_err(|panic| Failure::error(panic.to_string()))?;
        counts.insert(table, json!({"count": count}));
    }
    let hash = match hashing {
        None => None,
        Some(hashing) => Some(
            hashing
                .await
                .map_err(|panic| Failure::error(panic.to_string()))??,
        ),
    };
    Ok(json!({
        "hash": hash,
        "size": database.size_bytes(),
        "file": shown,
        "tables": counts,
    }))
}

/// The names of all tables in the order of the schema, after a look whether SQLite can describe
/// each of them (CLI-173, CLI-177).
async fn tables(database: &Database, shown: &str) -> Result<Vec<String>, Failure> {
    let refused = |fault| check::failed(shown, &check::with_suggestion(&words(&fault)));
    database.check().await.map_err(refused)?;
    let names = database.read(|reader| {
        let sql = "select name from sqlite_master where type = 'table'";
        let (batch, _) = reader.batch(sql, &[], &Limits::NONE)?;
        Ok(batch
            .rows()
            .filter_map(|row| match row.get(0).to_value() {
                Value::Text(name) => Some(name),
                _ => None,
            })
            .collect())
    });
    names.await.map_err(refused)
}

/// The exact number of rows; 0 where SQLite cannot count them (CLI-172, CLI-173).
async fn count(database: Database, table: String, progress: Arc<Progress>) -> i64 {
    let sql = format!("select count(*) from {}", identifier::quote(&table));
    let counted = database
        .read(move |reader| Ok(reader.single(&sql, &[], &Limits::NONE)?))
        .await;
    progress.done();
    match counted {
        Ok(Some(Value::Integer(count))) => count,
        _ => 0,
    }
}

/// How far the counting is, for somebody who watches a terminal.
struct Progress {
    tables: AtomicUsize,
    counted: AtomicUsize,
    is_watched: bool,
}

impl Progress {
    fn start() -> Arc<Self> {
        Arc::new(Self {
            tables: AtomicUsize::new(0),
            counted: AtomicUsize::new(0),
            is_watched: io::stderr().is_terminal(),
        })
    }

    fn more(&self, tables: usize) {
        self.tables.fetch_add(tables, Ordering::Relaxed);
    }

    fn done(&self) {
        let counted = self.counted.fetch_add(1, Ordering::Relaxed) + 1;
        if self.is_watched {
            let tables = self.tables.load(Ordering::Relaxed);
            let mut line = io::stderr().lock();
            let _ = write!(line, "\rCounted {counted} of {tables} tables\x1b[K");
            let _ = line.flush();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_watched && self.counted.load(Ordering::Relaxed) > 0 {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}
