//! Which tables a visitor's own statements may read on one visit to a lane.
//!
//! What SQLite's compiler asks about is judged by the names it resolved, so neither spelling nor a
//! view, a subquery or a table-valued function leads around it.

use std::collections::{HashMap, HashSet};

use datasette_core::own_tables;
use rusqlite::hooks::{AuthAction, AuthContext};

/// The tables of a connection's databases that may be read, and those that may not. A table in
/// neither list was not there when the lists were made and may not be read. SQLite's own tables
/// that tell about others may be read where nothing of their database is hidden.
#[derive(Clone, Debug, Default)]
pub struct ReadScope {
    databases: HashMap<String, Tables>,
}

/// Tables of one database, in lower case, since SQLite finds them in any ASCII case.
#[derive(Clone, Debug, Default)]
struct Tables {
    readable: HashSet<String>,
    hidden: HashSet<String>,
}

/// Table-valued functions that read nothing but their arguments.
const READS_ARGUMENTS: [&str; 5] = [
    "fts3tokenize",
    "generate_series",
    "json_each",
    "json_tree",
    "jsonb_each",
];

/// Table-valued functions that tell about the content or the statements of a whole connection.
/// They are only listed for statements that use none of their columns: everything unknown is
/// refused otherwise.
const TELLS_OF_ALL: [&str; 7] = [
    "bytecode",
    "dbstat",
    "sqlite_dbdata",
    "sqlite_dbpage",
    "sqlite_dbptr",
    "sqlite_stmt",
    "tables_used",
];

/// Pragmas that tell about one table, named by their argument.
const TELLS_OF_ONE: [&str; 4] = [
    "foreign_key_list",
    "index_list",
    "table_info",
    "table_xinfo",
];

/// Pragmas that tell about tables nobody named, or about the databases of a connection and their
/// files.
const TELLS_OF_ANY: [&str; 9] = [
    "database_list",
    "foreign_key_check",
    "index_info",
    "index_xinfo",
    "integrity_check",
    "quick_check",
    "table_list",
    "page_count",
    "freelist_count",
];

impl ReadScope {
    /// Adds a database under SQLite's name for it on the connection: `main`, or that of an
    /// attached file.
    pub fn add<'a>(
        &mut self,
        database: &str,
        readable: impl IntoIterator<Item = &'a str>,
        hidden: impl IntoIterator<Item = &'a str>,
    ) {
        let lower = |names: &mut dyn Iterator<Item = &'a str>| -> HashSet<String> {
            names.map(str::to_ascii_lowercase).collect()
        };
        let tables = Tables {
            readable: lower(&mut readable.into_iter()),
            hidden: lower(&mut hidden.into_iter()),
        };
        self.databases.insert(database.to_ascii_lowercase(), tables);
    }

    /// Whether anything is hidden. If not, statements need no scope.
    pub fn hides(&self) -> bool {
        self.databases.values().any(|one| !one.hidden.is_empty())
    }

    /// Whether the text names a hidden table. A mistake in a statement is told only if it does
    /// not, because it can be about a column of that table.
    pub fn is_named_in(&self, sql: &str) -> bool {
        let lower = sql.to_ascii_lowercase();
        // In quotes, a quote is written twice.
        let single = lower.replace("\"\"", "\"").replace("``", "`");
        let single = single.replace("''", "'");
        let mut hidden = self.databases.values().flat_map(|one| &one.hidden);
        hidden.any(|name| has_word(&lower, name) || has_word(&single, name))
    }

    /// Whether what the compiler asks for is within the scope.
    pub(crate) fn admits(&self, context: &AuthContext<'_>) -> bool {
        let database = context.database_name;
        match context.action {
            AuthAction::Read {
                table_name,
                column_name,
            } => self.admits_reading(database, table_name, column_name),
            AuthAction::Pragma {
                pragma_name,
                pragma_value,
            } => self.admits_pragma(database, pragma_name, pragma_value),
            _ => true,
        }
    }

    fn admits_reading(&self, database: Option<&str>, table: &str, column: &str) -> bool {
        let table = table.to_ascii_lowercase();
        let name = table.as_str();
        let Some(database) = database else {
            // Without a database comes what a statement names and uses no column of. SQLite does
            // not tell then which of several databases it found the table in.
            return !self.tells_of_hidden(None, name)
                && !self.databases.values().any(|one| one.hidden.contains(name))
                && !TELLS_OF_ALL.contains(&name);
        };
        if self.tells_of_hidden(Some(database), name) {
            return false;
        }
        if database.eq_ignore_ascii_case("temp") || own_tables::tells_of_others(name) {
            return true;
        }
        let Some(tables) = self.of(database) else {
            return false;
        };
        if tables.hidden.contains(name) {
            return false;
        }
        tables.readable.contains(name)
            || READS_ARGUMENTS.contains(&name)
            // What such a function tells is asked for once more when it runs.
            || name.starts_with("pragma_")
            // A common table expression of which no column is used.
            || (column.is_empty() && !TELLS_OF_ALL.contains(&name))
    }

    fn admits_pragma(&self, database: Option<&str>, name: &str, value: Option<&str>) -> bool {
        if among(&TELLS_OF_ONE, name) {
            let Some(table) = value else { return true };
            let table = table.to_ascii_lowercase();
            // Asked about an index, table_info tells its columns.
            let known = |one: &Tables| one.readable.contains(&table);
            return match database {
                Some(database) => self.of(database).is_some_and(known),
                None => {
                    let hidden = |one: &Tables| one.hidden.contains(&table);
                    self.databases.values().any(known) && !self.databases.values().any(hidden)
                }
            };
        }
        !among(&TELLS_OF_ANY, name)
    }

    fn tells_of_hidden(&self, database: Option<&str>, table: &str) -> bool {
        own_tables::tells_of_others(table)
            && match database {
                Some(database) => self
                    .of(database)
                    .is_some_and(|tables| !tables.hidden.is_empty()),
                None => self.hides(),
            }
    }

    fn of(&self, database: &str) -> Option<&Tables> {
        self.databases.get(&database.to_ascii_lowercase())
    }
}

/// Whether a table-valued function reads nothing but its arguments.
pub fn reads_only_arguments(function: &str) -> bool {
    among(&READS_ARGUMENTS, function)
}

fn among(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether the name stands in the text with no letter, digit or underscore beside it.
fn has_word(text: &str, name: &str) -> bool {
    let joins = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(name).any(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = text[start + found.len()..].chars().next();
        !before.is_some_and(joins) && !after.is_some_and(joins)
    })
}
