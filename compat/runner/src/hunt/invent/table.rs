//! Tables: each kind of key, strict or not, with generated columns, indexes, and rows.

use super::column::Column;
use super::names::{Names, quote};
use super::relation::{self, Reference};
use super::value::{self, Kind};
use crate::hunt::random::Random;

/// Most rows of a table.
const ROWS: usize = 24;
/// Columns of a wide table.
const WIDE: usize = 1000;

/// A table that has been made up, as others refer to it.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// Names of the key columns in the order of the key; empty for a rowid table.
    pub(super) key: Vec<String>,
    /// The values of the keys of its rows.
    pub(super) keys: Vec<Vec<String>>,
}

/// What kind of key it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Integer,
    None,
    One,
    Compound,
}

/// Writes the statements of a new table into `sql`.
pub(super) fn write(
    name: String,
    others: &[Table],
    sql: &mut Vec<String>,
    random: &mut Random,
) -> Table {
    let mut names = Names::default();
    let kinds = [
        Key::Integer,
        Key::Integer,
        Key::None,
        Key::One,
        Key::Compound,
    ];
    let kind = random.pick(&kinds).copied().unwrap_or(Key::None);
    let strict = random.one_in(6);
    let mut columns = Vec::new();
    let mut key = Vec::new();
    let count = match kind {
        Key::None => 0,
        Key::Compound => 2 + random.below(2),
        _ => 1,
    };
    for _ in 0..count {
        let mut column = Column::key(&mut names, strict, random);
        if kind == Key::Integer {
            (column.declared, column.kind) = ("integer", Kind::Small);
        }
        key.push(column.name.clone());
        columns.push(column);
    }
    for _ in 0..1 + random.below(6) {
        columns.push(Column::any(&mut names, strict, random));
    }
    let references = relation::make(&mut columns, count, strict, (&name, others), random);
    if kind != Key::Integer && random.one_in(2) {
        random.shuffle(&mut columns);
    }
    if kind == Key::Compound && random.one_in(2) {
        key.reverse();
    }
    let without_rowid = !key.is_empty() && random.one_in(4);
    let generated = generated(&columns, &mut names, strict, random);
    sql.push(definition(
        &name,
        &columns,
        &key,
        &generated,
        &references,
        (without_rowid, strict),
    ));
    indexes(&name, &columns, sql, random);
    let keys = rows(&name, &columns, &key, kind, sql, random);
    Table {
        name,
        columns,
        key,
        keys,
    }
}

/// A table with as many columns as the server is known to be given.
pub(super) fn wide(name: String, sql: &mut Vec<String>, random: &mut Random) -> Table {
    let declared = ["integer", "text", "real"];
    let columns: Vec<String> = (1..WIDE)
        .map(|number| {
            format!(
                "c{number} {}",
                random.pick(&declared).copied().unwrap_or("")
            )
        })
        .collect();
    let name_sql = quote(&name);
    sql.push(format!(
        "create table {name_sql} (id integer primary key, {})",
        columns.join(", ")
    ));
    for row in 1..=3 {
        let values: Vec<String> = (1..WIDE)
            .map(|number| format!("{}", number * row))
            .collect();
        sql.push(format!(
            "insert into {name_sql} values ({row}, {})",
            values.join(", ")
        ));
    }
    let keys = (1..=3).map(|row: usize| vec![row.to_string()]).collect();
    Table {
        name,
        columns: Vec::new(),
        key: vec!["id".to_owned()],
        keys,
    }
}

fn definition(
    name: &str,
    columns: &[Column],
    key: &[String],
    generated: &[String],
    references: &[Reference],
    (without_rowid, strict): (bool, bool),
) -> String {
    let mut lines: Vec<String> = columns
        .iter()
        .map(|column| {
            let inline = if key == [column.name.clone()] {
                " primary key"
            } else {
                ""
            };
            format!("{}{inline}", column.definition())
        })
        .collect();
    lines.extend(generated.iter().cloned());
    if key.len() > 1 {
        let parts: Vec<String> = key.iter().map(|part| quote(part)).collect();
        lines.push(format!("primary key ({})", parts.join(", ")));
    }
    lines.extend(references.iter().map(Reference::definition));
    let mut options = Vec::new();
    if without_rowid {
        options.push("without rowid");
    }
    if strict {
        options.push("strict");
    }
    format!(
        "create table {} (\n  {}\n) {}",
        quote(name),
        lines.join(",\n  "),
        options.join(", ")
    )
}

fn generated(
    columns: &[Column],
    names: &mut Names,
    strict: bool,
    random: &mut Random,
) -> Vec<String> {
    let mut lines = Vec::new();
    while random.one_in(5) {
        let (Some(column), name) = (random.pick(columns), names.column(random)) else {
            break;
        };
        let of = quote(&column.name);
        let expression = [
            format!("upper({of})"),
            format!("{of} || '!'"),
            "1 + 1".to_owned(),
        ];
        let expression = random.pick(&expression).cloned().unwrap_or_default();
        let stored = if random.one_in(2) {
            "stored"
        } else {
            "virtual"
        };
        let declared = if strict { "any" } else { "" };
        lines.push(format!(
            "{} {declared} generated always as ({expression}) {stored}",
            quote(&name)
        ));
    }
    lines
}

fn indexes(table: &str, columns: &[Column], sql: &mut Vec<String>, random: &mut Random) {
    let mut number = 0;
    while random.one_in(3) {
        number += 1;
        let Some(column) = random.pick(columns) else {
            break;
        };
        let (of, name) = (
            quote(&column.name),
            quote(&format!("{table} index {number}")),
        );
        let part = match random.below(4) {
            0 => format!("({of} desc)"),
            1 => format!("({of}) where {of} is not null"),
            2 => format!("(lower({of}))"),
            _ => format!("({of})"),
        };
        sql.push(format!("create index {name} on {}{part}", quote(table)));
    }
}

/// Writes rows; returns the values of their keys. Rows that break a constraint are left out by
/// SQLite, so that not every key need exist.
fn rows(
    name: &str,
    columns: &[Column],
    key: &[String],
    kind: Key,
    sql: &mut Vec<String>,
    random: &mut Random,
) -> Vec<Vec<String>> {
    let count = if random.one_in(8) {
        0
    } else {
        1 + random.below(ROWS)
    };
    let list: Vec<String> = columns.iter().map(|column| quote(&column.name)).collect();
    let mut keys = Vec::new();
    for number in 0..count {
        let values: Vec<String> = columns
            .iter()
            .map(|column| match key.contains(&column.name) {
                true if kind == Key::Integer && !random.one_in(8) => (number + 1).to_string(),
                true if column.drawn.is_empty() => value::key(column.kind, number, random),
                _ => column.value(random),
            })
            .collect();
        let of = |part: &String| {
            let index = columns.iter().position(|column| column.name == *part);
            index
                .and_then(|index| values.get(index))
                .cloned()
                .unwrap_or_default()
        };
        keys.push(key.iter().map(of).collect());
        sql.push(format!(
            "insert or ignore into {} ({}) values ({})",
            quote(name),
            list.join(", "),
            values.join(", ")
        ));
    }
    keys
}
