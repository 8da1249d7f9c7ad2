//! The constraints of a table that is made anew, in the text of the new one.

use datasette_core::identifier::quote;
use datasette_core::python_text::repr;
use datasette_core::{DatabaseSchema, Fault, Table};

use super::definition::{Check, Definition, IndexedColumn, KeyDefinition, Reference, Unique};
use super::rebuild_plan::known_as;
use crate::change::sql_tokens::{Kind, ends_in_line_comment, tokens};
use crate::change::tables::create_plan::{known_column, only_key};
use crate::change::tables::table_changes::{Dropped, TableChanges, resolved};

/// What constraints are made of.
pub(super) struct Kept<'a> {
    pub(super) schema: &'a DatabaseSchema,
    pub(super) table: &'a Table,
    pub(super) changes: &'a TableChanges,
    pub(super) definition: &'a Definition,
    /// The columns of the new table.
    pub(super) names: &'a [String],
}

impl Kept<'_> {
    /// UNIQUE and CHECK constraints that stand with a column.
    pub(super) fn of_column(&self, column: &str) -> Vec<String> {
        let owned = |owner: &Option<String>| {
            let owner = owner.as_deref();
            owner.is_some_and(|owner| owner.eq_ignore_ascii_case(column))
        };
        let uniques = self.definition.uniques.iter();
        let uniques = uniques.filter(|unique| owned(&unique.owner)).map(unique);
        let checks = self.definition.checks.iter();
        let checks = checks.filter(|check| owned(&check.owner)).map(check);
        uniques.chain(checks).collect()
    }

    /// UNIQUE and CHECK constraints that stand on their own. Those of dropped columns go with them.
    pub(super) fn of_table(&self) -> Vec<String> {
        let survives = |unique: &&Unique| {
            let mut columns = unique.columns.iter();
            !columns.any(|column| self.changes.drops(&column.name))
        };
        let uniques = self.definition.uniques.iter();
        let uniques = uniques.filter(|unique| unique.owner.is_none());
        let uniques = uniques.filter(survives).map(unique);
        let checks = self.definition.checks.iter();
        let checks = checks.filter(|check| check.owner.is_none()).map(check);
        uniques.chain(checks).collect()
    }

    /// The foreign keys of the new table, what they refer to not yet looked for.
    ///
    /// # Errors
    /// 400: one of them is to refer to a key that is none or several (WRITE-78).
    pub(super) fn references(&self) -> Result<References, Fault> {
        let mut kept: Vec<Reference> = Vec::new();
        if self.changes.references.is_none() {
            // SQLite tells the latest first, and so the lines have always stood.
            let stay = self.definition.references.iter().rev();
            let stay = stay.filter(|reference| !self.goes(reference));
            kept.extend(stay.map(|reference| self.with_its_columns(reference)));
        }
        let added = self.changes.references.as_ref();
        let added = added.unwrap_or(&self.changes.added_references);
        for new in added {
            let column = resolved(&new.column, self.names);
            let other_column = match &new.other_column {
                None => only_key(self.schema, &new.table)?,
                Some(other) => other.clone(),
            };
            // A column has room for one that is asked for.
            kept.retain(|each| !matches!(each.columns.as_slice(), [one] if *one == column));
            kept.push(Reference {
                columns: vec![column],
                table: new.table.clone(),
                other_columns: vec![other_column],
                is_new: true,
                ..Reference::default()
            });
        }
        Ok(References(kept))
    }

    /// The same, each with the columns of the other table as that spells them.
    ///
    /// # Errors
    /// 400: one of them refers to what is not there (WRITE-78).
    pub(super) fn found(&self, references: References) -> Result<References, Fault> {
        let mut found = references.0;
        for reference in &mut found {
            let other = self.other(&reference.table).filter(|_| !reference.is_new);
            let name = other.map_or(reference.table.as_str(), |other| other.name.as_str());
            let is_own = name == self.table.name;
            for column in &mut reference.other_columns {
                if !is_own || !self.changes.drops(column) {
                    *column = known_column(self.schema, name, column)?;
                }
            }
        }
        Ok(References(found))
    }

    /// The table that a foreign key refers to, if it is there.
    fn other(&self, name: &str) -> Option<&Table> {
        let mut tables = self.schema.tables.values();
        let exact = self.schema.tables.get(name);
        let alike = || tables.find(|other| other.name.eq_ignore_ascii_case(name));
        exact.or_else(alike).map(AsRef::as_ref)
    }

    /// Whether a foreign key goes, by itself or with one of its columns.
    fn goes(&self, reference: &Reference) -> bool {
        let mut columns = reference.columns.iter();
        columns.any(|column| {
            let mut named = self.changes.dropped_references.iter();
            self.changes.drops(column) || named.any(|name| name.eq_ignore_ascii_case(column))
        })
    }

    /// A foreign key with the columns that it leaves open.
    fn with_its_columns(&self, reference: &Reference) -> Reference {
        let mut kept = reference.clone();
        for column in &mut kept.columns {
            *column = resolved(column, self.names);
        }
        if kept.other_columns.is_empty()
            && let Some(other) = self.other(&reference.table)
            && other.primary_key.len() == kept.columns.len()
        {
            kept.other_columns = other.primary_key_names().map(str::to_owned).collect();
        }
        kept
    }
}

/// The foreign keys of a table.
pub(super) struct References(Vec<Reference>);

impl References {
    /// Those of one column alone, which stand with it as they were declared.
    pub(super) fn of_column(&self, column: &str) -> Vec<String> {
        let is_its = |each: &&Reference| matches!(each.columns.as_slice(), [one] if one == column);
        self.0.iter().rev().filter(is_its).map(target).collect()
    }

    /// Those of several columns, which stand on their own.
    pub(super) fn of_table(&self) -> Vec<String> {
        let several = self.0.iter().filter(|each| each.columns.len() > 1);
        let line = |reference: &Reference| {
            let columns = list(&reference.columns);
            format!("FOREIGN KEY ({columns}) {}", target(reference))
        };
        several.map(line).collect()
    }
}

fn list(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| quote(name)).collect();
    names.join(", ")
}

fn target(reference: &Reference) -> String {
    let mut sql = format!("REFERENCES {}", quote(&reference.table));
    if !reference.other_columns.is_empty() {
        sql.push_str(&format!("({})", list(&reference.other_columns)));
    }
    for (event, action) in [
        ("UPDATE", &reference.on_update),
        ("DELETE", &reference.on_delete),
    ] {
        if !action.is_empty() && action != "NO ACTION" {
            sql.push_str(&format!(" ON {event} {action}"));
        }
    }
    if !reference.rest.is_empty() {
        sql.push(' ');
        sql.push_str(&reference.rest);
    }
    sql
}

fn named(name: Option<&String>) -> String {
    let name = name.filter(|name| !name.is_empty());
    name.map_or(String::new(), |name| format!("CONSTRAINT {} ", quote(name)))
}

fn unique(unique: &Unique) -> String {
    let mut sql = format!("{}UNIQUE", named(unique.name.as_ref()));
    if unique.owner.is_none() {
        sql.push_str(&format!(" ({})", indexed(&unique.columns)));
    }
    if !unique.conflict.is_empty() {
        sql.push(' ');
        sql.push_str(&unique.conflict);
    }
    sql
}

fn indexed(columns: &[IndexedColumn]) -> String {
    let columns = columns.iter().map(|column| {
        let mut sql = quote(&column.name);
        if let Some(collation) = &column.collation {
            sql.push_str(&format!(" COLLATE {}", quote(collation)));
        }
        sql.push_str(direction(column.descends));
        sql
    });
    columns.collect::<Vec<_>>().join(", ")
}

fn direction(descends: Option<bool>) -> &'static str {
    match descends {
        None => "",
        Some(false) => " ASC",
        Some(true) => " DESC",
    }
}

fn check(check: &Check) -> String {
    let newline = match ends_in_line_comment(&check.expression) {
        true => "\n",
        false => "",
    };
    let mut sql = format!(
        "{}CHECK ({}{newline})",
        named(check.name.as_ref()),
        check.expression
    );
    if !check.conflict.is_empty() {
        sql.push(' ');
        sql.push_str(&check.conflict);
    }
    sql
}

const KEY: &str = "PRIMARY KEY";
const COUNTS: &str = "AUTOINCREMENT";

/// A key as a line of its own, as it was declared.
pub(super) fn key(own: &KeyDefinition) -> String {
    let sql = format!("{KEY} ({}) {}", indexed(&own.columns), own.conflict);
    sql.trim_end().to_owned()
}

/// A key of one column that stands with it; `own` is how it was declared, if it stays that key.
pub(super) fn single_key(own: Option<&KeyDefinition>, type_name: &str) -> String {
    let mut sql = KEY.to_owned();
    let Some(own) = own else {
        return sql;
    };
    if let [column] = own.columns.as_slice()
        && column.descends == Some(true)
        && own.is_with_column
    {
        sql.push_str(" DESC");
    }
    if !own.conflict.is_empty() {
        sql.push_str(&format!(" {}", own.conflict));
    }
    if own.autoincrement && type_name.eq_ignore_ascii_case("INTEGER") {
        sql.push_str(&format!(" {COUNTS}"));
    }
    sql
}

/// Whether a constraint of a column is a key that never uses a number twice.
pub(super) fn counts(constraint: &str) -> bool {
    constraint.starts_with(KEY) && constraint.ends_with(COUNTS)
}

/// Whether a constraint of a column computes its value.
pub(super) fn generates(constraint: &str) -> bool {
    let first = tokens(constraint).first().copied();
    first.is_some_and(|first| {
        first.is_word(constraint, "GENERATED") || first.is_word(constraint, "AS")
    })
}

/// Refuses to drop a column that a CHECK constraint of another column, or of the table, needs.
pub(super) fn refuse_needed(definition: &Definition, dropped: &[Dropped]) -> Result<(), Fault> {
    for check in &definition.checks {
        let owner = check.owner.as_deref();
        let goes = known_as(dropped)
            .any(|(name, _)| owner.is_some_and(|owner| owner.eq_ignore_ascii_case(name)));
        if goes {
            continue;
        }
        for (name, known_as) in known_as(dropped) {
            if mentions(&check.expression, name) {
                let named = check.name.as_ref().filter(|name| !name.is_empty());
                let check = named.unwrap_or(&check.expression);
                let (column, check) = (repr(known_as), repr(check));
                let words =
                    format!("Cannot drop column {column}: it is used by CHECK constraint {check}");
                return Err(Fault::bad_request(words));
            }
        }
    }
    Ok(())
}

/// Whether an expression names a column. What stands before a parenthesis is a function.
fn mentions(expression: &str, column: &str) -> bool {
    let found = tokens(expression).into_iter();
    let found: Vec<_> = found.filter(|token| !token.is_trivia()).collect();
    found.iter().enumerate().any(|(place, token)| {
        let is_called = || {
            let next = found.get(place + 1);
            next.is_some_and(|next| next.is_mark(expression, "("))
        };
        matches!(token.kind, Kind::Word | Kind::Quoted)
            && token.name(expression).eq_ignore_ascii_case(column)
            && !is_called()
    })
}
