//! `_through`.

use datasette_core::{QueryString, Value};

use crate::site::Site;

fn site() -> Site {
    Site::new(
        "create table roads(id integer primary key, name text);
         insert into roads values (1, 'one'), (2, 'two'), (3, 'three');
         create table marks(road integer references roads(id), kind text, n);
         insert into marks values (1, 'a', 5), (1, 'b', 6), (3, 'a', null), (2, 'c', 1.5);
         create table loose(kind text);",
    )
}

fn query(through: &str) -> String {
    QueryString::from_pairs(vec![("_through".to_owned(), through.to_owned())]).encode()
}

// Proves: FILTER-49
#[test]
fn rows_are_found_by_what_refers_to_them() {
    let site = site();
    let through = query(r#"{"table": "marks", "column": "kind", "value": "a"}"#);
    assert_eq!(
        site.first("roads", &through),
        [Value::Integer(1), Value::Integer(3)]
    );
    let plan = site.plan("roads", &through);
    assert_eq!(
        plan.count_sql,
        "select count(*) from roads where id in (select road from marks where kind = :p0) "
    );
    let question = site.ask("roads", &through).unwrap();
    assert_eq!(question.describe(), "where marks.kind = \"a\"");
    let number = query(r#"{"table": "marks", "column": "n", "value": 6}"#);
    assert_eq!(site.first("roads", &number), [Value::Integer(1)]);
    assert_eq!(
        site.ask("roads", &number).unwrap().describe(),
        "where marks.n = \"6\""
    );
    let real = query(r#"{"table": "marks", "column": "n", "value": 1.50}"#);
    assert_eq!(site.first("roads", &real), [Value::Integer(2)]);
    assert_eq!(
        site.ask("roads", &real).unwrap().describe(),
        "where marks.n = \"1.5\""
    );
}

// Proves: FILTER-49, FILTER-52
#[test]
fn several_hold_together_with_filters() {
    let site = site();
    let both = format!(
        "{}&{}&name=one",
        query(r#"{"table": "marks", "column": "kind", "value": "a"}"#),
        query(r#"{"table": "marks", "column": "kind", "value": "b"}"#)
    );
    let plan = site.plan("roads", &both);
    let bound: Vec<(&str, &Value)> = plan
        .params
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .collect();
    assert_eq!(
        bound,
        [
            ("p0", &"one".into()),
            ("p1", &"a".into()),
            ("p2", &"b".into())
        ]
    );
    assert_eq!(site.first("roads", &both), [Value::Integer(1)]);
}

// Proves: FILTER-51
#[test]
fn what_cannot_be_followed_is_refused() {
    let site = site();
    let malformed = "Invalid _through - expected a JSON object with keys table, column and value";
    for through in [
        "",
        "{",
        "[]",
        "\"marks\"",
        r#"{"table": "marks", "column": "kind"}"#,
        r#"{"table": "marks", "value": "a"}"#,
        r#"{"table": 1, "column": "kind", "value": "a"}"#,
        r#"{"table": "marks", "column": "kind", "value": []}"#,
    ] {
        assert_eq!(
            site.refusal("roads", &query(through)),
            malformed,
            "{through}"
        );
    }
    let no_key = "Invalid _through - could not find corresponding foreign key";
    for table in ["loose", "roads", "missing", "sqlite_schema"] {
        let through = format!(r#"{{"table": "{table}", "column": "kind", "value": "a"}}"#);
        assert_eq!(site.refusal("roads", &query(&through)), no_key, "{table}");
    }
    // A column of our own table does not count.
    let ours = r#"{"table": "marks", "column": "name", "value": "a"}"#;
    assert_eq!(site.refusal("roads", &query(ours)), "no such column: name");
}
