//! The arguments that show one row of a table page.

use datasette_core::QueryString;
use datasette_query::{only_row, plan_table};

use crate::site::Site;

const TABLES: &str = "create table one(id integer primary key, x);
    create table two(a text, b text, primary key (b, a));
    create table loose(x);
    create table odd(_key text primary key, a__gt text unique);
    create table worse(a__gt text primary key);
    create view v as select 1 as x;";

fn asked(table: &str, query: &str) -> String {
    let site = Site::new(TABLES);
    let arguments = QueryString::parse(query);
    match only_row(&site.table(table), &arguments) {
        Ok(arguments) => arguments.encode(),
        Err(fault) => format!("{} {}", fault.status(), fault.message()),
    }
}

// Proves: DEBUG-59
#[test]
fn a_row_becomes_conditions_on_its_key() {
    let rest = "&_nocount=1&_nofacet=1&_nosuggest=1";
    assert_eq!(asked("one", "_row=5"), format!("id=5{rest}"));
    assert_eq!(asked("two", "_row=x~2Cy,z"), format!("b=x%2Cy&a=z{rest}"));
    assert_eq!(asked("loose", "_row=7&x=1"), format!("x=1&rowid=7{rest}"));
    assert_eq!(asked("odd", "_row=k"), format!("_key__exact=k{rest}"));
    // What else is said about the key, the page and its counts gives way.
    assert_eq!(
        asked(
            "one",
            "id=3&_sort=x&id__exact=4&id__gt=1&_next=2&_row=5&_nocount=&_nofacet=0&_row=6"
        ),
        format!("_sort=x&id__gt=1&id=5{rest}")
    );
    // A name that looks like an operator is still a name.
    assert_eq!(asked("worse", "_row=k"), format!("a__gt__exact=k{rest}"));
    let site = Site::new(TABLES);
    let plan = plan_table(&site.ask("worse", &asked("worse", "_row=k")).unwrap());
    assert!(
        plan.sql.contains("\"a__gt\" = :p0") || plan.sql.contains("a__gt = :p0"),
        "{}",
        plan.sql
    );
}

// Proves: DEBUG-59
#[test]
fn a_row_that_cannot_be_is_refused() {
    let wrong = "400 _row does not match the primary key for this table";
    assert_eq!(asked("one", "_row=1,2"), wrong);
    assert_eq!(asked("two", "_row=1"), wrong);
    assert_eq!(asked("v", "_row=1"), "400 _row is not supported for views");
    for query in ["", "_row=", "x=1&_next=3"] {
        assert_eq!(asked("v", query), QueryString::parse(query).encode());
    }
}
