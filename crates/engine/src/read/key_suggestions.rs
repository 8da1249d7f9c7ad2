//! Which columns of a table look like foreign keys, by their types, their names and their values
//! (WRITE-126 to WRITE-128).

use std::collections::HashSet;
use std::time::Duration;

use datasette_core::action::AlterTable;
use datasette_core::identifier::quote;
use datasette_core::schema::Affinity;
use datasette_core::{ColumnRef, Fault, TableRef, Value};
use datasette_permissions::Permit;
use datasette_sqlite::{Reader, SqlError, effort};

use super::brief::briefly;
use super::key_targets::visible;
use crate::Instance;

/// So many rows are looked at.
pub const ROWS: usize = 500;

/// How long one query may take.
const EACH: Duration = Duration::from_millis(50);

/// How long all queries for values in other tables may take.
const ALL: Duration = Duration::from_millis(200);

/// What was found.
#[derive(Debug)]
pub struct KeySuggestions {
    /// Whether values were looked at.
    pub attempted: bool,
    /// Whether there was time for all that was to be done.
    pub timed_out: bool,
    /// How many rows were looked at.
    pub sampled_rows: usize,
    /// How many pairs of columns were compared.
    pub checked_options: usize,
    /// Each column of the table.
    pub columns: Vec<SuggestedColumn>,
}

/// What was found about a column.
#[derive(Debug)]
pub struct SuggestedColumn {
    /// The column.
    pub column: ColumnRef,
    /// The table and column that it refers to now.
    pub current: Option<(String, Option<String>)>,
    /// What it could refer to, by its type; what has a telling name comes first.
    pub options: Vec<ColumnRef>,
    /// Those of the options that have all its sampled values.
    pub suggestions: Vec<Suggestion>,
}

/// A column that has all sampled values of another one.
#[derive(Debug)]
pub struct Suggestion {
    /// The column.
    pub target: ColumnRef,
    /// How many different values were looked for.
    pub values: usize,
    /// Whether the name says so, too.
    pub name_matches: bool,
}

/// Looks for what the columns of a table may refer to, on one visit to a read lane.
///
/// # Errors
/// A plugin that has a say in permissions failed, or the table cannot be read.
pub async fn key_suggestions(
    instance: &Instance,
    permit: &Permit<AlterTable>,
) -> Result<KeySuggestions, Fault> {
    let table = permit.resource();
    let mut targets = visible(instance, permit.actor(), table.database()).await?;
    targets.retain(|target| target.table().name() != table.name());
    let columns = (0..table.columns.len()).filter_map(|place| table.column_at(place));
    let columns: Vec<SuggestedColumn> = columns
        .filter(|column| column.hidden == 0)
        .map(|column| SuggestedColumn {
            current: current(table, &column, &targets),
            options: options(&column, &targets),
            suggestions: Vec::new(),
            column,
        })
        .collect();
    let mut found = KeySuggestions {
        attempted: columns.iter().any(|column| !column.options.is_empty()),
        timed_out: false,
        sampled_rows: 0,
        checked_options: 0,
        columns,
    };
    if !found.attempted {
        return Ok(found);
    }
    let table = table.clone();
    let handle = instance.handle(table.database())?;
    handle
        .read(move |reader| {
            look(reader, &table, &mut found)?;
            Ok(found)
        })
        .await
}

/// What a column refers to now, unless the actor may not know of it.
fn current(
    table: &TableRef,
    column: &ColumnRef,
    targets: &[ColumnRef],
) -> Option<(String, Option<String>)> {
    let parts = &table.foreign_key_parts;
    let is_single = |id: i64| parts.iter().filter(|part| part.id == id).count() == 1;
    let mut parts_of = parts.iter().filter(|part| part.from == column.name());
    let part = parts_of.rfind(|part| is_single(part.id))?;
    let is_visible = targets
        .iter()
        .any(|target| target.table().name() == part.table);
    is_visible.then(|| (part.table.clone(), part.to.clone()))
}

fn options(column: &ColumnRef, targets: &[ColumnRef]) -> Vec<ColumnRef> {
    let own = column.affinity();
    let fitting = targets.iter().filter(|target| fits(own, target.affinity()));
    let mut fitting: Vec<ColumnRef> = fitting.cloned().collect();
    // They come in the order of their tables' names.
    fitting.sort_by_key(|target| !name_matches(column.name(), target));
    fitting
}

fn fits(one: Affinity, other: Affinity) -> bool {
    let is_number = |affinity| {
        matches!(
            affinity,
            Affinity::Integer | Affinity::Real | Affinity::Numeric
        )
    };
    one == other
        || (one == Affinity::Numeric && is_number(other))
        || (other == Affinity::Numeric && is_number(one))
}

/// Whether a column is called like the table and column that it may refer to.
fn name_matches(column: &str, target: &ColumnRef) -> bool {
    let column = column.to_lowercase();
    let table = target.table().name().to_lowercase();
    let key = target.name().to_lowercase();
    let names = [singular(&table), table];
    names.iter().any(|table| column == format!("{table}_{key}"))
}

fn singular(name: &str) -> String {
    match (name.strip_suffix("ies"), name.strip_suffix('s')) {
        (Some(stem), _) if !stem.is_empty() => format!("{stem}y"),
        (_, Some(stem)) if !stem.is_empty() => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// Samples the table and looks for the values in the tables that it may refer to.
fn look(
    reader: &mut Reader<'_>,
    table: &TableRef,
    found: &mut KeySuggestions,
) -> Result<(), SqlError> {
    let sampled = found.columns.iter().filter(|each| !each.options.is_empty());
    let names: Vec<String> = sampled.map(|each| quote(each.column.name())).collect();
    let sql = format!(
        "select {} from {} limit {ROWS}",
        names.join(", "),
        quote(table.name())
    );
    let sample = briefly(EACH, None, |limits| reader.batch(&sql, &[], limits))?;
    let Some((rows, _)) = sample else {
        found.timed_out = true;
        return Ok(());
    };
    found.sampled_rows = rows.rows().count();
    let begun = effort();
    let sampled = found
        .columns
        .iter_mut()
        .filter(|each| !each.options.is_empty());
    for (place, suggested) in sampled.enumerate() {
        let mut seen = HashSet::new();
        let values = rows.rows().map(|row| row.get(place).to_value());
        let values = values.filter(|value| *value != Value::Null && seen.insert(Same::of(value)));
        let values: Vec<Value> = values.collect();
        if values.is_empty() {
            continue;
        }
        for target in &suggested.options {
            let left = (begun + ALL).saturating_sub(effort());
            let exist = match left < Duration::from_millis(1) {
                true => None,
                false => all_exist(reader, target, &values, EACH.min(left))?,
            };
            let Some(exist) = exist else {
                found.timed_out = true;
                return Ok(());
            };
            if exist {
                suggested.suggestions.push(Suggestion {
                    target: target.clone(),
                    values: values.len(),
                    name_matches: name_matches(suggested.column.name(), target),
                });
            }
            found.checked_options += 1;
        }
    }
    Ok(())
}

fn all_exist(
    reader: &mut Reader<'_>,
    target: &ColumnRef,
    values: &[Value],
    limit: Duration,
) -> Result<Option<bool>, SqlError> {
    let column = quote(target.name());
    let table = quote(target.table().name());
    let places = vec!["?"; values.len()].join(", ");
    let sql = format!("select {column} from {table} where {column} in ({places})");
    let looked = briefly(limit, None, |limits| {
        reader.batch_values(&sql, values, limits)
    })?;
    let Some((rows, _)) = looked else {
        return Ok(None);
    };
    let found = rows.rows().map(|row| Same::of(&row.get(0).to_value()));
    let found: HashSet<Same> = found.collect();
    Ok(Some(
        values.iter().all(|value| found.contains(&Same::of(value))),
    ))
}

/// A value that can be compared: whole numbers are the same with and without a fraction of zero.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Same {
    Null,
    Whole(i64),
    Real(u64),
    Text(String),
    Blob(Vec<u8>),
}

impl Same {
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Integer(number) => Self::Whole(*number),
            Value::Real(number) => {
                #[expect(clippy::cast_possible_truncation, reason = "compared right below")]
                let whole = *number as i64;
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "a whole number of that size is itself"
                )]
                let is_whole = whole as f64 == *number && whole != i64::MAX;
                match is_whole {
                    true => Self::Whole(whole),
                    false => Self::Real(number.to_bits()),
                }
            }
            Value::Text(text) => Self::Text(text.clone()),
            Value::Blob(bytes) => Self::Blob(bytes.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: WRITE-128
    #[test]
    fn names_of_tables_have_a_singular() {
        for (name, expected) in [
            ("cities", "city"),
            ("towns", "town"),
            ("ies", "ie"),
            ("s", "s"),
            ("sheep", "sheep"),
        ] {
            assert_eq!(singular(name), expected);
        }
    }

    // Proves: WRITE-128
    #[test]
    fn types_fit_when_values_can_be_the_same() {
        assert!(fits(Affinity::Text, Affinity::Text));
        assert!(fits(Affinity::Numeric, Affinity::Integer));
        assert!(fits(Affinity::Real, Affinity::Numeric));
        assert!(!fits(Affinity::Integer, Affinity::Real));
        assert!(!fits(Affinity::Numeric, Affinity::Text));
        assert_eq!(Same::of(&Value::Integer(2)), Same::of(&Value::Real(2.0)));
        assert_ne!(Same::of(&Value::Integer(2)), Same::of(&Value::Real(2.5)));
    }
}
