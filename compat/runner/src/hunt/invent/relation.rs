//! Foreign keys: whole, broken, to the table itself, compound, with and without a named target.

use super::column::Column;
use super::names::quote;
use super::table::Table;
use crate::hunt::random::Random;

/// One foreign key as a constraint of a table.
#[derive(Debug)]
pub(super) struct Reference {
    columns: Vec<String>,
    table: String,
    /// Empty: the primary key of the table.
    targets: Vec<String>,
}

impl Reference {
    pub(super) fn definition(&self) -> String {
        let list = |names: &[String]| {
            names
                .iter()
                .map(|name| quote(name))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let targets = match self.targets.as_slice() {
            [] => String::new(),
            targets => format!(" ({})", list(targets)),
        };
        format!(
            "foreign key ({}) references {}{targets}",
            list(&self.columns),
            quote(&self.table)
        )
    }
}

/// Lets some columns behind the first `fixed` ones refer to other tables.
pub(super) fn make(
    columns: &mut [Column],
    fixed: usize,
    strict: bool,
    (own, others): (&str, &[Table]),
    random: &mut Random,
) -> Vec<Reference> {
    let mut references = Vec::new();
    let mut first = fixed;
    if let (Some(key), Some(column)) = (columns.first().cloned(), columns.get(fixed))
        && random.one_in(5)
    {
        references.push(Reference {
            columns: vec![column.name.clone()],
            table: own.to_owned(),
            targets: vec![key.name],
        });
        first += 1;
    }
    for column in columns.iter_mut().skip(first) {
        if !random.one_in(3) {
            continue;
        }
        let Some(other) = random.pick(others) else {
            continue;
        };
        let names = vec![column.name.clone()];
        let (table, targets) = match random.below(12) {
            0 => ("missing table".to_owned(), vec!["id".to_owned()]),
            1 => (other.name.clone(), vec!["missing column".to_owned()]),
            2 => (
                other.name.to_uppercase(),
                other.key.first().cloned().into_iter().collect(),
            ),
            3 => (other.name.clone(), Vec::new()),
            4 => match random.pick(&other.columns) {
                Some(target) => (other.name.clone(), vec![target.name.clone()]),
                None => continue,
            },
            _ => match other.key.as_slice() {
                [key] => (other.name.clone(), vec![key.clone()]),
                _ => continue,
            },
        };
        if !strict {
            let declared = other
                .columns
                .iter()
                .find(|one| Some(&one.name) == other.key.first());
            column.declared = declared.map_or("", |one| one.declared);
        }
        column.drawn = other
            .keys
            .iter()
            .filter_map(|key| key.first().cloned())
            .collect();
        references.push(Reference {
            columns: names,
            table,
            targets,
        });
    }
    references.extend(compound(columns, fixed, others, random));
    references
}

fn compound(
    columns: &[Column],
    fixed: usize,
    others: &[Table],
    random: &mut Random,
) -> Option<Reference> {
    let free = columns.get(fixed..)?;
    let other = random.pick(others).filter(|other| other.key.len() == 2)?;
    let [first, second, ..] = free else {
        return None;
    };
    random.one_in(2).then(|| Reference {
        columns: vec![first.name.clone(), second.name.clone()],
        table: other.name.clone(),
        targets: other.key.clone(),
    })
}
