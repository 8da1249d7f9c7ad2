//! Which columns a page has, and its plain statements.

use datasette_core::Value;

use crate::site::Site;

fn site() -> Site {
    Site::new(
        "create table t(b text, id integer primary key, a text);
         create table comp(x, k2 text, k1 text, primary key (k1, k2));
         create table norow(a, b);
         create table wr(k text primary key, v) without rowid;
         create view v as select a, b from norow;
         create table generated(id integer primary key, a, twice generated always as (a * 2));
         create virtual table words using fts5(body);
         create table \"no spaces\"(\"select\" integer primary key, \"1st\");",
    )
}

fn sql(table: &str, query: &str) -> String {
    site().plan(table, query).sql
}

// Proves: TABLE-11, TABLE-12, TABLE-06, TABLE-07, TABLE-08, TABLE-09, TABLE-10
#[test]
fn pages_select_every_column_in_key_order() {
    let cases = [
        ("t", "select b, id, a from t order by id limit 101"),
        (
            "comp",
            "select x, k2, k1 from comp order by k1, k2 limit 101",
        ),
        (
            "norow",
            "select rowid, a, b from norow order by rowid limit 101",
        ),
        ("wr", "select k, v from wr order by k limit 101"),
        ("v", "select a, b from v  limit 101"),
        (
            "generated",
            "select id, a, twice from generated order by id limit 101",
        ),
        (
            "words",
            "select rowid, body, words, rank from words order by rowid limit 101",
        ),
        (
            "no spaces",
            "select \"select\", \"1st\" from \"no spaces\" order by \"select\" limit 101",
        ),
    ];
    for (table, expected) in cases {
        assert_eq!(sql(table, ""), expected);
    }
}

// Proves: TABLE-11, COUNT-01, COUNT-05
#[test]
fn conditions_stand_in_every_statement() {
    let plan = site().plan("t", "a__gt=5&_size=10");
    assert_eq!(
        plan.sql,
        "select b, id, a from t where \"a\" > :p0 order by id limit 11"
    );
    assert_eq!(plan.count_sql, "select count(*) from t where \"a\" > :p0 ");
    assert_eq!(
        plan.capped_count_sql,
        "select count(*) from (select * from t where \"a\" > :p0  limit 10001)"
    );
    assert_eq!(
        plan.filtered_sql,
        "select b, id, a from t where \"a\" > :p0 "
    );
    assert_eq!(
        plan.unlimited_sql,
        "select b, id, a from t where \"a\" > :p0 order by id"
    );
    assert_eq!(site().plan("t", "").count_sql, "select count(*) from t ");
}

// Proves: COUNT-01
#[test]
fn the_count_stops_at_its_limit() {
    let site = Site::new(
        "create table big(n);
         with recursive c(n) as (select 1 union all select n + 1 from c where n < 10050)
         insert into big select n from c;",
    );
    let counted = |query: &str| {
        let plan = site.plan("big", query);
        let capped = site
            .run(&plan.capped_count_sql, &plan.count_params)
            .unwrap();
        let exact = site.run(&plan.count_sql, &plan.count_params).unwrap();
        (capped[0][0].clone(), exact[0][0].clone())
    };
    assert_eq!(
        counted(""),
        (Value::Integer(10_001), Value::Integer(10_050))
    );
    assert_eq!(
        counted("n__lte=10000"),
        (Value::Integer(10_000), Value::Integer(10_000))
    );
}

// Proves: TABLE-20, TABLE-21, TABLE-22, TABLE-23, TABLE-25
#[test]
fn columns_are_chosen() {
    let cases = [
        ("t", "_col=a&_col=b&_col=a", "id, a, b"),
        ("t", "_col=id&_col=a", "id, a"),
        ("t", "_nocol=a", "b, id"),
        ("t", "_col=a&_col=b&_nocol=a", "id, b"),
        ("comp", "_col=x", "k1, k2, x"),
        ("norow", "_col=b", "rowid, b"),
        ("norow", "_nocol=b", "rowid, a"),
        ("v", "_col=b", "b"),
    ];
    for (table, query, expected) in cases {
        let sql = sql(table, query);
        assert!(
            sql.starts_with(&format!("select {expected} from ")),
            "{query}: {sql}"
        );
    }
}

// Proves: TABLE-24, TABLE-25, TABLE-26
#[test]
fn wrong_columns_are_refused() {
    let cases = [
        ("t", "_col=a&_col=x&_col=y", "_col=x, y - invalid columns"),
        ("t", "_col=a,b", "_col=a,b - invalid columns"),
        ("t", "_col=A", "_col=A - invalid columns"),
        (
            "t",
            "_nocol=id&_nocol=zz",
            "_nocol=id, zz - invalid columns",
        ),
        ("norow", "_col=rowid", "_col=rowid - invalid columns"),
        ("norow", "_nocol=a&_nocol=b", "near \"from\": syntax error"),
        ("v", "_nocol=a&_nocol=b", "near \"from\": syntax error"),
    ];
    for (table, query, expected) in cases {
        assert_eq!(site().refusal(table, query), expected);
    }
}

// Proves: TABLE-27
#[test]
fn chosen_columns_leave_conditions_order_and_facets_alone() {
    let plan = site().plan("t", "_col=b&a=1&_sort=a");
    assert_eq!(
        plan.sql,
        "select id, b from t where \"a\" = :p0 order by a limit 101"
    );
    assert_eq!(
        plan.filtered_sql,
        "select b, id, a from t where \"a\" = :p0 "
    );
    assert_eq!(plan.sort_position, None);
}

// Proves: TABLE-08
#[test]
fn the_key_is_found_among_the_columns() {
    let site = site();
    assert_eq!(site.plan("t", "").row_key, [1]);
    assert_eq!(site.plan("t", "_col=a").row_key, [0]);
    assert_eq!(site.plan("comp", "").row_key, [2, 1]);
    assert_eq!(site.plan("comp", "_nocol=x").row_key, [1, 0]);
    assert_eq!(site.plan("norow", "").row_key, [0]);
    assert!(site.plan("v", "").row_key.is_empty());
    assert_eq!(site.plan("t", "_sort=a").sort_position, Some(2));
    assert_eq!(site.plan("norow", "_sort=rowid").sort_position, Some(0));
    assert_eq!(site.plan("t", "").sort_position, None);
}
