//! Tokens and the conditions they become.

use datasette_core::Value;
use datasette_query::plan_table;

use crate::site::{Site, named};

fn site() -> Site {
    Site::new(
        "create table simple(id integer primary key, n integer);
         create table comp(n integer, k1 text, k2 text, primary key (k1, k2));
         create table norow(a text, n integer);
         create table texts(k text primary key, n);
         create table plain(k primary key, n);
         create view v as select id, n from simple;",
    )
}

/// The token after a page of 1 whose row this is.
fn token(table: &str, query: &str, row: Vec<Value>) -> String {
    let question = site().ask(table, &format!("{query}&_size=1")).unwrap();
    let plan = plan_table(&question);
    plan.next_token(&question, &row, None).unwrap()
}

// Proves: PAGE-03, PAGE-04, PAGE-05
#[test]
fn unsorted_tokens_are_the_key() {
    assert_eq!(
        token("simple", "", vec![Value::Integer(1), Value::Null]),
        "1"
    );
    assert_eq!(token("texts", "", vec!["1.5".into(), Value::Null]), "1~2E5");
    assert_eq!(
        token("texts", "", vec!["a b+c".into(), Value::Null]),
        "a+b~2Bc"
    );
    assert_eq!(
        token("comp", "", vec![Value::Null, "a,b".into(), "c".into()]),
        "a~2Cb,c"
    );
    assert_eq!(
        token(
            "norow",
            "",
            vec![Value::Integer(7), "x".into(), Value::Null]
        ),
        "7"
    );
}

// Proves: PAGE-06, PAGE-07
#[test]
fn sorted_tokens_begin_with_the_sort_value() {
    let row = |n: Value| vec![n, "b".into(), "r".into()];
    assert_eq!(
        token("comp", "_sort=n", row(Value::Integer(-100))),
        "-100,b,r"
    );
    assert_eq!(token("comp", "_sort_desc=n", row(Value::Null)), "$null,b,r");
    assert_eq!(
        token("texts", "_sort=k", vec!["$null".into(), Value::Null]),
        "~24null,~24null"
    );
    assert_eq!(
        token("simple", "_sort=id", vec![Value::Integer(2), Value::Null]),
        "2,2"
    );
    let row = vec![Value::Integer(2), "Los Angeles".into(), Value::Null];
    assert_eq!(token("norow", "_sort=a", row), "Los+Angeles,2");
}

// Proves: PAGE-08
#[test]
fn tokens_of_views_are_offsets() {
    assert_eq!(token("v", "", vec![Value::Null, Value::Null]), "1");
    assert_eq!(
        token("v", "_sort=n&_next=24", vec![Value::Null, Value::Null]),
        "25"
    );
}

// Proves: PAGE-23
#[test]
fn the_empty_key_has_a_usable_token() {
    let next = token("texts", "", vec!["".into(), Value::Null]);
    assert_eq!(next, "$text.");
    let plan = site().plan("texts", &format!("_next={next}"));
    assert_eq!(named(&plan.params)["p0"], Value::from(""));
    assert!(plan.sql.contains("where ((k > :p0)) order by k"));
}

// Proves: PAGE-24
#[test]
fn values_that_text_cannot_stand_for_are_marked() {
    let cases = [
        (Value::Integer(5), "$integer.5"),
        (Value::Real(0.5), "$real.0.5"),
        (Value::Blob(vec![0, 255]), "$blob.00ff"),
        (Value::from("5"), "5"),
    ];
    for (key, expected) in cases {
        assert_eq!(token("plain", "", vec![key.clone(), Value::Null]), expected);
        let plan = site().plan("plain", &format!("_next={expected}"));
        assert_eq!(named(&plan.params)["p0"], key);
    }
    let next = token("plain", "", vec![Value::Null, Value::Null]);
    assert_eq!(next, "$skip.1");
    let plan = site().plan("plain", "_size=1&_next=$skip.1");
    assert_eq!(
        plan.sql,
        "select k, n from plain order by k limit 2 offset 1"
    );
    assert_eq!(
        token("plain", "_next=3,$skip.4", vec![Value::Null, Value::Null]),
        "3,$skip.5"
    );
}

fn conditions(table: &str, query: &str) -> (String, Vec<(String, Value)>) {
    let plan = site().plan(table, query);
    let (_, rest) = plan.sql.split_once(" where ").unwrap();
    (rest.to_owned(), plan.params)
}

fn texts(values: &[(&str, &str)]) -> Vec<(String, Value)> {
    values
        .iter()
        .map(|(name, text)| ((*name).to_owned(), Value::from(*text)))
        .collect()
}

// Proves: PAGE-12, PAGE-13
#[test]
fn unsorted_pages_continue_after_the_key() {
    let (sql, params) = conditions("simple", "_next=7");
    assert_eq!(sql, "((id > :p0)) order by id limit 101");
    assert_eq!(params, texts(&[("p0", "7")]));
    let (sql, params) = conditions("comp", "_next=a~2Cb,c&n=5");
    assert_eq!(
        sql,
        "\"n\" = :p0 and ((k1 > :p1)\n  or\n(k1 = :p1 and k2 > :p2)) order by k1, k2 limit 101"
    );
    assert_eq!(params, texts(&[("p0", "5"), ("p1", "a,b"), ("p2", "c")]));
    let (sql, params) = conditions("norow", "_next=3");
    assert_eq!(sql, "rowid > :p0 order by rowid limit 101");
    assert_eq!(params, texts(&[("p0", "3")]));
}

// Proves: PAGE-14, PAGE-15, SORT-09
#[test]
fn sorted_pages_continue_after_the_value() {
    let (sql, params) = conditions("simple", "_sort=n&_next=5,7");
    assert_eq!(
        sql,
        "(n > :p1 or (n = :p1 and ((id > :p0)))) order by n, id limit 101"
    );
    assert_eq!(params, texts(&[("p0", "7"), ("p1", "5")]));
    let (sql, _) = conditions("norow", "_sort_desc=n&_next=5,7");
    assert_eq!(
        sql,
        "(n < :p1 or n is null or (n = :p1 and rowid > :p0)) order by n desc, rowid limit 101"
    );
}

// Proves: PAGE-16, PAGE-17
#[test]
fn sorted_pages_continue_from_null() {
    let (sql, params) = conditions("norow", "_sort=n&_next=$null,7");
    assert_eq!(
        sql,
        "(n is not null or (n is null and rowid > :p0)) order by n, rowid limit 101"
    );
    assert_eq!(params, texts(&[("p0", "7")]));
    let (sql, _) = conditions("norow", "_sort_desc=n&_next=$null,7");
    assert_eq!(
        sql,
        "(n is null and rowid > :p0) order by n desc, rowid limit 101"
    );
    let (_, params) = conditions("texts", "_sort=k&_next=~24null,a");
    assert_eq!(params, texts(&[("p0", "a"), ("p1", "$null")]));
}

// Proves: PAGE-18, FACET-45
#[test]
fn a_token_changes_neither_count_nor_facets() {
    let first = site().plan("simple", "n=5");
    let later = site().plan("simple", "n=5&_next=7");
    assert_eq!(later.count_sql, first.count_sql);
    assert_eq!(later.capped_count_sql, first.capped_count_sql);
    assert_eq!(later.filtered_sql, first.filtered_sql);
    assert_eq!(later.count_params, first.count_params);
    assert_ne!(later.sql, first.sql);
}

#[test]
fn everything_from_here_on_is_one_statement() {
    let site = Site::new(
        "create table t(id integer primary key, n integer);
         insert into t values (1, 2), (2, 1), (3, 2), (4, null);
         create view v as select id, n from t;",
    );
    let rest = |table: &str, query: &str| {
        let plan = site.plan(table, query);
        let rows = site.run(&plan.unlimited_sql, &plan.params).unwrap();
        rows.into_iter()
            .map(|mut row| row.remove(0))
            .collect::<Vec<_>>()
    };
    let ids = |ids: &[i64]| ids.iter().copied().map(Value::Integer).collect::<Vec<_>>();
    assert_eq!(rest("t", "_size=1"), ids(&[1, 2, 3, 4]));
    assert_eq!(rest("t", "_size=1&_sort_desc=n"), ids(&[1, 3, 2, 4]));
    assert_eq!(rest("t", "_size=1&_sort_desc=n&_next=2,1"), ids(&[3, 2, 4]));
    assert_eq!(rest("t", "_size=1&_next=$skip.3"), ids(&[4]));
    assert_eq!(rest("v", "_size=1&_next=3"), ids(&[4]));
}

// Proves: PAGE-20, PAGE-21, PAGE-22
#[test]
fn tokens_that_do_not_fit() {
    let site = site();
    assert!(site.ask("comp", "_next=1").unwrap().next.is_none());
    assert!(site.ask("simple", "_next=1,2").unwrap().next.is_none());
    assert!(site.ask("simple", "_next=").unwrap().next.is_none());
    assert_eq!(
        site.refusal("comp", "_sort=n&_next=1,2"),
        "near \")\": syntax error"
    );
    assert_eq!(site.refusal("v", "_next=x"), "_next must be an integer");
    assert_eq!(site.refusal("v", "_next=1,2"), "_next must be an integer");
}

// Proves: PAGE-10
#[test]
fn the_sort_value_is_looked_up_when_it_is_not_selected() {
    let site = site();
    let question = site.ask("comp", "_sort=n&_nocol=n&_size=1").unwrap();
    let plan = plan_table(&question);
    let last: Vec<Value> = vec!["a".into(), "b".into()];
    let (sql, params) = plan.sort_lookup(&question, &last).unwrap();
    assert_eq!(sql, "select n from comp where k1 = :pk0 and k2 = :pk1");
    assert_eq!(params, texts(&[("pk0", "a"), ("pk1", "b")]));
    let found = Value::Integer(9);
    let next = plan.next_token(&question, &last, Some(found.as_ref()));
    assert_eq!(next.as_deref(), Some("9,a,b"));
    assert_eq!(plan.next_token(&question, &last, None), None);

    let question = site.ask("norow", "_sort=n&_col=a&_size=1").unwrap();
    let plan = plan_table(&question);
    let last = vec![Value::Integer(4), "a".into()];
    let (sql, _) = plan.sort_lookup(&question, &last).unwrap();
    assert_eq!(sql, "select n from norow where rowid = :pk0");
    let selected = site.ask("norow", "_sort=n").unwrap();
    assert!(
        plan_table(&selected)
            .sort_lookup(&selected, &last)
            .is_none()
    );
}

// Proves: PAGE-11
#[test]
fn links_to_the_next_page_name_the_order() {
    let site = site();
    let arguments = datasette_core::QueryString::parse("_next=1&_sort=n&a__gt=&n=5");
    let question = site.ask("simple", "_next=1&_sort=n&n=5").unwrap();
    let link = question
        .next_arguments(&arguments, "5,7")
        .encode_without_blanks();
    assert_eq!(link, "n=5&_next=5%2C7&_sort=n");
    let unsorted = site.ask("simple", "").unwrap();
    let link = unsorted
        .next_arguments(&arguments, "7")
        .encode_without_blanks();
    assert_eq!(link, "_sort=n&n=5&_next=7");
}

// Proves: PAGE-24
#[test]
fn the_rowid_keeps_a_name_of_its_own() {
    let site = Site::new("create table t(rowid text, a); insert into t values ('x', 1), ('x', 2);");
    let plan = site.plan("t", "_next=1");
    assert_eq!(
        plan.sql,
        "select _rowid_, rowid, a from t where _rowid_ > :p0 order by _rowid_ limit 101"
    );
    assert_eq!(site.rows("t", "_next=1").len(), 1);
}
