//! From SQL and CSV files to one SQLite file.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;

use super::rows::insert_rows;

/// Tables in an order in which each refers only to earlier ones.
const TABLES: [&str; 8] = [
    "countries",
    "categories",
    "places",
    "elements",
    "isotopes",
    "people",
    "discoveries",
    "flame_colours",
];

/// Where the example's files lie.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    /// The readable files.
    pub(crate) sources: PathBuf,
    /// The database that is made from them.
    pub(crate) database: PathBuf,
}

impl Example {
    /// The example of the repository with this root.
    pub(crate) fn of(root: &Path) -> Example {
        Example {
            sources: root.join("examples/elements"),
            database: root.join("examples/built/elements.db"),
        }
    }

    /// How the database is served.
    pub(crate) fn config(&self) -> PathBuf {
        self.sources.join("datasette.yaml")
    }

    /// The words about the data.
    pub(crate) fn metadata(&self) -> PathBuf {
        self.sources.join("metadata.yaml")
    }
}

/// Makes the database when it is missing or older than a file it is made from, or than this
/// program. Says whether it did.
pub(crate) fn build_if_stale(example: &Example) -> Result<bool> {
    if let Ok(built) = modified(&example.database)
        && built >= newest_source(example)?
    {
        return Ok(false);
    }
    let folder = example
        .database
        .parent()
        .context("the database has no folder")?;
    fs::create_dir_all(folder)?;
    // Built beside its place and moved there, so that a server never sees half of it.
    let unfinished = folder.join("elements.unfinished");
    if unfinished.exists() {
        fs::remove_file(&unfinished)?;
    }
    let mut connection = Connection::open(&unfinished)?;
    fill(&mut connection, &example.sources)?;
    connection.close().map_err(|(_, error)| error)?;
    fs::rename(&unfinished, &example.database)?;
    Ok(true)
}

/// Makes tables, rows, search index and views, all or nothing.
pub(crate) fn fill(connection: &mut Connection, sources: &Path) -> Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(&text(sources, "schema.sql")?)?;
    for table in TABLES {
        let path = sources.join("data").join(format!("{table}.csv"));
        insert_rows(&transaction, table, &path).with_context(|| path.display().to_string())?;
    }
    transaction.execute_batch(&text(sources, "search.sql")?)?;
    transaction.execute_batch("insert into elements_fts(elements_fts) values ('rebuild')")?;
    transaction.execute_batch(&text(sources, "views.sql")?)?;
    let dangling: i64 =
        transaction.query_row("select count(*) from pragma_foreign_key_check", [], |row| {
            row.get(0)
        })?;
    ensure!(dangling == 0, "{dangling} references lead nowhere");
    transaction.commit()?;
    connection.execute_batch("analyze; vacuum;")?;
    Ok(())
}

fn text(sources: &Path, name: &str) -> Result<String> {
    let path = sources.join(name);
    fs::read_to_string(&path).with_context(|| path.display().to_string())
}

/// When the newest of the files that make the database changed, this program among them.
fn newest_source(example: &Example) -> Result<SystemTime> {
    let mut newest = modified(&std::env::current_exe()?)?;
    for folder in [example.sources.clone(), example.sources.join("data")] {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            newest = newest.max(modified(&entry?.path())?);
        }
    }
    Ok(newest)
}

fn modified(path: &Path) -> Result<SystemTime> {
    let metadata = fs::metadata(path).with_context(|| path.display().to_string())?;
    Ok(metadata.modified()?)
}
