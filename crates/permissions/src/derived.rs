//! Tables that show what other tables hold.

use datasette_core::schema::Derivation;
use datasette_core::{DatabaseRef, TableRef};

use crate::cascade::{Judge, Ownership};

/// Whether the sources of a table, if it has any, may be viewed (PERM-55, HIDE-05, HIDE-06). A
/// source that is itself derived, or cannot be found out, denies (PERM-57).
pub(crate) fn source_allows(judge: &Judge<'_>, table: &TableRef) -> bool {
    let database = table.database();
    match &table.derivation {
        Derivation::None => true,
        Derivation::Unresolvable => false,
        Derivation::From(source) => allows(judge, database, source),
        Derivation::FromEach(sources) => {
            sources.iter().all(|source| allows(judge, database, source))
        }
    }
}

fn allows(judge: &Judge<'_>, database: &DatabaseRef, source: &str) -> bool {
    let found = find(database, source);
    if found
        .as_ref()
        .is_some_and(|found| found.derivation != Derivation::None)
    {
        return false;
    }
    judge.allows(Some(database.name()), Some(source), Ownership::default())
}

/// The table of that name in any ASCII case, as SQLite finds it.
pub(crate) fn find(database: &DatabaseRef, name: &str) -> Option<TableRef> {
    database.table(name).or_else(|| {
        database
            .tables()
            .find(|table| table.name().eq_ignore_ascii_case(name))
    })
}
