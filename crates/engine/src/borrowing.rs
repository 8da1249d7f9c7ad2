//! Connections that plugins borrow, and the databases that they bring.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use datasette_core::Fault;
use datasette_hooks::{Borrower, BroughtDatabase, Loan, LoanKind};
use datasette_internal::NAME as INTERNAL;
use datasette_sqlite::{Database, OpenOptions, Source};
use parking_lot::Mutex;

use crate::write::{BorrowedPlace, failed};
use crate::{Instance, preparations, trace};

/// Completes how a database is opened that comes while the server runs, from the name by which the
/// operator may know it.
pub type Outfit = Arc<dyn Fn(&str, &mut OpenOptions) + Send + Sync>;

/// The databases that plugins brought.
#[derive(Default)]
pub struct Brought {
    outfit: Option<Outfit>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// By the keys of the plugins.
    by_key: HashMap<String, Database>,
    /// Databases in memory by the names that plugins share them with.
    in_memory: HashMap<String, Database>,
    /// What was attached since plugins prepared connections last.
    unprepared: Vec<String>,
}

impl Brought {
    /// Nothing yet.
    pub fn new(outfit: Option<Outfit>) -> Self {
        Self {
            outfit,
            known: Mutex::default(),
        }
    }

    fn open(&self, wanted: &BroughtDatabase) -> Result<Database, Fault> {
        let name = match (&wanted.path, &wanted.memory_name) {
            (Some(path), _) => {
                let stem = PathBuf::from(path);
                let stem = stem.file_stem().map(|stem| stem.to_string_lossy());
                stem.unwrap_or_default().into_owned()
            }
            (None, Some(name)) => name.clone(),
            (None, None) => wanted.key.clone(),
        };
        let source = match &wanted.path {
            Some(path) => Source::File(path.into()),
            // No name of a visitor's file or of `--memory` is like these.
            None => Source::Memory {
                name: match &wanted.memory_name {
                    Some(name) => format!("plugin/{name}"),
                    None => format!("alone/{}", wanted.key),
                },
            },
        };
        let mut options = OpenOptions::new(source);
        if !wanted.is_mutable {
            options = options.immutable();
        }
        if let Some(outfit) = &self.outfit {
            outfit(&name, &mut options);
        }
        options.create = wanted.create;
        Database::open(options)
    }
}

impl Instance {
    /// Opens a database of a plugin; from now on it is known by its key.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn bring_database(&self, wanted: &BroughtDatabase) -> Result<(), Fault> {
        let shared = wanted.memory_name.as_ref();
        let mut known = self.brought.known.lock();
        let database = match shared.and_then(|name| known.in_memory.get(name)) {
            Some(database) => database.clone(),
            None => self.brought.open(wanted)?,
        };
        if let Some(name) = shared {
            known.in_memory.insert(name.clone(), database.clone());
        }
        known.by_key.insert(wanted.key.clone(), database);
        Ok(())
    }

    /// Attaches a database under a name. Visitors see it after [`Instance::settle_databases`].
    ///
    /// # Errors
    /// 404 where nobody brought it.
    pub fn attach_database(&self, key: &str, name: &str, route: &str) -> Result<(), Fault> {
        let database = self.lanes_of(key)?;
        self.registry.attach(name, route, database);
        self.brought.known.lock().unprepared.push(name.to_owned());
        Ok(())
    }

    /// Detaches a database, and forgets one that was only brought; whether there was any.
    pub fn detach_database(&self, name: &str) -> bool {
        let brought = self.brought.known.lock().by_key.remove(name);
        self.registry.detach(name) || brought.is_some()
    }

    /// Has plugins prepare what was attached, and looks at all schemas.
    ///
    /// # Errors
    /// A plugin fails, or a schema cannot be read.
    pub async fn settle_databases(&self) -> Result<(), Fault> {
        let names = std::mem::take(&mut self.brought.known.lock().unprepared);
        for name in names {
            if let Some(handle) = self.registry.handle_of(&name) {
                preparations::prepare(&self.bus, &name, &handle).await?;
            }
        }
        self.registry.refresh().await
    }

    /// The lanes of the database of that name or key.
    pub(crate) fn lanes_of(&self, name: &str) -> Result<Database, Fault> {
        if name == INTERNAL {
            return Ok(self.internal.database().clone());
        }
        if let Some(handle) = self.registry.handle_of(name) {
            return Ok(trace::watched(handle, name));
        }
        let brought = self.brought.known.lock().by_key.get(name).cloned();
        brought.ok_or_else(|| Fault::not_found("Database not found"))
    }

    /// Gives a connection to a plugin for a while. What is to be written is queued before this waits
    /// for anything, so that writes happen in the order of these calls (API-141).
    ///
    /// # Errors
    /// Those of the plugin, and what prevents that it gets the connection.
    pub async fn lend(
        self: &Arc<Self>,
        loan: Loan,
        mut borrower: Box<dyn Borrower>,
    ) -> Result<(), Fault> {
        let Loan {
            database,
            kind,
            request,
        } = loan;
        if database == INTERNAL {
            self.registry.settled().await;
        }
        let handle = self.lanes_of(&database)?;
        match kind {
            LoanKind::Read => {
                let read = handle
                    .lend(move |connection| borrower.use_connection(connection).map_err(failed));
                read.await.map(drop)
            }
            LoanKind::Alone => {
                let used = handle.lend_another(move |connection| {
                    borrower.use_connection(connection).map_err(failed)
                });
                used.await.map(drop)
            }
            LoanKind::Write { transaction } => {
                let place = BorrowedPlace {
                    database: self.registry.catalogue().database(&database),
                    name: database,
                    handle,
                };
                self.lend_for_writing(place, transaction, request, borrower)
                    .await
            }
        }
    }
}
