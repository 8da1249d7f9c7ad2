//! Every lookup against a model of it, on every row.

use std::cmp::Ordering;

use datasette_core::{QueryString, Value, real};
use datasette_query::lookup::LOOKUPS;
use proptest::prelude::*;
use proptest::sample::select;

use crate::site::{Site, held};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Text,
    Number,
    Any,
}

/// A row of `t(id integer primary key, s text, i integer, x, j text, d text)`.
type Row = (Value, Value, Value, Value, Value);

const COLUMNS: [(&str, Kind); 5] = [
    ("s", Kind::Text),
    ("i", Kind::Number),
    ("x", Kind::Any),
    ("j", Kind::Text),
    ("d", Kind::Text),
];

const WORDS: [&str; 14] = [
    "", "a", "A", "ab", "bA", "5", "05", "-1", "2.5", "1e1", "é", "a%b", "a_b", "*",
];

const ARRAYS: [&str; 7] = [
    "[]",
    "[\"a\"]",
    "[\"a\", \"a\", \"5\"]",
    "[5, 2.5]",
    "[null, \"a\"]",
    "[\"\", \"é\"]",
    "{\"k\": \"a\"}",
];

const DATES: [(&str, Option<&str>); 6] = [
    ("2019-01-02", Some("2019-01-02")),
    ("2019-01-02 23:59:01", Some("2019-01-02")),
    ("2019-01-03T00:00", Some("2019-01-03")),
    ("2019-13-02", None),
    ("", None),
    ("soon", None),
];

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        (-2i64..12).prop_map(Value::Integer),
        (-8i64..12).prop_map(|quarters| Value::Real(quarters as f64 / 4.0)),
        select(&WORDS).prop_map(Value::from),
    ]
}

fn nullable(values: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop_oneof![1 => Just(Value::Null), 6 => select(values).prop_map(Value::from)]
}

fn row() -> impl Strategy<Value = Row> {
    static DATE_TEXTS: [&str; 6] = [
        DATES[0].0, DATES[1].0, DATES[2].0, DATES[3].0, DATES[4].0, DATES[5].0,
    ];
    (
        value(),
        value(),
        value(),
        nullable(&ARRAYS),
        nullable(&DATE_TEXTS),
    )
}

fn argument() -> impl Strategy<Value = String> {
    static LISTS: [&str; 7] = [
        "a,5",
        " a , -1 ",
        "[\"a\", 5]",
        "[]",
        "[null, \"a\"]",
        "[2.5, true]",
        ",",
    ];
    static OTHERS: [&str; 6] = ["%", "a*", "?", "_", "2019-01-02", "2019-01-03"];
    prop_oneof![select(&WORDS[..]), select(&LISTS), select(&OTHERS)].prop_map(str::to_owned)
}

fn text(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => real::text(*number),
        Value::Text(text) => text.clone(),
        Value::Null | Value::Blob(_) => unreachable!("not generated here"),
    }
}

/// A number as the numeric lookups read it.
fn number(text: &str) -> Value {
    match (text.parse::<i64>(), text.parse::<f64>()) {
        (Ok(number), _) => Value::Integer(number),
        (_, Ok(number)) => Value::Real(number),
        _ => Value::from(text),
    }
}

/// Compares as SQLite does a column of that kind with a bound value.
fn compare(held: &Value, kind: Kind, bound: &Value) -> Option<Ordering> {
    let bound = match (kind, bound) {
        (Kind::Number, Value::Text(text)) => number(text),
        (Kind::Text, Value::Integer(_) | Value::Real(_)) => Value::Text(text(bound)),
        _ => bound.clone(),
    };
    let float = |value: &Value| match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Real(number) => Some(*number),
        _ => None,
    };
    match (held, &bound) {
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Text(held), Value::Text(bound)) => Some(held.cmp(bound)),
        (Value::Text(_), _) => Some(Ordering::Greater),
        (_, Value::Text(_)) => Some(Ordering::Less),
        _ => float(held).partial_cmp(&float(&bound)),
    }
}

/// Wildcards: `many` for any run, `one` for any character.
fn matches(pattern: &[char], text: &[char], many: char, one: char) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((first, rest)) if *first == many => {
            (0..=text.len()).any(|skipped| matches(rest, &text[skipped..], many, one))
        }
        Some((first, rest)) => text.split_first().is_some_and(|(character, left)| {
            (*first == one || first == character) && matches(rest, left, many, one)
        }),
    }
}

fn like(held: &Value, pattern: &str) -> Option<bool> {
    let characters = |text: &str| text.to_ascii_lowercase().chars().collect::<Vec<_>>();
    (!held.is_null()).then(|| matches(&characters(pattern), &characters(&text(held)), '%', '_'))
}

fn glob(held: &Value, pattern: &str) -> Option<bool> {
    let characters = |text: &str| text.chars().collect::<Vec<_>>();
    (!held.is_null()).then(|| matches(&characters(pattern), &characters(&text(held)), '*', '?'))
}

/// The items of a list as bound values; the lists of this test have no nested ones.
fn items(argument: &str) -> Vec<Value> {
    if !argument.starts_with('[') {
        return argument
            .split(',')
            .map(|part| Value::from(part.trim()))
            .collect();
    }
    let parsed: Vec<serde_json::Value> = serde_json::from_str(argument).unwrap();
    let bound = |item: &serde_json::Value| match item {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(truth) => Value::Integer(i64::from(*truth)),
        serde_json::Value::String(text) => Value::from(text.as_str()),
        number => match number.as_i64() {
            Some(number) => Value::Integer(number),
            None => Value::Real(number.as_f64().unwrap()),
        },
    };
    parsed.iter().map(bound).collect()
}

/// Whether a list has an equal item; `None` when that stays unknown because of a NULL.
fn contains(held: &Value, kind: Kind, items: &[Value]) -> Option<bool> {
    let equal = |item| compare(held, kind, item).map(|order| order == Ordering::Equal);
    let found: Vec<Option<bool>> = items.iter().map(equal).collect();
    if found.contains(&Some(true)) {
        Some(true)
    } else if found.contains(&None) {
        None
    } else {
        Some(false)
    }
}

/// The items of the JSON in a cell, as `json_each` lists them.
fn cell_items(held: &Value) -> Vec<Value> {
    match held {
        Value::Text(json) if json.starts_with('{') => vec!["a".into()],
        Value::Text(json) => items(json),
        _ => Vec::new(),
    }
}

/// What a lookup says about a value; `None` is SQL's unknown.
fn says(lookup: &str, held: &Value, kind: Kind, argument: &str) -> Option<bool> {
    let text = || compare(held, kind, &Value::from(argument));
    let order = || compare(held, kind, &number(argument));
    let negate = |answer: Option<bool>| answer.map(|truth| !truth);
    let bound = Value::from(argument);
    match lookup {
        "exact" => text().map(Ordering::is_eq),
        "not" => text().map(Ordering::is_ne),
        "gt" => order().map(Ordering::is_gt),
        "gte" => order().map(Ordering::is_ge),
        "lt" => order().map(Ordering::is_lt),
        "lte" => order().map(Ordering::is_le),
        "contains" => like(held, &format!("%{argument}%")),
        "notcontains" => negate(like(held, &format!("%{argument}%"))),
        "endswith" => like(held, &format!("%{argument}")),
        "startswith" => like(held, &format!("{argument}%")),
        "like" => like(held, argument),
        "notlike" => negate(like(held, argument)),
        "glob" => glob(held, argument),
        "in" => contains(held, kind, &items(argument)),
        // Nothing is in the empty list, not even NULL.
        "notin" if items(argument).is_empty() => Some(true),
        "notin" => negate(contains(held, kind, &items(argument))),
        "arraycontains" => contains(&bound, Kind::Any, &cell_items(held)),
        "arraynotcontains" => negate(contains(&bound, Kind::Any, &cell_items(held))),
        "date" => {
            let date = DATES.iter().find(|(text, _)| Value::from(*text) == *held);
            date.and_then(|(_, date)| *date)
                .map(|date| date == argument)
        }
        "isnull" => Some(held.is_null()),
        "notnull" => Some(!held.is_null()),
        "isblank" => Some(held.is_null() || *held == Value::from("")),
        "notblank" => Some(!held.is_null() && *held != Value::from("")),
        other => panic!("no model of {other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    // Proves: FILTER-01, FILTER-02, FILTER-03, FILTER-04, FILTER-05, FILTER-06, FILTER-07
    // Proves: FILTER-08, FILTER-09, FILTER-10, FILTER-11, FILTER-12, FILTER-13, FILTER-14
    // Proves: FILTER-15, FILTER-16, FILTER-17, FILTER-18, FILTER-19, FILTER-20, FILTER-21
    // Proves: FILTER-22, FILTER-24, FILTER-25, FILTER-28, FILTER-29, FILTER-31
    #[test]
    fn a_lookup_finds_what_its_model_finds(
        rows in prop::collection::vec(row(), 1..12),
        lookup in select(&LOOKUPS[..]),
        column in select(&COLUMNS[..]),
        argument in argument(),
    ) {
        let column = match lookup.key {
            "arraycontains" | "arraynotcontains" => COLUMNS[3],
            "date" => COLUMNS[4],
            _ => column,
        };
        // The model of a pattern knows no character sets.
        let argument = match lookup.key {
            "glob" => argument.replace('[', "?"),
            _ => argument,
        };
        let site = Site::new("create table t(id integer primary key, s text, i integer, x, j text, d text)");
        for (s, i, x, j, d) in &rows {
            site.connection
                .execute(
                    "insert into t(s, i, x, j, d) values (?, ?, ?, ?, ?)",
                    (held(s), held(i), held(x), held(j), held(d)),
                )
                .unwrap();
        }
        let (name, kind) = column;
        let stored = site.run(&format!("select id, {name} from t order by id"), &Vec::new()).unwrap();
        let expected: Vec<Value> = stored
            .iter()
            .filter(|row| says(lookup.key, &row[1], kind, &argument) == Some(true))
            .map(|row| row[0].clone())
            .collect();
        let pairs = vec![(format!("{name}__{}", lookup.key), argument.clone())];
        let query = QueryString::from_pairs(pairs).encode();
        prop_assert_eq!(&site.first("t", &query), &expected, "{} on {:?}", query, stored);
        let plan = site.plan("t", &query);
        let count = site.run(&plan.count_sql, &plan.count_params).unwrap();
        prop_assert_eq!(&count[0][0], &Value::Integer(expected.len() as i64));
    }
}
