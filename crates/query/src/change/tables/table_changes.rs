//! What a list of operations comes to, in the names that columns have once they are renamed.

use datasette_core::{Fault, Table};

use super::alter_question::{AlterQuestion, NewForeignKey, Operation};
use crate::change::column_kind::ColumnKind;

/// Everything that is to be different about a table, its columns already renamed.
#[derive(Clone, Debug, Default)]
pub struct TableChanges {
    /// The new names of renamed columns.
    pub(super) renamed: Vec<String>,
    pub(super) types: Vec<(String, ColumnKind)>,
    pub(super) dropped: Vec<Dropped>,
    pub(super) not_null: Vec<(String, bool)>,
    /// SQL, or `None` for no default.
    pub(super) defaults: Vec<(String, Option<String>)>,
    pub(super) key: Option<Vec<String>>,
    pub(super) order: Option<Vec<String>>,
    pub(super) added_references: Vec<NewForeignKey>,
    /// Columns whose foreign keys go.
    pub(super) dropped_references: Vec<String>,
    pub(super) references: Option<Vec<NewForeignKey>>,
}

/// A column to drop.
#[derive(Clone, Debug)]
pub(super) struct Dropped {
    /// What it is called by now.
    pub(super) name: String,
    /// What it was called.
    pub(super) known_as: String,
}

impl TableChanges {
    /// Whether a column is dropped; names mean the same in any case.
    pub(super) fn drops(&self, column: &str) -> bool {
        let mut dropped = self.dropped.iter();
        dropped.any(|each| each.name.eq_ignore_ascii_case(column))
    }

    /// Refuses to set foreign keys and at the same time to add or drop some (WRITE-101).
    pub(super) fn refuse_both(&self) -> Result<(), Fault> {
        let both = |other: &str| {
            let words = format!("Cannot specify both foreign_keys and {other}");
            Err(Fault::bad_request(words))
        };
        if self.references.is_some() && !self.added_references.is_empty() {
            return both("add_foreign_keys");
        }
        if self.references.is_some() && !self.dropped_references.is_empty() {
            return both("drop_foreign_keys");
        }
        Ok(())
    }

    /// Whether columns are dropped, so that triggers may no longer make sense.
    pub fn drops_columns(&self) -> bool {
        !self.dropped.is_empty()
    }
}

/// A column's old and new name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Renaming {
    pub(super) from: String,
    pub(super) to: String,
}

/// The candidate that a name means: exactly that, else the same in another case, else itself.
pub(super) fn resolved(name: &str, candidates: &[String]) -> String {
    let exact = candidates.iter().find(|each| *each == name);
    let alike = || {
        let mut candidates = candidates.iter();
        candidates.find(|each| each.eq_ignore_ascii_case(name))
    };
    exact.or_else(alike).map_or(name, String::as_str).to_owned()
}

/// What the operations come to, and which columns have to be renamed for it; `None` when the table
/// stays as it is but for columns that are added and its own name.
///
/// # Errors
/// 400: a default that is no value.
pub(super) fn changes(
    table: &Table,
    question: &AlterQuestion,
) -> Result<Option<(TableChanges, Vec<Renaming>)>, Fault> {
    let mut existing: Vec<String> = table.columns.iter().map(|each| each.name.clone()).collect();
    for operation in &question.operations {
        if let Operation::AddColumn { name, .. } = operation {
            existing.push(name.clone());
        }
    }
    let mut gathered = Gathered {
        existing: &existing,
        changes: TableChanges::default(),
        renamings: Vec::new(),
        is_changed: false,
    };
    for operation in &question.operations {
        gathered.add(operation)?;
    }
    Ok(gathered.finished())
}

struct Gathered<'a> {
    existing: &'a [String],
    changes: TableChanges,
    renamings: Vec<Renaming>,
    is_changed: bool,
}

impl Gathered<'_> {
    /// Takes an operation, still in the names of before.
    fn add(&mut self, operation: &Operation) -> Result<(), Fault> {
        let existing = self.existing;
        let known = |name: &str| resolved(name, existing);
        let changes = &mut self.changes;
        let before = self.is_changed;
        self.is_changed = true;
        match operation {
            Operation::AddColumn {
                name,
                not_null,
                default,
                ..
            } => match default.as_ref().filter(|_| !not_null) {
                Some(default) => put(&mut changes.defaults, name.clone(), default.sql()?),
                None => self.is_changed = before,
            },
            Operation::RenameTable { .. } => self.is_changed = before,
            Operation::RenameColumn { name, to } => {
                let from = known(name);
                self.renamings.retain(|each| each.from != from);
                self.renamings.push(Renaming {
                    from,
                    to: to.clone(),
                });
            }
            Operation::AlterColumn {
                name,
                kind,
                not_null,
                default,
            } => {
                let name = known(name);
                self.is_changed = before || kind.is_some() || not_null.is_some();
                if let Some(kind) = kind {
                    put(&mut changes.types, name.clone(), *kind);
                }
                if let Some(not_null) = not_null {
                    put(&mut changes.not_null, name.clone(), *not_null);
                }
                if let Some(default) = default {
                    self.is_changed = true;
                    put(&mut changes.defaults, name, default.sql()?);
                }
            }
            Operation::DropColumn { name } => {
                let name = known(name);
                if existing.contains(&name) && !changes.drops(&name) {
                    changes.dropped.push(Dropped {
                        known_as: name.clone(),
                        name,
                    });
                }
            }
            Operation::SetPrimaryKey { columns } => {
                changes.key = Some(columns.iter().map(|name| known(name)).collect());
            }
            Operation::ReorderColumns { columns } => {
                changes.order = Some(columns.iter().map(|name| known(name)).collect());
            }
            Operation::AddForeignKey(key) => {
                let column = known(&key.column);
                changes.added_references.push(NewForeignKey {
                    column,
                    ..key.clone()
                });
            }
            Operation::DropForeignKey { column } => {
                changes.dropped_references.push(known(column));
            }
            Operation::SetForeignKeys(keys) => changes.references = Some(keys.clone()),
        }
        Ok(())
    }

    fn finished(mut self) -> Option<(TableChanges, Vec<Renaming>)> {
        if !self.is_changed {
            return None;
        }
        let (existing, changes) = (self.existing, &self.changes);
        self.renamings.retain(|each| {
            existing.contains(&each.from)
                && !each.to.is_empty()
                && each.to != each.from
                && !changes.drops(&each.from)
        });
        self.rename();
        Some((self.changes, self.renamings))
    }

    /// Puts the new names in place of the old ones.
    fn rename(&mut self) {
        let renamings = &self.renamings;
        let renamed = |name: &mut String| {
            if let Some(renaming) = renamings.iter().find(|each| each.from == *name) {
                name.clone_from(&renaming.to);
            }
        };
        let changes = &mut self.changes;
        changes.renamed = renamings.iter().map(|each| each.to.clone()).collect();
        changes.types.iter_mut().for_each(|(name, _)| renamed(name));
        changes
            .not_null
            .iter_mut()
            .for_each(|(name, _)| renamed(name));
        changes
            .defaults
            .iter_mut()
            .for_each(|(name, _)| renamed(name));
        changes.order.iter_mut().flatten().for_each(renamed);
        let added = changes.added_references.iter_mut();
        added.for_each(|key| renamed(&mut key.column));
        changes.dropped_references.iter_mut().for_each(renamed);
    }
}

/// Puts a value in place of what was there under that name.
fn put<T>(list: &mut Vec<(String, T)>, name: String, value: T) {
    match list.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) => *known = value,
        None => list.push((name, value)),
    }
}
