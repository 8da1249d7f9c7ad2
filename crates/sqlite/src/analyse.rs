//! What a statement would touch, learnt from SQLite's compiler without running the statement.

use std::collections::HashSet;

use rusqlite::hooks::{AuthAction, AuthContext, Authorization, TransactionOperation};

pub use datasette_core::access::{Access, AccessedKind, Operation, TargetKind};

/// Notes taken while a statement is compiled: accesses in order of first appearance.
#[derive(Debug, Default)]
pub(crate) struct Recording {
    accesses: Vec<Access>,
}

impl Recording {
    /// Notes one question of the compiler. Pragmas are refused, because compiling one may already
    /// carry it out; everything else is let through, since the statement will never run.
    pub(crate) fn note(&mut self, context: AuthContext<'_>) -> Authorization {
        use AuthAction as A;
        use Operation as O;
        use TargetKind as T;
        let (operation, target, name, table, column) = match context.action {
            A::Read {
                table_name,
                column_name,
            } => row(O::Read, table_name, Some(column_name)),
            A::Insert { table_name } => row(O::Insert, table_name, None),
            A::Update {
                table_name,
                column_name,
            } => row(O::Update, table_name, Some(column_name)),
            A::Delete { table_name } => row(O::Delete, table_name, None),
            A::CreateIndex {
                index_name,
                table_name,
            }
            | A::CreateTempIndex {
                index_name,
                table_name,
            } => of(O::Create, T::Index, index_name, table_name),
            A::CreateTable { table_name } | A::CreateTempTable { table_name } => {
                of(O::Create, T::Table, table_name, table_name)
            }
            A::CreateTrigger {
                trigger_name,
                table_name,
            }
            | A::CreateTempTrigger {
                trigger_name,
                table_name,
            } => of(O::Create, T::Trigger, trigger_name, table_name),
            A::CreateView { view_name } | A::CreateTempView { view_name } => {
                of(O::Create, T::View, view_name, view_name)
            }
            A::CreateVtable { table_name, .. } => {
                of(O::Create, T::VirtualTable, table_name, table_name)
            }
            A::DropIndex {
                index_name,
                table_name,
            }
            | A::DropTempIndex {
                index_name,
                table_name,
            } => of(O::Drop, T::Index, index_name, table_name),
            A::DropTable { table_name } | A::DropTempTable { table_name } => {
                of(O::Drop, T::Table, table_name, table_name)
            }
            A::DropTrigger {
                trigger_name,
                table_name,
            }
            | A::DropTempTrigger {
                trigger_name,
                table_name,
            } => of(O::Drop, T::Trigger, trigger_name, table_name),
            A::DropView { view_name } | A::DropTempView { view_name } => {
                of(O::Drop, T::View, view_name, view_name)
            }
            A::DropVtable { table_name, .. } => {
                of(O::Drop, T::VirtualTable, table_name, table_name)
            }
            A::AlterTable { table_name, .. } => of(O::Alter, T::Table, table_name, table_name),
            A::Analyze { table_name } => of(O::Analyze, T::Table, table_name, table_name),
            A::Reindex { index_name } => (O::Reindex, T::Index, Some(index_name), None, None),
            A::Transaction { operation } => {
                let (operation, name) = match operation {
                    TransactionOperation::Begin => (O::Begin, "BEGIN"),
                    TransactionOperation::Rollback => (O::Rollback, "ROLLBACK"),
                    _ => (O::Commit, "COMMIT"),
                };
                (operation, T::Transaction, Some(name), None, None)
            }
            A::Savepoint {
                operation,
                savepoint_name,
            } => {
                let name = format!("{} {savepoint_name}", savepoint_word(operation));
                self.add(
                    O::Savepoint,
                    T::Transaction,
                    None,
                    Some(&name),
                    None,
                    None,
                    context.accessor,
                );
                return Authorization::Allow;
            }
            A::Attach { filename } => (O::Attach, T::Database, Some(filename), None, None),
            A::Detach { database_name } => {
                (O::Detach, T::Database, Some(database_name), None, None)
            }
            A::Pragma { pragma_name, .. } => (O::Pragma, T::Pragma, Some(pragma_name), None, None),
            A::Function { function_name } => {
                (O::Function, T::Function, Some(function_name), None, None)
            }
            A::Select => (O::Select, T::Statement, None, None, None),
            // Bookkeeping of a recursive expression; its reads are reported on their own.
            A::Recursive => return Authorization::Allow,
            _ => (O::Unknown, T::Unknown, None, None, None),
        };
        let database = match (context.action, target) {
            // The database that ALTER TABLE works on is an argument of the action.
            (A::AlterTable { database_name, .. }, _) => Some(database_name),
            (_, T::Statement | T::Function | T::Transaction | T::Pragma) => None,
            (A::Attach { .. } | A::Detach { .. }, _) => None,
            _ => context.database_name,
        };
        self.add(
            operation,
            target,
            database,
            name,
            table,
            column,
            context.accessor,
        );
        if operation == O::Pragma {
            Authorization::Deny
        } else {
            Authorization::Allow
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn add(
        &mut self,
        operation: Operation,
        target: TargetKind,
        database: Option<&str>,
        name: Option<&str>,
        table: Option<&str>,
        column: Option<&str>,
        source: Option<&str>,
    ) {
        let known = self.accesses.iter_mut().find(|access| {
            access.operation == operation
                && access.target == target
                && access.database.as_deref() == database
                && access.name.as_deref() == name
                && access.table.as_deref() == table
                && access.source.as_deref() == source
        });
        let access = match known {
            Some(access) => access,
            None => {
                self.accesses.push(Access {
                    operation,
                    target,
                    database: database.map(str::to_owned),
                    table: table.map(str::to_owned),
                    kind: None,
                    name: name.map(str::to_owned),
                    columns: Vec::new(),
                    source: source.map(str::to_owned),
                    internal: false,
                });
                let last = self.accesses.len() - 1;
                &mut self.accesses[last]
            }
        };
        if let Some(column) = column
            && !column.is_empty()
            && let Err(place) = access
                .columns
                .binary_search_by(|known| known.as_str().cmp(column))
        {
            access.columns.insert(place, column.to_owned());
        }
    }

    /// Whether the statement is a pragma, whose compilation ends with a refusal. Others that meet
    /// one on their way were not looked at to their end.
    pub(crate) fn is_pragma(&self) -> bool {
        let mut accesses = self.accesses.iter();
        !self.is_empty() && accesses.all(|access| access.operation == Operation::Pragma)
    }

    /// Notes a statement that the compiler asks nothing about.
    pub(crate) fn note_unreported(&mut self, is_vacuum: bool) {
        let (operation, target) = if is_vacuum {
            (Operation::Vacuum, TargetKind::Database)
        } else {
            (Operation::Unknown, TargetKind::Statement)
        };
        let name = is_vacuum.then_some("main");
        self.add(operation, target, Some("main"), name, None, None, None);
    }

    /// Whether nothing was noted, as for VACUUM.
    pub(crate) fn is_empty(&self) -> bool {
        self.accesses.is_empty()
    }

    /// Notes what the tables that rows are read from or changed in are; `kind_of` is given the
    /// names of a database and of a table.
    pub(crate) fn learn_kinds(&mut self, kind_of: impl Fn(&str, &str) -> Option<AccessedKind>) {
        let rows = self.accesses.iter_mut().filter(|access| {
            access.operation.is_row_access() && access.target == TargetKind::Table
        });
        for access in rows {
            let name = access.table.as_deref();
            access.kind = name.and_then(|name| kind_of(access.database.as_deref()?, name));
        }
    }

    /// Whether rows of a table are read or changed.
    pub(crate) fn touches_rows(&self) -> bool {
        let mut accesses = self.accesses.iter();
        accesses
            .any(|access| access.operation.is_row_access() && access.target == TargetKind::Table)
    }

    /// The accesses, with SQLite's own bookkeeping marked.
    pub(crate) fn finish(mut self) -> Vec<Access> {
        mark_internal(&mut self.accesses);
        self.accesses
    }
}

/// The word for what is done to a savepoint.
fn savepoint_word(operation: TransactionOperation) -> &'static str {
    match operation {
        TransactionOperation::Begin => "BEGIN",
        TransactionOperation::Release => "RELEASE",
        _ => "ROLLBACK",
    }
}

type Noted<'a> = (
    Operation,
    TargetKind,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
);

fn of<'a>(operation: Operation, target: TargetKind, name: &'a str, table: &'a str) -> Noted<'a> {
    (operation, target, Some(name), Some(table), None)
}

fn row<'a>(operation: Operation, table: &'a str, column: Option<&'a str>) -> Noted<'a> {
    let is_schema_table = [
        "sqlite_master",
        "sqlite_schema",
        "sqlite_temp_master",
        "sqlite_temp_schema",
    ]
    .iter()
    .any(|name| name.eq_ignore_ascii_case(table));
    if is_schema_table {
        (operation, TargetKind::Schema, Some(table), None, column)
    } else {
        (
            operation,
            TargetKind::Table,
            Some(table),
            Some(table),
            column,
        )
    }
}

/// Changing the schema makes SQLite write its schema table, call functions of its own and empty
/// dropped tables; none of that is what the statement asks for.
fn mark_internal(accesses: &mut [Access]) {
    const OWN_FUNCTIONS: [&str; 9] = [
        "length",
        "like",
        "printf",
        "sqlite_drop_column",
        "sqlite_rename_column",
        "sqlite_rename_quotefix",
        "sqlite_rename_table",
        "sqlite_rename_test",
        "substr",
    ];
    let changes_schema = accesses
        .iter()
        .any(|access| access.operation.is_schema_change() && access.target.is_schema_object());
    if !changes_schema {
        return;
    }
    let dropped: HashSet<(Option<String>, Option<String>)> = accesses
        .iter()
        .filter(|access| {
            access.operation == Operation::Drop
                && matches!(access.target, TargetKind::Table | TargetKind::View)
        })
        .map(|access| (access.database.clone(), access.table.clone()))
        .collect();
    let empties_dropped = |access: &Access| {
        access.operation == Operation::Delete
            && access.target == TargetKind::Table
            && dropped.contains(&(access.database.clone(), access.table.clone()))
    };
    let touches_rows = accesses.iter().any(|access| {
        access.operation.is_row_access()
            && access.target == TargetKind::Table
            && !empties_dropped(access)
    });
    for access in accesses {
        access.internal = access.target == TargetKind::Schema
            || access.operation == Operation::Reindex
            || empties_dropped(access)
            || (access.operation == Operation::Function
                && !touches_rows
                && access
                    .name
                    .as_deref()
                    .is_some_and(|name| OWN_FUNCTIONS.contains(&name)));
    }
}
