//! Facets that are counted in one pass are what SQLite counts one by one.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use datasette_testkit::TestSite;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::Value;

/// SQL of a value of any type, from a small choice so that values repeat.
fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("null".to_owned()),
        (-3..3i64).prop_map(|number| number.to_string()),
        prop::sample::select(vec![
            "0.5",
            "-0.5",
            "1.0",
            "2.5",
            "1e300",
            "-1e300",
            "9e999",
            "-9e999",
            "9223372036854775807",
            "-9223372036854775808",
            "9.2233720368547758e18",
            "''",
            "'a'",
            "'A'",
            "'b'",
            "'ä'",
            "'a '",
            "'1'",
            "'2024-02-30'",
            "'2024-01-31'",
            "'2024-01-31T10:00'",
            "x'00'",
            "x'61'",
            "x'ff'",
            "x''",
            "'\u{10000}'",
            "'\u{ffff}'",
        ])
        .prop_map(str::to_owned),
    ]
}

async fn pairs(site: &TestSite, sql: &str) -> Vec<(Value, Value)> {
    let encoded: String = sql.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let path = format!("/data/-/query.json?_shape=arrays&sql={encoded}");
    let answer = site.get(&path).await.with_status(200).json();
    let rows = answer["rows"].as_array().unwrap().iter();
    rows.map(|row| (row[0].clone(), row[1].clone())).collect()
}

/// Compares all facets of a page with SQLite's own counts.
async fn compare(before: &str, columns: &str, rows: &[(String, String, String)], size: usize) {
    let values = rows.iter().map(|(a, b, c)| format!("({a}, {b}, {c})"));
    let sql = format!(
        "{before} create table t ({columns}); insert into t (a, b, c) values {};",
        values.collect::<Vec<_>>().join(", ")
    );
    let site = TestSite::with(&sql).await;
    let path =
        format!("/data/t.json?_size=0&_facet_size={size}&_facet=a&_facet=b&_facet=c&_facet_date=a");
    let answer = site.get(&path).await.with_status(200).json();
    let results = &answer["facet_results"]["results"];
    for (name, expression) in [("a", "a"), ("b", "b"), ("c", "c"), ("a_2", "date(a)")] {
        let facet = &results[name];
        let expected = pairs(
            &site,
            &format!(
                "select {expression}, count(*) n from t where {expression} is not null \
                 group by 1 order by n desc, 1"
            ),
        )
        .await;
        let found = facet["results"].as_array().unwrap().iter();
        let found: Vec<_> = found
            .map(|result| (result["value"].clone(), result["count"].clone()))
            .collect();
        assert_eq!(
            found,
            expected[..expected.len().min(size)],
            "{name} of {sql}"
        );
        assert_eq!(
            facet["truncated"],
            Value::from(expected.len() > size),
            "{sql}"
        );
    }
}

// Proves: FACET-28, FACET-29, FACET-30, FACET-32
#[test]
fn one_pass_counts_what_sqlite_counts() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let columns = prop::sample::select(vec![
        "a, b text, c real",
        "a blob, b integer, c collate nocase",
        "id integer primary key, a text, b numeric, c any",
        "a text, b, c, d as (a || b)",
    ]);
    let rows = prop::collection::vec((literal(), literal(), literal()), 1..40);
    let mut runner = TestRunner::new(ProptestConfig::with_cases(48));
    runner
        .run(&(columns, rows, 1..8usize), |(columns, rows, size)| {
            runtime.block_on(compare("", columns, &rows, size));
            Ok(())
        })
        .unwrap();
}

// Proves: FACET-28
#[tokio::test]
async fn texts_are_in_the_order_of_the_database() {
    let rows = ["'\u{ffff}'", "'\u{10000}'", "'a'"]
        .map(|text| (text.to_owned(), text.to_owned(), text.to_owned()));
    for encoding in ["UTF-8", "UTF-16le", "UTF-16be"] {
        let before = format!("pragma encoding = '{encoding}';");
        compare(&before, "a, b, c", &rows, 9).await;
    }
}
