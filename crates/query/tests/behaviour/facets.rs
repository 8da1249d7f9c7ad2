//! Facets: which, their statements, what suggests them.

use datasette_core::{Fault, QueryString, Value};
use datasette_query::facet::{Rows, array, column, date};
use datasette_query::{
    FacetKind, FacetRequest, FacetScope, Limits, Params, TableDefaults, TableQuestion, plan_table,
};
use serde_json::json;

use crate::site::Site;

fn site() -> Site {
    Site::new(
        "create table t(id integer primary key, state text, n integer, made text, tags text,
           \"a b\" text);
         insert into t values
           (1, 'CA', 1, '2019-01-02 10:00', '[\"x\", \"x\", \"y\"]', 'p'),
           (2, 'CA', 2, '2019-01-02', '[\"x\"]', 'p'),
           (3, 'MI', 3, 'soon', '[]', ''),
           (4, '', 4, '2019-01-03T00:00', null, null),
           (5, null, 5, null, '', 'q'),
           (6, 'CA', 6, null, '[\"y\"]', 'q');
         create table norow(a text);
         insert into norow values ('x'), ('x');
         create view v as select state, tags from t;",
    )
}

fn ask(table: &str, query: &str, defaults: &TableDefaults) -> TableQuestion {
    site().ask_with(table, query, defaults).unwrap()
}

fn scope(question: &TableQuestion) -> FacetScope {
    FacetScope::new(question, &plan_table(question))
}

/// The statement of the first facet.
fn statement(question: &TableQuestion) -> Result<Option<(String, Params)>, Fault> {
    let scope = scope(question);
    let request = &question.facets[0];
    scope.check(request)?;
    let columns = scope.columns();
    let rows = Rows {
        sql: &scope.filtered_sql,
        columns: &columns,
        facet_size: scope.facet_size,
    };
    let found = rows.results(&request.kind, &request.column);
    Ok(found.map(|(sql, own)| (sql, [scope.params, own].concat())))
}

/// The values and counts of the first facet.
fn results(table: &str, query: &str) -> Result<Vec<(Value, i64)>, String> {
    let question = ask(table, query, &TableDefaults::default());
    let (sql, params) = statement(&question)
        .map_err(|fault| {
            assert_eq!(fault.status(), 400);
            fault.message()
        })?
        .unwrap();
    let rows = site().run(&sql, &params)?;
    let pair = |row: Vec<Value>| match row.as_slice() {
        [value, Value::Integer(count)] => (value.clone(), *count),
        _ => panic!("{row:?}"),
    };
    Ok(rows.into_iter().map(pair).collect())
}

fn named(facets: &[FacetRequest]) -> Vec<(&str, &str, bool)> {
    facets
        .iter()
        .map(|facet| (facet.kind.name(), facet.column.as_str(), facet.configured))
        .collect()
}

fn configured() -> TableDefaults {
    TableDefaults {
        facets: vec![
            FacetRequest::configured(FacetKind::Array, &json!("tags")),
            FacetRequest::configured(FacetKind::Column, &json!({"simple": "n"})),
            FacetRequest::configured(FacetKind::Date, &json!({"column": "made"})),
        ],
        ..TableDefaults::default()
    }
}

// Proves: FACET-01, FACET-05, FACET-07
#[test]
fn facets_come_by_kind_configured_ones_first() {
    let query = "_facet_array=x&_facet=b&_facet_date=d&_facet=a&_facet_column=c";
    let question = ask("t", query, &configured());
    assert_eq!(
        named(&question.facets),
        [
            ("column", "n", true),
            ("column", "b", false),
            ("column", "a", false),
            ("column", "c", false),
            ("date", "made", true),
            ("date", "d", false),
            ("array", "tags", true),
            ("array", "x", false),
        ]
    );
}

// Proves: FACET-02
#[test]
fn facets_may_be_json() {
    let query = "_facet=%7B%22column%22%3A%22state%22%7D&_facet_array={\"column\":\"tags\"}";
    let question = ask("t", query, &TableDefaults::default());
    assert_eq!(
        named(&question.facets),
        [("column", "state", false), ("array", "tags", false)]
    );
    let argument = question.facets[0].argument.clone().unwrap();
    assert_eq!(
        argument,
        ("_facet".to_owned(), "{\"column\":\"state\"}".to_owned())
    );
    assert_eq!(results("t", query).unwrap().len(), 3);
}

// Proves: FACET-03, FACET-04
#[test]
fn other_arguments_are_no_facets() {
    let question = ask(
        "t",
        "_facetfoo=x&_facet_size=5&_facet_m2m=z",
        &TableDefaults::default(),
    );
    assert_eq!(named(&question.facets), [("m2m", "z", false)]);
    assert_eq!(statement(&question).unwrap(), None);
}

// Proves: FACET-10
#[test]
fn facets_can_be_forbidden() {
    let limits = Limits {
        allow_facet: false,
        ..Limits::default()
    };
    let site = site();
    let parse = |query: &str| {
        let arguments = QueryString::parse(query);
        TableQuestion::parse(&site.table("t"), &arguments, &configured(), &limits)
    };
    for query in ["_facet=state", "_facetfoo=1", "_facet_size=5", "_facet="] {
        assert_eq!(
            parse(query).unwrap_err().message(),
            "_facet= is not allowed"
        );
    }
    assert_eq!(parse("").unwrap().facets.len(), 3);
}

// Proves: FACET-08, FACET-28, FACET-29, FACET-32
#[test]
fn a_column_facet_counts_values() {
    let question = ask(
        "t",
        "_facet=state&n__gt=0&_next=3&_size=1&_sort=n",
        &TableDefaults::default(),
    );
    let (sql, params) = statement(&question).unwrap().unwrap();
    assert_eq!(
        sql,
        "select state as value, count(*) as count from ( \
         select id, state, n, made, tags, \"a b\" from t where \"n\" > :p0  ) \
         where state is not null group by state order by count desc, value limit 31"
    );
    assert_eq!(params.len(), 1);
    let expected = [("CA".into(), 3), ("".into(), 1), ("MI".into(), 1)];
    assert_eq!(results("t", "_facet=state").unwrap(), expected);
    assert_eq!(results("t", "_facet=state&_next=3").unwrap(), expected);
    assert_eq!(results("t", "_facet=state&_facet_size=1").unwrap().len(), 2);
    assert_eq!(results("t", "_facet=a+b").unwrap()[0], ("p".into(), 2));
    assert_eq!(results("norow", "_facet=rowid").unwrap().len(), 2);
    assert_eq!(results("v", "_facet=STATE").unwrap(), expected);
}

// Proves: FACET-30
#[test]
fn a_date_facet_counts_days() {
    let expected = [("2019-01-02".into(), 2), ("2019-01-03".into(), 1)];
    assert_eq!(results("t", "_facet_date=made").unwrap(), expected);
}

// Proves: FACET-31, FACET-36
#[test]
fn an_array_facet_counts_rows_per_item() {
    let site = Site::new(
        "create table t(id integer primary key, tags text);
         insert into t values (1, '[\"x\", \"x\", \"y\"]'), (2, '[\"x\"]'), (3, null), (4, '{\"k\": \"z\"}');
         create view v as select tags from t union all select tags from t;",
    );
    let run = |table: &str| {
        let question = site.ask(table, "_facet_array=tags").unwrap();
        let (sql, params) = statement(&question).unwrap().unwrap();
        site.run(&sql, &params).unwrap()
    };
    let pair = |item: &str, count| vec![Value::from(item), Value::Integer(count)];
    let expected = [pair("x", 2), pair("y", 1), pair("z", 1)];
    assert_eq!(run("t"), expected);
    assert_eq!(run("v"), expected);
}

// Proves: FACET-13, FACET-15
#[test]
fn wrong_facets_are_refused_when_used() {
    assert_eq!(
        results("t", "_facet=nope"),
        Err("no such column: nope".to_owned())
    );
    assert_eq!(results("t", "_facet=no+pe"), Ok(vec![("no pe".into(), 6)]));
    assert_eq!(results("t", "_facet_date=no+pe"), Ok(vec![]));
    assert!(results("t", "_facet_array=no+pe").is_err());
    assert_eq!(results("t", "_facet=rowid"), Ok(vec![]));
    assert_eq!(
        results("t", "_facet={x"),
        Err("Invalid _facet={x".to_owned())
    );
    assert!(results("t", "_facet={}").is_err());
    assert_eq!(
        results("t", "_facet_array=state"),
        Err("malformed JSON".to_owned())
    );
    assert!(results("t", "_facet_array=").is_err());
    assert_eq!(results("t", "_facet="), Ok(vec![("".into(), 6)]));
    let question = ask(
        "t",
        "",
        &TableDefaults {
            facets: vec![FacetRequest::malformed()],
            ..TableDefaults::default()
        },
    );
    let fault = statement(&question).unwrap_err();
    assert_eq!(fault.status(), 500);
    assert_eq!(
        fault.message(),
        "Metadata config dicts should be {type: config}"
    );
}

fn suggested_columns(query: &str) -> Vec<String> {
    let site = site();
    let question = ask("t", query, &TableDefaults::default());
    let scope = scope(&question);
    let plan = plan_table(&question);
    let matching = site.run(&plan.count_sql, &plan.count_params).unwrap();
    let Value::Integer(matching) = matching[0][0] else {
        panic!("no count")
    };
    scope
        .candidates(&FacetKind::Column, &question.facets)
        .iter()
        .filter(|candidate| {
            let rows = site
                .run(&column::suggest(&scope, candidate), &scope.params)
                .unwrap();
            let count = |row: &Vec<Value>| match row[1] {
                Value::Integer(count) => count,
                _ => panic!("{row:?}"),
            };
            let counts: Vec<i64> = rows.iter().map(count).collect();
            column::is_suggested(&counts, matching as u64, question.facet_size)
        })
        .map(|column| column.name().to_owned())
        .collect()
}

// Proves: FACET-38, FACET-39, FACET-42, FACET-14
#[test]
fn columns_with_repeated_values_are_suggested() {
    assert_eq!(suggested_columns(""), ["state", "a b"]);
    assert_eq!(suggested_columns("_col=n"), ["state", "a b"]);
    assert_eq!(suggested_columns("_facet=state"), ["a b"]);
    assert_eq!(suggested_columns("_facet={\"column\":\"state\"}"), ["a b"]);
    assert_eq!(suggested_columns("_facet_array=state"), ["state", "a b"]);
    assert_eq!(suggested_columns("_facet_size=2"), Vec::<String>::new());
    assert_eq!(suggested_columns("state=CA"), ["a b"]);
    assert!(!column::is_suggested(&[5], 10, 30));
    assert!(!column::is_suggested(&[2, 1], 2, 30));
    assert!(column::is_suggested(&[2, 1], 3, 2));
    assert!(!column::is_suggested(&[1, 1], 3, 30));
}

// Proves: FACET-40, FACET-41
#[test]
fn dates_and_arrays_are_suggested() {
    let site = site();
    let question = ask("t", "", &TableDefaults::default());
    let scope = scope(&question);
    let column = |name: &str| question.table.column(name).unwrap();
    let run = |sql: String| site.run(&sql, &scope.params);
    let days = run(date::suggest(&scope, &column("made"))).unwrap();
    assert_eq!(days.len(), 3);
    assert!(days.iter().all(|row| !row[0].is_null()));
    assert!(
        run(date::suggest(&scope, &column("state")))
            .unwrap()
            .is_empty()
    );

    let types = run(array::suggest_types(&scope, &column("tags"))).unwrap();
    assert_eq!(types, [[Value::from("array")]]);
    let samples = run(array::suggest_samples(&scope, &column("tags"))).unwrap();
    let texts: Vec<&str> = samples
        .iter()
        .map(|row| match &row[0] {
            Value::Text(text) => text.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(texts.len(), 3);
    assert!(array::is_suggested(texts));
    assert!(!array::is_suggested(["[\"a\"]", "[1]"]));
    assert!(!array::is_suggested(["{\"a\": \"b\"}"]));
    assert!(!array::is_suggested([]));
    assert!(run(array::suggest_types(&scope, &column("state"))).is_err());
}
