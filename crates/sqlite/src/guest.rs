//! What plugins have said about statements of a connection: one that judges what they do, and one
//! that may end them. Both stay until they are taken back, as on a connection of their own
//! (HOOK-209).

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use datasette_core::live::{Judge, Stopper};
use parking_lot::Mutex;
use rusqlite::ffi;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization, TransactionOperation};

/// SQLite asks whether to go on after so many steps of a statement.
pub(crate) const STEPS: u32 = 1_000;

/// What plugins have said about one connection.
#[derive(Default)]
pub(crate) struct Guest {
    /// Whether there is a judge: asked for every name of every statement.
    has_judge: AtomicBool,
    judge: Mutex<Option<Judge>>,
    /// How many times SQLite asks for one time that the stopper is asked; 0 without one.
    every: AtomicU32,
    asked: AtomicU32,
    stopper: Mutex<Option<Stopper>>,
}

impl Guest {
    /// Has somebody judge what statements do, or nobody.
    pub(crate) fn set_judge(&self, judge: Option<Judge>) {
        self.has_judge.store(judge.is_some(), Ordering::Relaxed);
        *self.judge.lock() = judge;
    }

    /// Whether somebody judges.
    pub(crate) fn has_judge(&self) -> bool {
        self.has_judge.load(Ordering::Relaxed)
    }

    /// Asks somebody after about so many steps whether a statement should end, or nobody.
    pub(crate) fn set_stopper(&self, steps: u32, stopper: Option<Stopper>) {
        let every = stopper.as_ref().map_or(0, |_| steps.div_ceil(STEPS).max(1));
        self.every.store(every, Ordering::Relaxed);
        self.asked.store(0, Ordering::Relaxed);
        *self.stopper.lock() = stopper;
    }

    /// Whether the running statement should end, asked after every [`STEPS`].
    pub(crate) fn wants_end(&self) -> bool {
        let every = self.every.load(Ordering::Relaxed);
        if every == 0 {
            return false;
        }
        let asked = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        if asked < every {
            return false;
        }
        self.asked.store(0, Ordering::Relaxed);
        // Called without the lock: it may take its time, and set another.
        let stopper = self.stopper.lock().clone();
        stopper.is_some_and(|stopper| stopper())
    }

    /// What the judge says, yes without one.
    pub(crate) fn judge(&self, context: AuthContext<'_>) -> Authorization {
        if !self.has_judge() {
            return Authorization::Allow;
        }
        let judge = self.judge.lock().clone();
        let Some(judge) = judge else {
            return Authorization::Allow;
        };
        let (action, first, second) = numbered(context.action);
        match judge(
            action,
            first,
            second,
            context.database_name,
            context.accessor,
        ) {
            ffi::SQLITE_OK => Authorization::Allow,
            ffi::SQLITE_IGNORE => Authorization::Ignore,
            _ => Authorization::Deny,
        }
    }
}

/// The number of an action and its arguments, as SQLite gives them.
fn numbered(action: AuthAction<'_>) -> (i32, Option<&str>, Option<&str>) {
    use AuthAction as Is;
    match action {
        Is::CreateIndex {
            index_name,
            table_name,
        } => two(ffi::SQLITE_CREATE_INDEX, index_name, table_name),
        Is::CreateTable { table_name } => one(ffi::SQLITE_CREATE_TABLE, table_name),
        Is::CreateTempIndex {
            index_name,
            table_name,
        } => two(ffi::SQLITE_CREATE_TEMP_INDEX, index_name, table_name),
        Is::CreateTempTable { table_name } => one(ffi::SQLITE_CREATE_TEMP_TABLE, table_name),
        Is::CreateTempTrigger {
            trigger_name,
            table_name,
        } => two(ffi::SQLITE_CREATE_TEMP_TRIGGER, trigger_name, table_name),
        Is::CreateTempView { view_name } => one(ffi::SQLITE_CREATE_TEMP_VIEW, view_name),
        Is::CreateTrigger {
            trigger_name,
            table_name,
        } => two(ffi::SQLITE_CREATE_TRIGGER, trigger_name, table_name),
        Is::CreateView { view_name } => one(ffi::SQLITE_CREATE_VIEW, view_name),
        Is::Delete { table_name } => one(ffi::SQLITE_DELETE, table_name),
        Is::DropIndex {
            index_name,
            table_name,
        } => two(ffi::SQLITE_DROP_INDEX, index_name, table_name),
        Is::DropTable { table_name } => one(ffi::SQLITE_DROP_TABLE, table_name),
        Is::DropTempIndex {
            index_name,
            table_name,
        } => two(ffi::SQLITE_DROP_TEMP_INDEX, index_name, table_name),
        Is::DropTempTable { table_name } => one(ffi::SQLITE_DROP_TEMP_TABLE, table_name),
        Is::DropTempTrigger {
            trigger_name,
            table_name,
        } => two(ffi::SQLITE_DROP_TEMP_TRIGGER, trigger_name, table_name),
        Is::DropTempView { view_name } => one(ffi::SQLITE_DROP_TEMP_VIEW, view_name),
        Is::DropTrigger {
            trigger_name,
            table_name,
        } => two(ffi::SQLITE_DROP_TRIGGER, trigger_name, table_name),
        Is::DropView { view_name } => one(ffi::SQLITE_DROP_VIEW, view_name),
        Is::Insert { table_name } => one(ffi::SQLITE_INSERT, table_name),
        Is::Pragma {
            pragma_name,
            pragma_value,
        } => (ffi::SQLITE_PRAGMA, Some(pragma_name), pragma_value),
        Is::Read {
            table_name,
            column_name,
        } => two(ffi::SQLITE_READ, table_name, column_name),
        Is::Select => (ffi::SQLITE_SELECT, None, None),
        Is::Transaction { operation } => one(ffi::SQLITE_TRANSACTION, named(operation)),
        Is::Update {
            table_name,
            column_name,
        } => two(ffi::SQLITE_UPDATE, table_name, column_name),
        Is::Attach { filename } => one(ffi::SQLITE_ATTACH, filename),
        Is::Detach { database_name } => one(ffi::SQLITE_DETACH, database_name),
        Is::AlterTable {
            database_name,
            table_name,
        } => two(ffi::SQLITE_ALTER_TABLE, database_name, table_name),
        Is::Reindex { index_name } => one(ffi::SQLITE_REINDEX, index_name),
        Is::Analyze { table_name } => one(ffi::SQLITE_ANALYZE, table_name),
        Is::CreateVtable {
            table_name,
            module_name,
        } => two(ffi::SQLITE_CREATE_VTABLE, table_name, module_name),
        Is::DropVtable {
            table_name,
            module_name,
        } => two(ffi::SQLITE_DROP_VTABLE, table_name, module_name),
        Is::Function { function_name } => (ffi::SQLITE_FUNCTION, None, Some(function_name)),
        Is::Savepoint {
            operation,
            savepoint_name,
        } => two(ffi::SQLITE_SAVEPOINT, named(operation), savepoint_name),
        Is::Recursive => (ffi::SQLITE_RECURSIVE, None, None),
        Is::Unknown { code, arg1, arg2 } => (code, arg1, arg2),
        // What a later driver knows by name.
        _ => (-1, None, None),
    }
}

fn one(action: i32, first: &str) -> (i32, Option<&str>, Option<&str>) {
    (action, Some(first), None)
}

fn two<'a>(
    action: i32,
    first: &'a str,
    second: &'a str,
) -> (i32, Option<&'a str>, Option<&'a str>) {
    (action, Some(first), Some(second))
}

fn named(operation: TransactionOperation) -> &'static str {
    match operation {
        TransactionOperation::Begin => "BEGIN",
        TransactionOperation::Release => "RELEASE",
        TransactionOperation::Rollback => "ROLLBACK",
        // The only other word that SQLite has; the driver does not know it.
        _ => "COMMIT",
    }
}
