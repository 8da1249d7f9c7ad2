//! Filters: every lookup on every column, raw conditions, rows of other tables, and searches.

use super::hostile;
use crate::hunt::random::Random;
use crate::hunt::schema::Table;

const LOOKUPS: [&str; 25] = [
    "exact",
    "not",
    "contains",
    "notcontains",
    "endswith",
    "startswith",
    "gt",
    "gte",
    "lt",
    "lte",
    "like",
    "notlike",
    "glob",
    "in",
    "notin",
    "arraycontains",
    "arraynotcontains",
    "date",
    "isnull",
    "notnull",
    "isblank",
    "notblank",
    "",
    "",
    "unknown",
];

/// `column__lookup=value`.
pub(super) fn lookup(table: &Table, random: &mut Random) -> Option<(String, String)> {
    let column = random.pick(&table.columns)?;
    let lookup = random.pick(&LOOKUPS).copied()?;
    let known = random
        .pick(&column.values)
        .filter(|_| !random.clone().one_in(3));
    let value = known
        .cloned()
        .unwrap_or_else(|| hostile::any(random).to_owned());
    let name = match random.below(25) {
        0 => "rowid",
        1 => "nope",
        _ => column.name.as_str(),
    };
    if lookup.is_empty() && !name.starts_with('_') {
        return Some((name.to_owned(), value));
    }
    Some((format!("{name}__{lookup}"), value))
}

/// `_where=...`.
pub(super) fn condition(table: &Table, random: &mut Random) -> Option<(String, String)> {
    let column = quote(&random.pick(&table.columns)?.name);
    let conditions = [
        "1 = 1".to_owned(),
        "rowid > 1".to_owned(),
        "nope".to_owned(),
        "nope > 1".to_owned(),
        String::new(),
        "1 = :x".to_owned(),
        ":p0 = :p0".to_owned(),
        "1; select 2".to_owned(),
        "1 -- and".to_owned(),
        "1) or (1".to_owned(),
        "(1".to_owned(),
        "'unclosed".to_owned(),
        format!("{column} is not null"),
        format!("{column} > 'b'"),
        format!("{column} in (select {column} from {})", quote(&table.name)),
        format!("typeof({column}) = 'text' or 1"),
        "rowid in (1, 2, 3)".to_owned(),
        "load_extension('x')".to_owned(),
        "1 collate nope".to_owned(),
        "count(*) > 1".to_owned(),
    ];
    Some(("_where".to_owned(), random.pick(&conditions)?.clone()))
}

/// `_through={...}`, mostly by way of a table that refers to this one.
pub(super) fn through(table: &Table, random: &mut Random) -> Option<(String, String)> {
    let name = "_through".to_owned();
    let Some(other) = random
        .pick(&table.referring)
        .filter(|_| !random.clone().one_in(6))
    else {
        let broken = [
            "",
            "{",
            "[]",
            "{}",
            "null",
            "{\"table\": \"nope\", \"column\": \"a\", \"value\": \"1\"}",
        ];
        return Some((name, random.pick(&broken).copied()?.to_owned()));
    };
    let column = random.pick(&other.columns)?;
    let value = random.pick(&column.values).cloned().unwrap_or_default();
    let value = serde_json::json!({"table": other.table, "column": column.name, "value": value});
    Some((name, value.to_string()))
}

/// `_search` and its companions.
pub(super) fn search(table: &Table, random: &mut Random) -> Option<(String, String)> {
    let terms = [
        "apple",
        "pear pie",
        "\"apple pie",
        "app*",
        "plain OR words",
        "*",
        "\"",
        "",
        "é",
        "(",
        "NOT a",
        "a-b",
    ];
    let known = random
        .pick(&table.columns)
        .and_then(|column| random.pick(&column.values));
    let term = match known {
        Some(value) if random.one_in(3) => value.clone(),
        _ => random.pick(&terms).copied()?.to_owned(),
    };
    let column = random.pick(&table.columns)?.name.clone();
    let name = match random.below(12) {
        0..=6 => "_search".to_owned(),
        7 | 8 => format!("_search_{column}"),
        9 => {
            return Some((
                "_searchmode".to_owned(),
                random.pick(&["raw", "escaped", "x"])?.to_string(),
            ));
        }
        10 => {
            return Some((
                random.pick(&["_fts_table", "_fts_pk"])?.to_string(),
                random.pick(&["rowid", "nope", ""])?.to_string(),
            ));
        }
        _ => "_searchfoo".to_owned(),
    };
    Some((name, term))
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
