//! Pages against a model: every row exactly once, in order, whatever key and sort.

use std::cmp::Ordering;

use datasette_core::Value;
use datasette_query::plan_table;
use proptest::prelude::*;
use proptest::sample::select;

use crate::site::{Site, held};

/// Tables with every kind of key. `u` tells rows apart.
const TABLES: [&str; 10] = [
    "create table t(u, k, n integer, x)",
    "create table t(u, k, n integer, x integer primary key)",
    "create table t(u, k text primary key, n integer, x)",
    "create table t(u, k primary key, n integer, x)",
    "create table t(u, k real primary key, n integer, x)",
    "create table t(u, k text, n integer, x, primary key (n, k))",
    "create table t(u, k text, n integer, x numeric, primary key (k, n, x))",
    "create table t(u, k text not null primary key, n integer, x) without rowid",
    "create table t(u, k, n integer, x any, primary key (n, k)) without rowid",
    "create table t(u integer, k text collate nocase primary key, n any, x real) strict",
];

/// Indexes change the order in which ties come out of SQLite.
const INDEXES: [&str; 3] = [
    "",
    "create index i on t(n)",
    "create index i on t(x, n desc)",
];

fn value() -> impl Strategy<Value = Value> {
    static TEXTS: [&str; 14] = [
        "", "a", "A", "b", ",", "a,b", "~", "$null", "$skip.1", "5", "05", "é", "a b+c", "\u{fffd}",
    ];
    static NUMBERS: [f64; 8] = [
        0.0,
        -0.5,
        0.1,
        1e300,
        5e-324,
        123456789.123,
        f64::INFINITY,
        1e16,
    ];
    prop_oneof![
        3 => Just(Value::Null),
        6 => (-3i64..4).prop_map(Value::Integer),
        1 => any::<i64>().prop_map(Value::Integer),
        2 => select(&NUMBERS).prop_map(Value::Real),
        1 => any::<f64>().prop_filter("stored", |n| !n.is_nan()).prop_map(Value::Real),
        6 => select(&TEXTS).prop_map(Value::from),
        1 => prop::collection::vec(any::<u8>(), 0..3).prop_map(Value::Blob),
    ]
}

fn rows() -> impl Strategy<Value = Vec<(Value, Value, Value)>> {
    prop::collection::vec((value(), value(), value()), 0..24)
}

/// SQLite's order: NULL, numbers, text, blobs.
fn order(one: &Value, other: &Value, ignoring_case: bool) -> Ordering {
    let class = |value: &Value| match value {
        Value::Null => 0,
        Value::Integer(_) | Value::Real(_) => 1,
        Value::Text(_) => 2,
        Value::Blob(_) => 3,
    };
    match (one, other) {
        (Value::Integer(one), Value::Integer(other)) => one.cmp(other),
        (Value::Real(one), Value::Real(other)) => (one + 0.0).total_cmp(&(other + 0.0)),
        (Value::Integer(one), Value::Real(other)) => integer_to_real(*one, *other),
        (Value::Real(one), Value::Integer(other)) => integer_to_real(*other, *one).reverse(),
        (Value::Text(one), Value::Text(other)) if ignoring_case => {
            one.to_ascii_lowercase().cmp(&other.to_ascii_lowercase())
        }
        (Value::Text(one), Value::Text(other)) => one.cmp(other),
        (Value::Blob(one), Value::Blob(other)) => one.cmp(other),
        _ => class(one).cmp(&class(other)),
    }
}

fn integer_to_real(integer: i64, real: f64) -> Ordering {
    if real >= 9_223_372_036_854_775_808.0 {
        Ordering::Less
    } else if real < -9_223_372_036_854_775_808.0 {
        Ordering::Greater
    } else {
        let whole = real.trunc();
        integer
            .cmp(&(whole as i64))
            .then_with(|| 0.0_f64.total_cmp(&(real - whole + 0.0)))
    }
}

/// Follows tokens from the first page to the last.
fn walk(site: &Site, base: &str) -> Vec<Value> {
    let mut visited = Vec::new();
    let mut query = base.to_owned();
    loop {
        let question = site.ask("t", &query).unwrap();
        let plan = plan_table(&question);
        let rows = site.run(&plan.page_sql, &plan.params).unwrap();
        let size = question.page_size as usize;
        let place = question
            .selected
            .iter()
            .position(|column| column.name() == "u");
        let place = place.unwrap();
        visited.extend(rows.iter().take(size).map(|row| row[place].clone()));
        if rows.len() <= size {
            // The shown statement gives the same number of rows.
            assert_eq!(site.run(&plan.sql, &plan.params).unwrap().len(), rows.len());
            return visited;
        }
        let last = &rows[size - 1];
        let sort_value = plan.sort_lookup(&question, last).map(|(sql, params)| {
            let mut found = site.run(&sql, &params).unwrap();
            found.remove(0).remove(0)
        });
        let token = plan
            .next_token(&question, last, sort_value.as_ref().map(Value::as_ref))
            .unwrap();
        assert!(!token.is_empty(), "{base}");
        let arguments = datasette_core::QueryString::parse(base);
        query = question
            .next_arguments(&arguments, &token)
            .encode_without_blanks();
        assert!(visited.len() < 200, "{base} goes round: {token}");
    }
}

/// All rows in the order that the model gives them; ties between rows with NULL keys stay open.
fn model(site: &Site, base: &str) -> (Vec<Vec<Value>>, usize) {
    let question = site.ask("t", base).unwrap();
    let table = &question.table;
    let key: Vec<usize> = if table.uses_rowid() {
        vec![0]
    } else {
        table.primary_key.iter().map(|index| index + 1).collect()
    };
    let sort = question.sort.as_ref().map(|sort| {
        let index = sort.column.column().map_or(0, |column| column.index() + 1);
        (index, sort.descending)
    });
    let source = if table.kind == datasette_core::TableKind::WithoutRowid {
        "select 0, u, k, n, x from t"
    } else {
        "select rowid, u, k, n, x from t"
    };
    let nocase = table.sql.contains("nocase");
    let mut rows = site.run(source, &Vec::new()).unwrap();
    rows.sort_by(|one, other| {
        let compare = |index: usize| order(&one[index], &other[index], nocase && index == 2);
        let by_sort = sort.map_or(Ordering::Equal, |(index, descending)| {
            let ascending = compare(index);
            if descending {
                ascending.reverse()
            } else {
                ascending
            }
        });
        key.iter().fold(by_sort, |so_far, index| {
            so_far.then_with(|| compare(*index))
        })
    });
    let open = rows
        .iter()
        .filter(|row| key.iter().any(|index| row[*index].is_null()))
        .count();
    (rows, open)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    // Proves: PAGE-24, PAGE-10, PAGE-11, PAGE-23
    #[test]
    fn every_row_is_visited_once_in_order(
        table in select(&TABLES),
        index in select(&INDEXES),
        rows in rows(),
        sort in select(&["", "_sort=k", "_sort_desc=k", "_sort=n", "_sort_desc=n", "_sort=x", "_sort_desc=x"]),
        only in select(&["", "&_col=u"]),
        size in 1usize..5,
    ) {
        let site = Site::new(&format!("{table};{index};"));
        for (number, (k, n, x)) in rows.iter().enumerate() {
            // Rows that break a constraint are left out.
            let _ = site.connection.execute(
                "insert into t values (?, ?, ?, ?)",
                (number as i64, held(k), held(n), held(x)),
            );
        }
        let base = format!("{sort}{only}&_size={size}");
        let (expected, open) = model(&site, &base);
        let visited = walk(&site, &base);
        let mut once = visited.clone();
        once.sort_by(|one, other| order(one, other, false));
        let mut all: Vec<Value> = expected.iter().map(|row| row[1].clone()).collect();
        if open < 2 {
            prop_assert_eq!(&visited, &all, "{} {}", table, base);
        }
        all.sort_by(|one, other| order(one, other, false));
        prop_assert_eq!(once, all, "{} {}", table, base);
    }
}

// Proves: PAGE-24
#[test]
fn text_that_is_not_utf8_does_not_stop_a_walk() {
    let site = Site::new(
        "create table t(u, k text primary key, n);
         insert into t values (1, cast(x'61ff' as text), 1), (2, cast(x'61fe' as text), 1),
         (3, 'a', cast(x'ff' as text)), (4, 'zz', 1), (5, cast(x'ff' as text), 2);",
    );
    for base in [
        "_size=1",
        "_size=1&_sort=n",
        "_size=2&_sort_desc=n",
        "_size=1&_sort=n&_col=u",
    ] {
        let mut visited: Vec<String> = walk(&site, base).iter().map(|u| format!("{u:?}")).collect();
        visited.sort();
        assert_eq!(visited.len(), 5, "{base}");
        visited.dedup();
        assert_eq!(visited.len(), 5, "{base}");
    }
}

// Proves: PAGE-08, PAGE-19, PAGE-24
#[test]
fn views_are_walked_by_offset() {
    let site = Site::new(
        "create table base(u, n); create view t as select u, n from base;
         insert into base values (1, 1), (2, 1), (3, null), (4, 2), (5, 1);",
    );
    for base in ["_size=2", "_size=1&_sort=n", "_size=2&_sort_desc=n&_col=u"] {
        let visited = walk(&site, base);
        assert_eq!(visited.len(), 5, "{base}");
    }
    let plan = site.plan("t", "_size=2&_next=4&_sort=n");
    assert_eq!(plan.sql, "select u, n from t order by n limit 3 offset 4");
}
