//! Foreign keys: as declared, and resolved to tables and columns that exist.

use std::collections::HashMap;

use datasette_core::schema::{ForeignKey, ForeignKeyPart, Table};

use super::source::{about, integer, optional_text, text};
use crate::error::SqlError;
use crate::session::Session;

/// The declared foreign keys in the order SQLite lists them: last declared first.
pub(super) fn declared(
    session: &Session<'_>,
    table: &str,
) -> Result<Vec<ForeignKeyPart>, SqlError> {
    about(session, "foreign_key_list", table, |row| ForeignKeyPart {
        id: integer(row, 0),
        sequence: integer(row, 1),
        table: text(row, 2),
        from: text(row, 3),
        to: optional_text(row, 4),
        on_update: text(row, 5),
        on_delete: text(row, 6),
        match_clause: text(row, 7),
    })
}

/// Fills in the outgoing keys in declared order and the incoming ones sorted. Only single-column
/// keys whose target table exists count (LABEL-04 to LABEL-06).
pub(super) fn resolve(tables: &mut [Table]) {
    let by_name: HashMap<String, usize> = tables
        .iter()
        .enumerate()
        .filter(|(_, table)| !table.is_view())
        .map(|(place, table)| (table.name.to_ascii_lowercase(), place))
        .collect();
    let mut links: Vec<(usize, usize, ForeignKey, ForeignKey)> = Vec::new();
    for (place, table) in tables.iter().enumerate() {
        let parts = &table.foreign_key_parts;
        for part in parts {
            if parts.iter().filter(|other| other.id == part.id).count() > 1 {
                continue;
            }
            let Some(target) = by_name.get(&part.table.to_ascii_lowercase()) else {
                continue;
            };
            let Some(other_column) = target_column(&tables[*target], part.to.as_deref()) else {
                continue;
            };
            let outgoing = ForeignKey {
                other_table: tables[*target].name.clone(),
                column: part.from.clone(),
                other_column: other_column.clone(),
            };
            let incoming = ForeignKey {
                other_table: table.name.clone(),
                column: other_column,
                other_column: part.from.clone(),
            };
            links.push((place, *target, outgoing, incoming));
        }
    }
    for (place, target, outgoing, incoming) in links {
        tables[place].outgoing.push(outgoing);
        tables[target].incoming.push(incoming);
    }
    for table in tables {
        table.incoming.sort();
    }
}

/// The referenced column as the target spells it, or as declared where the target has none of that
/// name; without a declared one the target's primary key, if that is a single column (LABEL-05).
fn target_column(target: &Table, declared: Option<&str>) -> Option<String> {
    match declared {
        Some(name) => {
            let mut columns = target.columns.iter().map(|column| &column.name);
            let spelled = columns.find(|column| column.eq_ignore_ascii_case(name));
            Some(spelled.map_or_else(|| name.to_owned(), String::clone))
        }
        None if target.primary_key.len() == 1 => {
            Some(target.columns[target.primary_key[0]].name.clone())
        }
        None => None,
    }
}
