//! From a question about a table to the statements that change it (WRITE-94, WRITE-104).

use datasette_core::identifier::{is_reserved, quote};
use datasette_core::{Fault, Table};

use super::alter_question::{AlterQuestion, Operation};
use super::table_changes::{self, Renaming, TableChanges};

/// What to run, part by part.
#[derive(Clone, Debug)]
pub struct AlterPlan {
    /// Statements that add columns and rename columns, in their order.
    pub statements: Vec<String>,
    /// What else is to be different: the table has to be made anew for it, which is planned from
    /// the schema as it is after [`AlterPlan::statements`].
    pub changes: Option<TableChanges>,
    /// The table's new name and the statement that gives it, which runs last.
    pub rename: Option<(String, String)>,
}

/// Plans a change of an ordinary table.
///
/// # Errors
/// 400 as WRITE-101.
pub fn plan_alter(table: &Table, question: &AlterQuestion) -> Result<AlterPlan, Fault> {
    let mut statements = Vec::new();
    let mut new_name = None;
    for operation in &question.operations {
        match operation {
            Operation::AddColumn { .. } => statements.push(add_column(&table.name, operation)?),
            Operation::RenameTable { to } => new_name = Some(to),
            _ => {}
        }
    }
    let changes = match table_changes::changes(table, question)? {
        None => None,
        Some((mut changes, renamings)) => {
            refuse_twins(table, &renamings, &changes)?;
            statements.extend(renaming(table, &renamings, &mut changes));
            Some(changes)
        }
    };
    let rename = new_name.filter(|name| **name != table.name).map(|name| {
        let (from, to) = (quote(&table.name), quote(name));
        (name.clone(), format!("ALTER TABLE {from} RENAME TO {to}"))
    });
    Ok(AlterPlan {
        statements,
        changes,
        rename,
    })
}

fn add_column(table: &str, operation: &Operation) -> Result<String, Fault> {
    let Operation::AddColumn {
        name,
        kind,
        not_null,
        default,
    } = operation
    else {
        return Ok(String::new());
    };
    let mut sql = format!(
        "ALTER TABLE {} ADD COLUMN {} {}",
        quote(table),
        quote(name),
        kind.declared()
    );
    if *not_null {
        let default = match default {
            Some(default) => default.sql()?,
            None => None,
        };
        let Some(default) = default else {
            return Err(Fault::bad_request(
                "add_column args.default or args.default_expr is required when not_null is true",
            ));
        };
        sql.push_str(" NOT NULL DEFAULT ");
        sql.push_str(&default);
    }
    Ok(sql)
}

/// Refuses a new name that another column has or gets.
fn refuse_twins(
    table: &Table,
    renamings: &[Renaming],
    changes: &TableChanges,
) -> Result<(), Fault> {
    let goes = |name: &str| renamings.iter().any(|each| each.from == name) || changes.drops(name);
    let stay = table.columns.iter().map(|column| column.name.as_str());
    let mut taken: Vec<&str> = stay.filter(|name| !goes(name)).collect();
    for renaming in renamings {
        let to = renaming.to.as_str();
        if taken.iter().any(|name| name.eq_ignore_ascii_case(to)) {
            return Err(Fault::bad_request(format!("duplicate column name: {to}")));
        }
        taken.push(to);
    }
    Ok(())
}

/// The statements that rename columns. SQLite carries the new names into indexes, views, triggers
/// and foreign keys of other tables. A column whose name another one takes over steps aside first.
fn renaming(table: &Table, renamings: &[Renaming], changes: &mut TableChanges) -> Vec<String> {
    let mut taken: Vec<String> = table.columns.iter().map(|each| each.name.clone()).collect();
    taken.extend(renamings.iter().map(|each| each.to.clone()));
    let is_taken_over = |name: &str| {
        let mut takers = renamings.iter();
        takers
            .any(|each| each.to.eq_ignore_ascii_case(name) && !each.from.eq_ignore_ascii_case(name))
    };
    let mut aside = |name: &str| {
        let mut number = 0;
        loop {
            let other = format!("{name}_before_{number}");
            if !taken.iter().any(|each| each.eq_ignore_ascii_case(&other)) {
                taken.push(other.clone());
                return other;
            }
            number += 1;
        }
    };
    let statement = |from: &str, to: &str| {
        let to = bare_if_possible(to);
        let (table, from) = (quote(&table.name), quote(from));
        format!("ALTER TABLE {table} RENAME COLUMN {from} TO {to}")
    };
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for dropped in &mut changes.dropped {
        if is_taken_over(&dropped.name) {
            let other = aside(&dropped.name);
            first.push(statement(&dropped.name, &other));
            dropped.name = other;
        }
    }
    for Renaming { from, to } in renamings {
        if is_taken_over(from) {
            let other = aside(from);
            first.push(statement(from, &other));
            second.push(statement(&other, to));
        } else {
            second.push(statement(from, to));
        }
    }
    first.extend(second);
    first
}

/// The name bare where it may stand so: SQLite then leaves bare what was bare.
fn bare_if_possible(name: &str) -> String {
    const ALSO_RESERVED: [&str; 26] = [
        "always",
        "current",
        "do",
        "exclude",
        "false",
        "filter",
        "first",
        "following",
        "generated",
        "groups",
        "last",
        "materialized",
        "nothing",
        "nulls",
        "others",
        "over",
        "partition",
        "preceding",
        "range",
        "returning",
        "rows",
        "strict",
        "ties",
        "true",
        "unbounded",
        "window",
    ];
    let mut bytes = name.bytes();
    let begins = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80;
    let goes_on = |byte: u8| begins(byte) || byte.is_ascii_digit() || byte == b'$';
    let is_plain = bytes.next().is_some_and(begins) && bytes.all(goes_on);
    let also = ALSO_RESERVED
        .iter()
        .any(|word| word.eq_ignore_ascii_case(name));
    if is_plain && !is_reserved(name) && !also {
        name.to_owned()
    } else {
        quote(name)
    }
}
