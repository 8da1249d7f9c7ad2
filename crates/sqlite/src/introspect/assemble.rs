//! Putting the description together.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use datasette_core::schema::{Derivation, SchemaObject};
use datasette_core::{DatabaseSchema, Table, TableKind};

use super::ddl::{VirtualTable, contains_ignoring_case};
use super::hidden::Candidate;
use super::source::{self, Entry, Nature};
use super::{columns, derivation, fts, keys, labels};
use crate::error::SqlError;
use crate::session::Session;

/// Introspects the main database; `version` is its `schema_version`. A view or virtual table that
/// SQLite cannot describe is listed without columns.
pub(crate) fn database(session: &Session<'_>, version: i64) -> Result<DatabaseSchema, SqlError> {
    let entries = source::entries(session)?;
    let natures = source::natures(session)?;
    let mut index_sql: HashMap<&str, IndexSql<'_>> = HashMap::new();
    for index in entries.iter().filter(|entry| entry.kind == "index") {
        let of_table = index_sql.entry(&index.table).or_default();
        of_table.insert(&index.name, index.sql.as_deref());
    }
    let mut tables = Vec::new();
    for entry in entries
        .iter()
        .filter(|entry| entry.is_table() || entry.kind == "view")
    {
        let nature = natures.get(&entry.name).copied().unwrap_or_default();
        let index_sql = index_sql.remove(entry.name.as_str()).unwrap_or_default();
        tables.push(table(session, entry, nature, &index_sql)?);
    }
    let declarations = declarations(&entries);
    classify(&mut tables, &entries, &natures, &declarations);
    keys::resolve(&mut tables);
    let objects = entries
        .into_iter()
        .filter_map(|entry| {
            Some(SchemaObject {
                kind: entry.kind,
                name: entry.name,
                table: entry.table,
                sql: entry.sql?,
            })
        })
        .collect();
    Ok(DatabaseSchema {
        version,
        tables: tables
            .into_iter()
            .map(|table| (table.name.clone(), Arc::new(table)))
            .collect(),
        objects,
    })
}

/// The SQL of a table's indexes by name; automatic ones have none.
type IndexSql<'a> = HashMap<&'a str, Option<&'a str>>;

/// What the pragmas tell about one table or view.
fn table(
    session: &Session<'_>,
    entry: &Entry,
    nature: Nature,
    index_sql: &IndexSql<'_>,
) -> Result<Table, SqlError> {
    let sql = entry.sql.clone().unwrap_or_default();
    let columns = columns::of(session, &entry.name)?;
    // Pragmas that can have nothing to say are not asked: they cost as much as those that do.
    let may_reference = entry.is_table() && contains_ignoring_case(&sql, "references");
    let foreign_key_parts = if may_reference {
        keys::declared(session, &entry.name)?
    } else {
        Vec::new()
    };
    let indexes = if entry.is_table() && (nature.without_rowid || !index_sql.is_empty()) {
        columns::indexes(session, &entry.name, |name| {
            index_sql.get(name).copied().flatten().map(str::to_owned)
        })?
    } else {
        Vec::new()
    };
    let label_column = entry
        .is_table()
        .then(|| labels::column(&columns, &indexes))
        .flatten();
    Ok(Table {
        name: entry.name.clone(),
        kind: TableKind::View,
        primary_key: columns::primary_key(&columns),
        columns,
        root_page: entry.root_page,
        sql,
        indexes,
        foreign_key_parts,
        outgoing: Vec::new(),
        incoming: Vec::new(),
        fts_table: None,
        hidden: false,
        derivation: Derivation::None,
        label_column,
    })
}

fn declarations(entries: &[Entry]) -> Vec<(&str, VirtualTable)> {
    entries
        .iter()
        .filter(|entry| entry.is_table() && entry.root_page == 0)
        .filter_map(|entry| {
            let declaration = VirtualTable::parse(entry.sql.as_deref()?)?;
            Some((entry.name.as_str(), declaration))
        })
        .collect()
}

/// Kind, search, hiding and derivation: what depends on the other tables of the database.
fn classify(
    tables: &mut [Table],
    entries: &[Entry],
    natures: &HashMap<String, Nature>,
    declarations: &[(&str, VirtualTable)],
) {
    let listed: Vec<(&str, &VirtualTable)> = declarations
        .iter()
        .map(|(name, declaration)| (*name, declaration))
        .collect();
    let by_name: HashMap<&str, &VirtualTable> = listed.iter().copied().collect();
    let relations = || {
        entries
            .iter()
            .filter(|entry| entry.is_table() || entry.kind == "view")
    };
    let names: HashSet<&str> = relations().map(|entry| entry.name.as_str()).collect();
    let shadows: Vec<&str> = relations()
        .map(|entry| entry.name.as_str())
        .filter(|name| natures.get(*name).is_some_and(|nature| nature.is_shadow))
        .collect();
    let mut derivations = derivation::all(&listed, &names, &shadows);
    if let Some(sequences) = names.get(derivation::SEQUENCES) {
        let tables = entries.iter().filter(|entry| entry.is_table());
        let statements =
            tables.filter_map(|entry| Some((entry.name.as_str(), entry.sql.as_deref()?)));
        derivations.insert(sequences, derivation::of_sequences(statements));
    }
    let search = fts::SearchTables::new(&listed);
    let in_spatialite = entries
        .iter()
        .any(|entry| entry.table == "geometry_columns");
    for (table, entry) in tables.iter_mut().zip(relations()) {
        let nature = natures.get(&table.name).copied().unwrap_or_default();
        let declaration = by_name.get(table.name.as_str()).copied();
        table.derivation = derivations
            .get(table.name.as_str())
            .cloned()
            .unwrap_or(Derivation::None);
        if !entry.is_table() {
            continue;
        }
        table.kind = match declaration {
            Some(declaration) => TableKind::Virtual(declaration.module.clone()),
            None if nature.is_shadow => TableKind::Shadow,
            None if nature.without_rowid => TableKind::WithoutRowid,
            None => TableKind::Rowid,
        };
        table.fts_table = search.table_for(&table.name).map(str::to_owned);
        table.hidden = Candidate {
            name: &table.name,
            is_shadow: nature.is_shadow,
            declaration,
            in_spatialite,
        }
        .is_hidden();
    }
}
