//! Making a table anew under its own name: what SQLite cannot change about a table in place
//! (WRITE-104, WRITE-105, WRITE-109).

use std::collections::HashSet;

use datasette_core::identifier::quote;
use datasette_core::python_text::repr;
use datasette_core::schema::{Affinity, Column};
use datasette_core::{DatabaseSchema, Fault, Table, TableKind};

use super::definition::{ColumnDefinition, Definition, KeyDefinition};
use super::definition_parser;
use super::index_text;
use super::kept_constraints;
use crate::change::tables::column_draft::{ColumnDraft, TableDraft};
use crate::change::tables::create_plan::{added_key, key_line, no_columns};
use crate::change::tables::default_text;
use crate::change::tables::table_changes::{Dropped, TableChanges, resolved};

/// What to run, part by part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuild {
    /// The name of the new table while the old one is there, which nobody needs to read.
    pub temporary: String,
    /// Statements that make the new table beside the old one and fill it.
    pub make: Vec<String>,
    /// Statements that put it in the place of the old one. They run with `legacy_alter_table`, as
    /// views and triggers elsewhere shall go on meaning the table of that name.
    pub swap: Vec<String>,
    /// Statements that make the indexes again.
    pub indexes: Vec<String>,
    /// The name and the statement of each trigger of the table, in the order in which they were
    /// made.
    pub triggers: Vec<(String, String)>,
    /// Statements to compile, not to run: they fail when a trigger makes no sense any more.
    pub probes: Vec<String>,
}

/// Plans to make a table anew. `schema` is the schema of this moment.
///
/// # Errors
/// 400: the statement of the table is not understood, what is to be dropped is needed by something
/// that stays, or a foreign key refers to what is not there.
pub fn plan_rebuild(
    schema: &DatabaseSchema,
    table: &Table,
    changes: &TableChanges,
) -> Result<Rebuild, Fault> {
    let definition = read(table)?;
    let mut work = Work {
        schema,
        table,
        changes,
        definition: &definition,
        names: names_after(table, changes),
    };
    let draft = work.draft()?;
    let indexes = index_text::indexes(table, &definition, changes)?;
    let temporary = free_name(schema, &table.name);
    let mut make = vec![draft.sql(&temporary), work.copy(&temporary, &draft)];
    if keeps_sequence(&draft) {
        make.extend(sequence(&table.name, &temporary));
    }
    let name = quote(&table.name);
    let swap = vec![
        format!("DROP TABLE {name}"),
        format!("ALTER TABLE {} RENAME TO {name}", quote(&temporary)),
    ];
    Ok(Rebuild {
        temporary,
        make,
        swap,
        indexes,
        triggers: triggers(schema, &table.name),
        probes: probes(&name, &draft),
    })
}

/// Reads the table's statement and compares it with what SQLite says.
fn read(table: &Table) -> Result<Definition, Fault> {
    let misread = |words: &str| {
        let name = repr(&table.name);
        let words = format!("Could not parse table schema for table {name}: {words}");
        Fault::bad_request(words)
    };
    let mut definition =
        definition_parser::definition(&table.sql).map_err(|words| misread(&words))?;
    let told = table.columns.iter().map(|column| column.name.as_str());
    let read = definition.columns.iter().map(|column| column.name.as_str());
    if !told.eq(read) {
        return Err(misread("its columns are other ones"));
    }
    let names: Vec<String> = table.columns.iter().map(|each| each.name.clone()).collect();
    if let Some(key) = &mut definition.key {
        for column in &mut key.columns {
            column.name = resolved(&column.name, &names);
        }
        let mut seen = HashSet::new();
        key.columns
            .retain(|column| seen.insert(column.name.clone()));
    }
    let key = definition.key.iter().flat_map(|key| &key.columns);
    if !key
        .map(|column| column.name.as_str())
        .eq(table.primary_key_names())
    {
        return Err(misread("its key is another one"));
    }
    let first_parts = table
        .foreign_key_parts
        .iter()
        .filter(|part| part.sequence == 0);
    if first_parts.count() != definition.references.len() {
        return Err(misread("its foreign keys are other ones"));
    }
    Ok(definition)
}

/// The names of the columns that stay, before their order changes.
fn names_after(table: &Table, changes: &TableChanges) -> Vec<String> {
    let names = table.columns.iter().map(|column| column.name.clone());
    names.filter(|name| !changes.drops(name)).collect()
}

struct Work<'a> {
    schema: &'a DatabaseSchema,
    table: &'a Table,
    changes: &'a TableChanges,
    definition: &'a Definition,
    names: Vec<String>,
}

impl Work<'_> {
    fn draft(&mut self) -> Result<TableDraft, Fault> {
        kept_constraints::refuse_needed(self.definition, &self.changes.dropped)?;
        self.changes.refuse_both()?;
        let key = self.key();
        let constraints = kept_constraints::Kept {
            schema: self.schema,
            table: self.table,
            changes: self.changes,
            definition: self.definition,
            names: &self.names,
        };
        let references = constraints.references()?;
        if self.names.is_empty() {
            return Err(no_columns());
        }
        self.refuse_strangers()?;
        let references = constraints.found(references)?;
        let mut draft = TableDraft::default();
        let columns = self.table.columns.iter().zip(&self.definition.columns);
        for (column, definition) in columns.filter(|(column, _)| !self.changes.drops(&column.name))
        {
            let mut drafted = self.column(column, definition, &key)?;
            drafted
                .constraints
                .extend(references.of_column(&column.name));
            drafted
                .constraints
                .extend(constraints.of_column(&column.name));
            draft.columns.push(drafted);
        }
        self.reorder(&mut draft);
        if let Key::One { name, .. } = &key
            && !self.names.contains(name)
        {
            draft.columns.insert(0, added_key(name));
        }
        draft.constraints.extend(references.of_table());
        draft.constraints.extend(constraints.of_table());
        draft.constraints.extend(key.line());
        if self.definition.strict {
            draft.options.push("STRICT");
        }
        if self.definition.without_rowid {
            draft.options.push("WITHOUT ROWID");
        }
        Ok(draft)
    }

    /// Refuses to change columns that are not there (WRITE-102 ignores other mentions of them).
    fn refuse_strangers(&self) -> Result<(), Fault> {
        let columns = || self.names.iter().map(String::as_str);
        let strangers = |named: Vec<&str>| {
            let named = named.into_iter();
            let known = |name: &&str| columns().any(|each| each.eq_ignore_ascii_case(name));
            named
                .filter(|name| !known(name))
                .map(str::to_owned)
                .collect::<Vec<String>>()
        };
        let not_null = self.changes.not_null.iter().map(|(name, _)| name.as_str());
        let defaults = self.changes.defaults.iter().map(|(name, _)| name.as_str());
        for (what, named) in [
            ("not_null", not_null.collect()),
            ("defaults", defaults.collect()),
        ] {
            let strangers = strangers(named);
            if !strangers.is_empty() {
                let strangers = strangers.iter().map(String::as_str);
                return Err(default_text::no_column(what, strangers, columns()));
            }
        }
        Ok(())
    }

    fn key(&self) -> Key {
        let own = self.definition.key.as_ref();
        let wanted = self.changes.key.as_ref();
        let names: Vec<String> = match (wanted, own) {
            (Some(wanted), _) => wanted
                .iter()
                .map(|name| resolved(name, &self.names))
                .collect(),
            (None, Some(own)) => own.columns.iter().map(|each| each.name.clone()).collect(),
            (None, None) => Vec::new(),
        };
        let own = own.filter(|own| {
            let columns = own.columns.iter().map(|column| &column.name);
            columns.eq(names.iter())
        });
        let is_spelled_out = own.is_some_and(|own| {
            let mut columns = own.columns.iter();
            columns.any(|column| {
                let descends = column.descends == Some(true) && !own.is_with_column;
                descends || column.collation.is_some()
            })
        });
        match names.as_slice() {
            [] => Key::None,
            [name] if !is_spelled_out => Key::One {
                name: name.clone(),
                own: own.cloned(),
            },
            _ => Key::Line {
                only: names.first().filter(|_| names.len() == 1).cloned(),
                line: match own {
                    Some(own) => kept_constraints::key(own),
                    None => key_line(&names),
                },
            },
        }
    }

    fn column(
        &self,
        column: &Column,
        definition: &ColumnDefinition,
        key: &Key,
    ) -> Result<ColumnDraft, Fault> {
        let find = |name: &str| name.eq_ignore_ascii_case(&column.name);
        let new_type = self.changes.types.iter().find(|(name, _)| find(name));
        let type_name = match new_type {
            Some((_, kind)) => kind.declared().to_owned(),
            None => self.kept_type(column, key),
        };
        let mut constraints = Vec::new();
        if let Key::One { name, own } = key
            && *name == column.name
        {
            constraints.push(kept_constraints::single_key(own.as_ref(), &type_name));
        }
        let not_null = self.changes.not_null.iter().find(|(name, _)| find(name));
        match (not_null, &definition.not_null) {
            (Some((_, true)), None) => constraints.push("NOT NULL".to_owned()),
            (None | Some((_, true)), Some(conflict)) => {
                constraints.push(format!("NOT NULL {conflict}").trim_end().to_owned());
            }
            (Some((_, false)), _) | (None, None) => {}
        }
        let default = self.changes.defaults.iter().find(|(name, _)| find(name));
        let default = match default {
            Some((_, default)) => default.clone(),
            None if definition.generated.is_some() => None,
            None => {
                let affinity = Affinity::of(&type_name);
                let kept = column.default.as_deref();
                kept.map(|default| default_text::kept(default, affinity))
            }
        };
        constraints.extend(default.map(|default| format!("DEFAULT {default}")));
        let collation = definition.collation.as_ref();
        constraints.extend(collation.map(|name| format!("COLLATE {}", quote(name))));
        constraints.extend(definition.generated.clone());
        Ok(ColumnDraft {
            name: column.name.clone(),
            type_name,
            constraints,
            before: definition.before.clone(),
            after: definition.after.clone(),
        })
    }

    /// The type of a column that nobody asked to change: one of the four names (WRITE-104), unless
    /// that would change values or what identifies a row.
    fn kept_type(&self, column: &Column, key: &Key) -> String {
        let declared = column.declared_type.trim();
        let affinity = Affinity::of(declared);
        let name = match affinity {
            Affinity::Integer => "INTEGER",
            Affinity::Text => "TEXT",
            Affinity::Real => "REAL",
            Affinity::Blob if !declared.is_empty() => "BLOB",
            Affinity::Blob | Affinity::Numeric => return declared.to_owned(),
        };
        let is_key = key.only() == Some(column.name.as_str());
        let becomes_rowid = name == "INTEGER" && is_key && !self.definition.without_rowid;
        if becomes_rowid && !declared.eq_ignore_ascii_case("INTEGER") && self.changes.key.is_none()
        {
            return declared.to_owned();
        }
        name.to_owned()
    }

    fn reorder(&self, draft: &mut TableDraft) {
        let Some(order) = &self.changes.order else {
            return;
        };
        let order: Vec<String> = order
            .iter()
            .map(|name| resolved(name, &self.names))
            .collect();
        let place = |column: &ColumnDraft| {
            let mut order = order.iter();
            order
                .position(|name| *name == column.name)
                .unwrap_or(usize::MAX)
        };
        draft.columns.sort_by_cached_key(place);
    }

    /// The statement that copies the rows. Rowids stay, whether or not a column shows them.
    fn copy(&self, temporary: &str, draft: &TableDraft) -> String {
        let stays = |column: &&Column| column.hidden == 0 && !self.changes.drops(&column.name);
        let columns: Vec<&Column> = self.table.columns.iter().filter(stays).collect();
        let rowid = self.rowid(draft);
        let into = columns.iter().map(|column| quote(&column.name));
        let into: Vec<String> = rowid.map(str::to_owned).into_iter().chain(into).collect();
        let from = columns.iter().map(|column| self.copied(column));
        let from: Vec<String> = rowid.map(str::to_owned).into_iter().chain(from).collect();
        format!(
            "INSERT INTO {} ({})\n   SELECT {} FROM {}",
            quote(temporary),
            into.join(", "),
            from.join(", "),
            quote(&self.table.name)
        )
    }

    /// A name of the rowid that no column has taken; `None` where there is no rowid to copy.
    fn rowid(&self, draft: &TableDraft) -> Option<&'static str> {
        if self.table.kind != TableKind::Rowid {
            return None;
        }
        let old = self.table.columns.iter().map(|column| &column.name);
        let new = draft.columns.iter().map(|column| &column.name);
        let names: Vec<&String> = old.chain(new).collect();
        let is_free = |alias: &&str| !names.iter().any(|name| name.eq_ignore_ascii_case(alias));
        ["rowid", "_rowid_", "oid"].into_iter().find(is_free)
    }

    /// A column's value on its way: empty texts that are to be numbers become NULL.
    fn copied(&self, column: &Column) -> String {
        let name = quote(&column.name);
        let mut types = self.changes.types.iter();
        let new_type = types.find(|(each, _)| each.eq_ignore_ascii_case(&column.name));
        let becomes_number = new_type
            .is_some_and(|(_, kind)| matches!(kind.affinity(), Affinity::Integer | Affinity::Real));
        let was_text = column.affinity() == Affinity::Text || column.declared_type.is_empty();
        if becomes_number && was_text {
            format!("NULLIF({name}, '')")
        } else {
            name
        }
    }
}

/// The key of the new table.
enum Key {
    None,
    /// One column, and how its key was declared, if that stays.
    One {
        name: String,
        own: Option<KeyDefinition>,
    },
    /// A line of its own, and its column, if that is the only one.
    Line {
        line: String,
        only: Option<String>,
    },
}

impl Key {
    fn line(self) -> Option<String> {
        match self {
            Self::Line { line, .. } => Some(line),
            _ => None,
        }
    }

    /// The column of a key of one.
    fn only(&self) -> Option<&str> {
        match self {
            Self::One { name, .. } => Some(name),
            Self::Line { only, .. } => only.as_deref(),
            Self::None => None,
        }
    }
}

/// A name for the new table while the old one is still there.
fn free_name(schema: &DatabaseSchema, table: &str) -> String {
    let mut number = 0_usize;
    loop {
        let name = format!("new_{number}_{table}");
        let mut objects = schema.objects.iter().map(|object| &object.name);
        let tables = &mut schema.tables.keys();
        if !objects.any(|known| known.eq_ignore_ascii_case(&name))
            && !tables.any(|known| known.eq_ignore_ascii_case(&name))
        {
            return name;
        }
        number += 1;
    }
}

fn keeps_sequence(draft: &TableDraft) -> bool {
    let mut constraints = draft.columns.iter().flat_map(|column| &column.constraints);
    constraints.any(|constraint| kept_constraints::counts(constraint))
}

/// Statements that carry the highest number of an AUTOINCREMENT key over.
fn sequence(old: &str, new: &str) -> [String; 2] {
    let literal = |name: &str| format!("'{}'", name.replace('\'', "''"));
    let (old, new) = (literal(old), literal(new));
    [
        format!(
            "INSERT INTO sqlite_sequence (name, seq) \
             SELECT {new}, seq FROM sqlite_sequence WHERE name = {old} \
             AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = {new})"
        ),
        format!(
            "UPDATE sqlite_sequence \
             SET seq = max(seq, (SELECT seq FROM sqlite_sequence WHERE name = {old})) \
             WHERE name = {new} AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = {old})"
        ),
    ]
}

fn triggers(schema: &DatabaseSchema, table: &str) -> Vec<(String, String)> {
    let objects = schema.objects.iter();
    objects
        .filter(|object| object.kind == "trigger" && object.table.eq_ignore_ascii_case(table))
        .map(|object| (object.name.clone(), object.sql.clone()))
        .collect()
}

fn probes(name: &str, draft: &TableDraft) -> Vec<String> {
    let is_generated = |column: &&ColumnDraft| {
        let mut constraints = column.constraints.iter();
        constraints.any(|each| kept_constraints::generates(each))
    };
    let columns = draft.columns.iter().filter(|column| !is_generated(column));
    let set: Vec<String> = columns
        .map(|column| format!("{0} = {0}", quote(&column.name)))
        .collect();
    vec![
        format!("INSERT INTO {name} DEFAULT VALUES"),
        format!("UPDATE {name} SET {}", set.join(", ")),
        format!("DELETE FROM {name}"),
    ]
}

/// The names that messages show of columns to drop.
pub(super) fn known_as(dropped: &[Dropped]) -> impl Iterator<Item = (&str, &str)> {
    let names = dropped.iter();
    names.map(|each| (each.name.as_str(), each.known_as.as_str()))
}
