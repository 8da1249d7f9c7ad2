//! What an access of a statement demands of whoever sends the statement. What is not known here is
//! refused (WRITE-137 to WRITE-147).

use datasette_core::Action;
use datasette_core::access::{Access, AccessedKind, Operation, TargetKind};
use datasette_core::action::{
    AlterTable, CreateTable, CreateView, DeleteRow, DropTable, DropView, InsertRow, UpdateRow,
    ViewTable,
};

/// What one access demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demand {
    /// Nothing: SQLite's own bookkeeping, functions, steps of a SELECT (WRITE-145).
    Nothing,
    /// All of these actions on the database.
    OfDatabase(&'static [&'static str]),
    /// All of these actions on the table or view of this name.
    OfTable(&'static [&'static str], String),
    /// Nobody may (WRITE-142).
    Forbidden(&'static str),
    /// Nobody may, because nothing says who could (WRITE-143).
    Unsupported(String),
}

const VIEW: &[&str] = &[ViewTable::NAME];
const CHANGE_ROWS: &[&str] = &[InsertRow::NAME, UpdateRow::NAME, DeleteRow::NAME];
const DELETE_ROWS: &[&str] = &[DeleteRow::NAME];
const CREATE_TABLE: &[&str] = &[CreateTable::NAME];
const CREATE_VIEW: &[&str] = &[CreateView::NAME];
const ALTER_TABLE: &[&str] = &[AlterTable::NAME];
const DROP_TABLE: &[&str] = &[DropTable::NAME];
const DROP_VIEW: &[&str] = &[DropView::NAME];

impl Demand {
    /// What an access demands (WRITE-140).
    pub fn of(access: &Access) -> Self {
        use Operation as O;
        use TargetKind as T;
        if access.internal {
            return Self::Nothing;
        }
        match access.operation {
            O::Select | O::Function => return Self::Nothing,
            O::Vacuum => return Self::Forbidden("VACUUM is not allowed in user-supplied SQL"),
            O::Insert | O::Update | O::Delete => match access.kind {
                Some(AccessedKind::Virtual) => {
                    return Self::Forbidden(
                        "Writes to virtual tables are not allowed in user-supplied SQL",
                    );
                }
                Some(AccessedKind::Shadow) => {
                    return Self::Forbidden(
                        "Writes to shadow tables are not allowed in user-supplied SQL",
                    );
                }
                _ => {}
            },
            _ => {}
        }
        if is_pragma_function(access) || access.database.is_none() {
            return unsupported(access);
        }
        let of_table = |actions| match &access.table {
            Some(table) => Self::OfTable(actions, table.clone()),
            None => unsupported(access),
        };
        match (access.operation, access.target) {
            (O::Read, T::Table) => of_table(VIEW),
            (O::Insert | O::Update, T::Table) => of_table(CHANGE_ROWS),
            (O::Delete, T::Table) => of_table(DELETE_ROWS),
            (O::Create, T::Table) => Self::OfDatabase(CREATE_TABLE),
            (O::Create, T::View) => Self::OfDatabase(CREATE_VIEW),
            (O::Drop, T::View) => of_table(DROP_VIEW),
            (O::Drop, T::Table) => of_table(DROP_TABLE),
            (O::Alter, T::Table) | (O::Create | O::Drop, T::Index) => of_table(ALTER_TABLE),
            _ => unsupported(access),
        }
    }

    /// The actions, as lists of operations show them (WRITE-147).
    pub fn actions(&self) -> &'static [&'static str] {
        match self {
            Self::OfDatabase(actions) | Self::OfTable(actions, _) => actions,
            _ => &[],
        }
    }
}

fn unsupported(access: &Access) -> Demand {
    let (operation, target) = (access.operation.name(), access.target.name());
    Demand::Unsupported(format!("Unsupported SQL operation: {operation} {target}"))
}

/// Whether a pragma stands in the place of a table. It tells about tables that its argument names,
/// and of those nobody was asked (WRITE-144).
pub fn is_pragma_function(access: &Access) -> bool {
    let is_pragma = |name: &String| name.to_ascii_lowercase().starts_with("pragma_");
    access.operation == Operation::Read
        && access.target == TargetKind::Table
        && access.kind.is_none()
        && access.table.as_ref().is_some_and(is_pragma)
}

/// Whether any of them changes something, or may.
pub fn writes(accesses: &[Access]) -> bool {
    accesses.iter().any(|access| {
        !matches!(
            access.operation,
            Operation::Read | Operation::Select | Operation::Function
        )
    })
}

/// Whether any of them changes the schema.
pub fn changes_schema(accesses: &[Access]) -> bool {
    let mut accesses = accesses.iter();
    accesses.any(|access| access.operation.is_schema_change())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(operation: Operation, target: TargetKind, table: Option<&str>) -> Access {
        Access {
            operation,
            target,
            database: Some("main".to_owned()),
            table: table.map(str::to_owned),
            kind: None,
            name: table.map(str::to_owned),
            columns: Vec::new(),
            source: None,
            internal: false,
        }
    }

    // Proves: WRITE-140
    #[test]
    fn operations_need_what_they_do() {
        use Operation as O;
        use TargetKind as T;
        let on = |actions: &'static [&'static str]| Demand::OfTable(actions, "t".to_owned());
        let rows: &[&str] = &["insert-row", "update-row", "delete-row"];
        let cases = [
            (O::Insert, T::Table, on(rows)),
            (O::Update, T::Table, on(rows)),
            (O::Delete, T::Table, on(&["delete-row"])),
            (O::Read, T::Table, on(&["view-table"])),
            (O::Create, T::Table, Demand::OfDatabase(&["create-table"])),
            (O::Create, T::View, Demand::OfDatabase(&["create-view"])),
            (O::Drop, T::View, on(&["drop-view"])),
            (O::Drop, T::Table, on(&["drop-table"])),
            (O::Alter, T::Table, on(&["alter-table"])),
            (O::Create, T::Index, on(&["alter-table"])),
            (O::Drop, T::Index, on(&["alter-table"])),
            (O::Select, T::Statement, Demand::Nothing),
            (O::Function, T::Function, Demand::Nothing),
        ];
        for (operation, target, expected) in cases {
            let found = Demand::of(&access(operation, target, Some("t")));
            assert_eq!(found, expected, "{operation:?} {target:?}");
        }
    }

    // Proves: WRITE-142, WRITE-143, WRITE-144
    #[test]
    fn everything_else_is_refused() {
        use Operation as O;
        use TargetKind as T;
        let known = [
            (O::Read, T::Table),
            (O::Insert, T::Table),
            (O::Update, T::Table),
            (O::Delete, T::Table),
            (O::Create, T::Table),
            (O::Create, T::View),
            (O::Create, T::Index),
            (O::Alter, T::Table),
            (O::Drop, T::Table),
            (O::Drop, T::View),
            (O::Drop, T::Index),
        ];
        for operation in Operation::ALL {
            for target in TargetKind::ALL {
                let found = Demand::of(&access(operation, target, Some("t")));
                let expected = match (operation, target) {
                    (O::Select | O::Function, _) => Demand::Nothing,
                    (O::Vacuum, _) => {
                        Demand::Forbidden("VACUUM is not allowed in user-supplied SQL")
                    }
                    pair if known.contains(&pair) => continue,
                    _ => Demand::Unsupported(format!(
                        "Unsupported SQL operation: {} {}",
                        operation.name(),
                        target.name()
                    )),
                };
                assert_eq!(found, expected, "{operation:?} {target:?}");
                let mut nowhere = access(operation, target, None);
                nowhere.database = None;
                assert!(Demand::of(&nowhere).actions().is_empty());
            }
        }
        for operation in [O::Insert, O::Update, O::Delete] {
            for (kind, words) in [
                (AccessedKind::Virtual, "virtual"),
                (AccessedKind::Shadow, "shadow"),
            ] {
                let mut one = access(operation, T::Table, Some("t"));
                one.kind = Some(kind);
                let Demand::Forbidden(message) = Demand::of(&one) else {
                    panic!("{operation:?}");
                };
                assert!(message.starts_with(&format!("Writes to {words} tables")));
            }
        }
        let pragma = access(O::Read, T::Table, Some("PRAGMA_table_info"));
        assert!(matches!(Demand::of(&pragma), Demand::Unsupported(_)));
        // An ordinary table may be called so.
        let mut table = pragma;
        table.kind = Some(AccessedKind::Table);
        assert_eq!(Demand::of(&table).actions(), ["view-table"]);
    }

    #[test]
    fn only_reading_does_not_write() {
        for operation in Operation::ALL {
            let reads = matches!(operation.name(), "read" | "select" | "function");
            let one = access(operation, TargetKind::Table, Some("t"));
            assert_eq!(writes(&[one]), !reads, "{operation:?}");
        }
        assert!(!writes(&[]));
    }
}
