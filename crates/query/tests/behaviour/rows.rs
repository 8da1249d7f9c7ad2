//! Single rows, what refers to them, and the labels of what they refer to.

use datasette_core::Value;
use datasette_query::row::{incoming, incoming_counts};
use datasette_query::{RowQuestion, label, plan_row};

use crate::site::Site;

fn site() -> Site {
    Site::new(
        "create table t(id integer primary key, name text);
         insert into t values (1, 'one'), (2, null), (3, 'three');
         create table comp(x, k2 text, k1 text, primary key (k1, k2));
         insert into comp values (9, 'b,c', 'a');
         create table \"no row\"(a);
         insert into \"no row\" values ('r');
         create view v as select id from t;
         create table refs(id integer primary key, one integer references t(id),
           two integer references t(id));
         insert into refs values (1, 1, 2), (2, 1, 3);
         create table \"more refs\"(\"the t\" integer references t(id));
         insert into \"more refs\" values (3), (3), (3);",
    )
}

fn plan(table: &str, segment: &str) -> datasette_query::RowPlan {
    plan_row(&RowQuestion::parse(&site().table(table), segment).unwrap())
}

// Proves: ROW-02, ROW-05, EXTRA-29
#[test]
fn a_row_is_found_by_its_identifier() {
    let site = site();
    let one = plan("t", "1");
    assert_eq!(one.sql, "select * from t where \"id\"=:p0");
    assert_eq!(one.params, [("p0".to_owned(), Value::from("1"))]);
    assert_eq!(
        site.run(&one.sql, &one.params).unwrap(),
        [[Value::Integer(1), "one".into()]]
    );
    let two = plan("comp", "a,b~2Cc");
    assert_eq!(
        two.sql,
        "select * from comp where \"k1\"=:p0 AND \"k2\"=:p1"
    );
    assert_eq!(two.params[1].1, Value::from("b,c"));
    assert_eq!(site.run(&two.sql, &two.params).unwrap().len(), 1);
    let rowid = plan("no row", "1");
    assert_eq!(
        rowid.sql,
        "select rowid, * from \"no row\" where \"rowid\"=:p0"
    );
    assert_eq!(
        site.run(&rowid.sql, &rowid.params).unwrap(),
        [[Value::Integer(1), "r".into()]]
    );
    let question = RowQuestion::parse(&site.table("no row"), "1").unwrap();
    assert_eq!(question.key_names(), ["rowid"]);
    assert_eq!(question.key, ["1"]);
    let missing = plan("t", "9");
    assert!(site.run(&missing.sql, &missing.params).unwrap().is_empty());
}

// Proves: ROW-03, ERR-16
#[test]
fn identifiers_that_fit_no_row() {
    let site = site();
    for (table, segment) in [("t", "1,2"), ("comp", "a"), ("no row", "1,2"), ("v", "1,2")] {
        let fault = RowQuestion::parse(&site.table(table), segment).unwrap_err();
        assert_eq!(fault.status(), 400);
        assert_eq!(
            fault.message(),
            "URL row identifier does not match the primary key for this table"
        );
    }
    let fault = RowQuestion::parse(&site.table("v"), "1").unwrap_err();
    assert_eq!(
        (fault.status(), fault.message().as_str()),
        (404, "Row not found")
    );
}

#[test]
fn references_are_counted_in_one_statement() {
    let site = site();
    let found = incoming(&site.table("t"));
    let columns: Vec<_> = found.iter().map(|(_, column)| column.clone()).collect();
    let (sql, params) = incoming_counts(&columns, "3").unwrap();
    assert!(sql.contains("(select count(*) from \"more refs\" where \"the t\"=:id)"));
    assert!(sql.contains("(select count(*) from refs where one=:id)"));
    let counts = site.run(&sql, &params).unwrap().remove(0);
    let by_column: Vec<(&str, &Value)> = found
        .iter()
        .map(|(key, _)| key.other_column.as_str())
        .zip(&counts)
        .collect();
    let count = |column: &str| {
        by_column
            .iter()
            .find(|(name, _)| *name == column)
            .unwrap()
            .1
    };
    assert_eq!(count("the t"), &Value::Integer(3));
    assert_eq!(count("one"), &Value::Integer(0));
    assert_eq!(count("two"), &Value::Integer(1));
    assert_eq!(incoming_counts(&[], "3"), None);
}

#[test]
fn labels_are_found_in_one_statement() {
    let site = site();
    let table = site.table("t");
    let (key, name) = (table.column("id").unwrap(), table.column("name").unwrap());
    let values = [
        Value::Integer(1),
        Value::Null,
        Value::Integer(1),
        Value::Integer(2),
        Value::Integer(9),
    ];
    let (sql, params) = label::plan(&key, &name, &values).unwrap();
    assert_eq!(sql, "select id, name from t where id in (:v0, :v1, :v2)");
    let mut found = site.run(&sql, &params).unwrap();
    found.sort_by_key(|row| row[0] == Value::Integer(2));
    assert_eq!(
        found,
        [
            [Value::Integer(1), "one".into()],
            [Value::Integer(2), Value::Null]
        ]
    );
    assert_eq!(label::plan(&key, &name, &[Value::Null]), None);
}

#[test]
fn more_values_than_parameters_are_cut() {
    let site = site();
    let table = site.table("t");
    let (key, name) = (table.column("id").unwrap(), table.column("name").unwrap());
    let values: Vec<Value> = (0..40_000).map(Value::Integer).collect();
    let (sql, params) = label::plan(&key, &name, &values).unwrap();
    assert_eq!(params.len(), label::MAXIMUM_VALUES);
    assert!(site.connection.prepare(&sql).is_ok());
}
