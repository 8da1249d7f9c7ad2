//! Rows for a few typed characters: the statements, and the search against a model of it.

use std::cmp::Ordering;

use datasette_core::{Fault, QueryString, Value, real};
use datasette_query::autocomplete::ROWS;
use datasette_query::{AutocompletePlan, AutocompleteQuestion, plan_autocomplete};
use proptest::prelude::*;
use proptest::sample::select;

use crate::site::{Site, held};

fn ask(
    site: &Site,
    table: &str,
    label: Option<&str>,
    pairs: &[(&str, &str)],
) -> Result<Option<AutocompletePlan>, Fault> {
    let table = site.table(table);
    let label = label.map(|name| table.column(name).unwrap());
    let pairs = pairs.iter().map(|(k, v)| (k.to_string(), v.to_string()));
    let arguments = QueryString::from_pairs(pairs.collect());
    let question = AutocompleteQuestion::parse(&table, label, &arguments)?;
    Ok(plan_autocomplete(&question))
}

fn plan(site: &Site, table: &str, label: Option<&str>, q: &str) -> AutocompletePlan {
    ask(site, table, label, &[("q", q)]).unwrap().unwrap()
}

/// The text by which LIKE knows a value.
fn text(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => real::text(*number),
        Value::Text(text) => text.clone(),
        Value::Null | Value::Blob(_) => unreachable!("has no text"),
    }
}

fn contains(value: &Value, q: &str) -> bool {
    !value.is_null()
        && text(value)
            .to_ascii_lowercase()
            .contains(&q.to_ascii_lowercase())
}

/// Numbers before text; neither NULL nor blobs are keys here.
fn order(one: &Value, other: &Value) -> Ordering {
    let number = |value: &Value| match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Real(number) => Some(*number),
        _ => None,
    };
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => text(one).cmp(&text(other)),
    }
}

/// What the search must find, from rows of the key's values and then the label.
fn model(rows: &[Vec<Value>], keys: usize, has_label: bool, q: &str) -> Vec<Vec<Value>> {
    let searched = |row: &&Vec<Value>| row.iter().any(|value| contains(value, q));
    let mut found: Vec<Vec<Value>> = rows.iter().filter(searched).cloned().collect();
    let rank = |row: &[Value]| {
        let is_key = keys == 1 && text(&row[0]) == q;
        let label = row.last().filter(|_| has_label);
        let length = |value: &Value| text(value).chars().count();
        let labelled = label.filter(|label| contains(label, q));
        let length = match has_label {
            true => labelled.map_or(0, length),
            false => length(&row[0]),
        };
        (!is_key, has_label && labelled.is_none(), length)
    };
    found.sort_by(|one, other| {
        let by_key = (0..keys).fold(Ordering::Equal, |so_far, at| {
            so_far.then_with(|| order(&one[at], &other[at]))
        });
        rank(one).cmp(&rank(other)).then(by_key)
    });
    found.truncate(ROWS);
    found
}

/// A table, its key, and whether `label` is its label column or only one of its columns.
const TABLES: [(&str, &[&str], bool); 7] = [
    (
        "create table t(k integer primary key, j not null, label)",
        &["k"],
        true,
    ),
    (
        "create table t(k text not null primary key, j not null, label)",
        &["k"],
        true,
    ),
    (
        "create table t(k not null primary key, j not null, label text)",
        &["k"],
        false,
    ),
    (
        "create table t(k not null, j not null, label, primary key (j, k))",
        &["j", "k"],
        true,
    ),
    (
        "create table t(k text not null, j not null, label, primary key (k, j)) without rowid",
        &["k", "j"],
        false,
    ),
    ("create table t(k, j, label text)", &["rowid"], true),
    ("create table t(k, rowid, label text)", &["_rowid_"], true),
];

fn word() -> impl Strategy<Value = String> {
    static WORDS: [&str; 16] = [
        "a", "A", "aB", "%", "_", "\\", "\\%", "a%b", "a_b", "'", "5", "0.5", "é", "É", "ab a", " ",
    ];
    prop_oneof![
        4 => select(&WORDS).prop_map(str::to_owned),
        1 => "[ab%_\\\\é]{1,3}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => Just(Value::Null),
        3 => (-2i64..60).prop_map(Value::Integer),
        1 => (-8i64..12).prop_map(|quarters| Value::Real(quarters as f64 / 4.0)),
        6 => word().prop_map(Value::Text),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    // Proves: DEBUG-52, DEBUG-54, DEBUG-55
    #[test]
    fn a_search_finds_what_its_model_finds(
        (table, keys, has_label) in select(&TABLES[..]),
        rows in prop::collection::vec((value(), value(), value()), 0..30),
        q in word(),
    ) {
        let site = Site::new(table);
        for (k, j, label) in &rows {
            // Rows that break a constraint are left out.
            let _ = site
                .connection
                .execute("insert into t values (?, ?, ?)", (held(k), held(j), held(label)));
        }
        let mut columns = keys.join(", ");
        if has_label {
            columns.push_str(", label");
        }
        let stored = site.run(&format!("select {columns} from t"), &Vec::new()).unwrap();
        let plan = plan(&site, "t", has_label.then_some("label"), &q);
        let found = site.run(&plan.sql, &plan.params).unwrap();
        prop_assert_eq!(&found, &model(&stored, keys.len(), has_label, &q), "{} {:?}", table, q);
        // What the quicker search finds is part of what there is to find.
        for row in site.run(&plan.fallback_sql, &plan.params).unwrap() {
            prop_assert!(contains(&row[0], &q), "{} {:?}", table, q);
            prop_assert!(stored.contains(&row));
        }
    }
}

// Proves: DEBUG-53, DEBUG-57, DEBUG-58
#[test]
fn blank_text_asks_for_nothing_or_for_the_last_rows() {
    let site = Site::new(
        "create table t(id integer primary key, name text); create view v as select 1;
         insert into t(name) values ('a'), ('b'), ('c');",
    );
    let asked = |pairs: &[(&str, &str)]| ask(&site, "t", Some("name"), pairs);
    for pairs in [
        &[][..],
        &[("q", "")],
        &[("_initial", "")],
        &[("_initial", "OFF")],
    ] {
        assert_eq!(asked(pairs).unwrap(), None, "{pairs:?}");
    }
    let initial = asked(&[("_initial", "On"), ("q", "")]).unwrap().unwrap();
    let rows = site.run(&initial.sql, &initial.params).unwrap();
    let ids: Vec<&Value> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!(
        ids,
        [&Value::Integer(3), &Value::Integer(2), &Value::Integer(1)]
    );
    // Beside text the argument is not looked at.
    assert!(asked(&[("_initial", "soon"), ("q", "a")]).is_ok());
    let refused = asked(&[("_initial", "soon")]).unwrap_err();
    assert_eq!(refused.status(), 400);
    let view = ask(&site, "v", None, &[("q", "1")]).unwrap_err();
    assert_eq!(view.message(), "Autocomplete is only available for tables");
}

// Proves: DEBUG-53
#[test]
fn the_first_rows_of_a_compound_key_descend_by_its_first_column() {
    let site = Site::new(
        "create table t(a, b, primary key (a, b)); insert into t values (1, 1), (1, 2), (2, 1), (2, 2);",
    );
    let plan = ask(&site, "t", None, &[("_initial", "1")])
        .unwrap()
        .unwrap();
    let rows = site.run(&plan.sql, &plan.params).unwrap();
    let pairs = [(2, 1), (2, 2), (1, 1), (1, 2)];
    let expected = pairs.map(|(a, b)| vec![Value::Integer(a), Value::Integer(b)]);
    assert_eq!(rows, expected);
}

// Proves: DEBUG-56
#[test]
fn the_quicker_search_goes_by_the_index_of_the_key() {
    let site = Site::new(
        "create table t(code text primary key, name text);
         insert into t values ('ab', 'x'), ('abc', 'y'), ('b', 'ab'), ('a_', 'z'), ('aab', 'q');",
    );
    let plan = plan(&site, "t", Some("name"), "ab");
    let rows = site.run(&plan.fallback_sql, &plan.params).unwrap();
    let codes: Vec<&Value> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!(codes, [&Value::from("ab"), &Value::from("abc")]);
    let explained = format!("explain query plan {}", plan.fallback_sql);
    let steps = site.run(&explained, &plan.params).unwrap();
    let detail = format!("{:?}", steps[0]);
    assert!(detail.contains("SEARCH t USING INDEX"), "{detail}");
    assert!(steps.len() == 1, "{steps:?}");
}
