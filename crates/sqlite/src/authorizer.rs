//! What a statement may do on a lane, decided while SQLite compiles it.
//!
//! Changes to data on a read lane are not refused here but by the read-only connection, whose
//! message clients know (QUERY-10).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use parking_lot::Mutex;
use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use crate::analyse::Recording;
use crate::guest::Guest;
use crate::scope::ReadScope;

/// Whose statement is being compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Trust {
    /// The server's own: everything goes.
    Server = 0,
    /// Anybody's, on a read lane.
    Visitor = 1,
    /// Anybody's, only looked at and never run: everything is noted.
    Recording = 2,
    /// Anybody's, compiled and dropped, so that a connection has met its virtual tables.
    Warming = 3,
    /// A plugin's, that has borrowed a read lane: everything goes, and what would outlast its visit
    /// is noted.
    Borrower = 4,
    /// A lane's own, of which no plugin has a say.
    Lane = 5,
}

impl Trust {
    /// Whether statements are the server's own.
    pub(crate) fn is_own(self) -> bool {
        matches!(self, Self::Server | Self::Lane)
    }

    fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Server,
            2 => Self::Recording,
            3 => Self::Warming,
            4 => Self::Borrower,
            5 => Self::Lane,
            _ => Self::Visitor,
        }
    }
}

/// The state that the authorizer of one connection consults.
#[derive(Default)]
pub(crate) struct Policy {
    trust: AtomicU8,
    recording: Mutex<Recording>,
    bounds: Mutex<Option<Bounds>>,
    /// Whether a borrower did what would outlast its visit.
    traces: AtomicBool,
    /// What plugins have said about statements of this connection.
    pub(crate) guest: Guest,
}

/// The scope of the visitor whose statements come next.
struct Bounds {
    scope: Arc<ReadScope>,
    overstepped: bool,
}

impl Policy {
    /// Has it consulted about the statements of a connection; it starts with [`Trust::Server`].
    pub(crate) fn install(self: &Arc<Self>, connection: &mut Connection) -> rusqlite::Result<()> {
        let consulted = Arc::clone(self);
        connection.authorizer(Some(move |context: AuthContext<'_>| {
            consulted.decide(context)
        }))
    }

    /// Notes that a borrower left something on the connection.
    pub(crate) fn note_trace(&self) {
        self.traces.store(true, Ordering::Relaxed);
    }

    /// Whether a borrower left something since the last call.
    pub(crate) fn take_traces(&self) -> bool {
        self.traces.swap(false, Ordering::Relaxed)
    }

    /// Sets whose statements come next; gives back whose came before.
    pub(crate) fn set(&self, trust: Trust) -> Trust {
        Trust::from_number(self.trust.swap(trust as u8, Ordering::Relaxed))
    }

    /// Whose statements are being compiled.
    pub(crate) fn trust(&self) -> Trust {
        Trust::from_number(self.trust.load(Ordering::Relaxed))
    }

    /// Takes what was noted since the last call.
    pub(crate) fn take_recording(&self) -> Recording {
        std::mem::take(&mut *self.recording.lock())
    }

    /// Keeps the visitor's statements within a scope from now on, or lifts that.
    pub(crate) fn restrict(&self, scope: Option<Arc<ReadScope>>) {
        *self.bounds.lock() = scope.map(|scope| Bounds {
            scope,
            overstepped: false,
        });
    }

    /// The scope that the next statement has to keep within, if any.
    pub(crate) fn scope(&self) -> Option<Arc<ReadScope>> {
        if self.trust() != Trust::Visitor {
            return None;
        }
        let bounds = self.bounds.lock();
        bounds.as_ref().map(|bounds| Arc::clone(&bounds.scope))
    }

    /// Whether a statement left its scope since the last call.
    pub(crate) fn take_overstepped(&self) -> bool {
        let mut bounds = self.bounds.lock();
        let overstepped = bounds.as_mut().map(|bounds| &mut bounds.overstepped);
        overstepped.is_some_and(std::mem::take)
    }

    fn decide(&self, context: AuthContext<'_>) -> Authorization {
        match self.trust() {
            Trust::Lane => Authorization::Allow,
            Trust::Server => self.guest.judge(context),
            Trust::Borrower => {
                if visitor(context) == Authorization::Deny {
                    self.note_trace();
                }
                self.guest.judge(context)
            }
            Trust::Recording => self.recording.lock().note(context),
            Trust::Warming => warming(context),
            Trust::Visitor => self.decide_for_visitor(context),
        }
    }

    fn decide_for_visitor(&self, context: AuthContext<'_>) -> Authorization {
        if let Some(bounds) = &mut *self.bounds.lock()
            && !bounds.scope.admits(&context)
        {
            bounds.overstepped = true;
            return Authorization::Deny;
        }
        visitor(context)
    }
}

/// Compiling a pragma may already carry it out. Those that modules of full-text search and of
/// R-trees use only tell.
fn warming(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Pragma {
            pragma_name,
            pragma_value,
        } if !pragma_only_tells(pragma_name, pragma_value) => Authorization::Deny,
        _ => Authorization::Allow,
    }
}

fn visitor(context: AuthContext<'_>) -> Authorization {
    let allowed = match context.action {
        AuthAction::Pragma {
            pragma_name,
            pragma_value,
        } => pragma_only_tells(pragma_name, pragma_value),
        AuthAction::Attach { .. }
        | AuthAction::Detach { .. }
        | AuthAction::Transaction { .. }
        | AuthAction::Savepoint { .. }
        | AuthAction::CreateTempIndex { .. }
        | AuthAction::CreateTempTable { .. }
        | AuthAction::CreateTempTrigger { .. }
        | AuthAction::CreateTempView { .. }
        | AuthAction::Unknown { .. } => false,
        // SQLite asks about the schema table in the name of a virtual table that is created.
        AuthAction::CreateVtable { .. } | AuthAction::DropVtable { .. } => false,
        _ => true,
    };
    if allowed {
        Authorization::Allow
    } else {
        Authorization::Deny
    }
}

/// Whether the pragma reports without changing anything. The first group takes the name of a
/// table, an index or a row limit; the second changes a setting when it is given a value.
fn pragma_only_tells(name: &str, value: Option<&str>) -> bool {
    const TAKES_A_NAME: [&str; 12] = [
        "foreign_key_check",
        "foreign_key_list",
        "function_list",
        "index_info",
        "index_list",
        "index_xinfo",
        "integrity_check",
        "module_list",
        "quick_check",
        "table_info",
        "table_list",
        "table_xinfo",
    ];
    const WITHOUT_VALUE: [&str; 22] = [
        "application_id",
        "auto_vacuum",
        "busy_timeout",
        "cache_size",
        "collation_list",
        "compile_options",
        "data_version",
        "database_list",
        "encoding",
        "foreign_keys",
        "freelist_count",
        "journal_mode",
        "journal_size_limit",
        "max_page_count",
        "mmap_size",
        "page_count",
        "page_size",
        "pragma_list",
        "query_only",
        "schema_version",
        "synchronous",
        "user_version",
    ];
    let is = |candidate: &&str| candidate.eq_ignore_ascii_case(name);
    TAKES_A_NAME.iter().any(is) || (value.is_none() && WITHOUT_VALUE.iter().any(is))
}
