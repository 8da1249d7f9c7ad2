//! No text of a request is ever part of an SQL text, `_where` aside.

use datasette_core::{QueryString, Value};
use datasette_query::facet::Rows;
use datasette_query::lookup::LOOKUPS;
use datasette_query::{FacetScope, RowQuestion, TableQuestion, plan_row, plan_table};
use proptest::prelude::*;
use proptest::sample::select;

use crate::site::Site;

const TABLES: [&str; 5] = ["places", "odd \"name]", "noid", "words", "v"];

fn site() -> Site {
    Site::new(
        "create table places(id integer primary key, state text, \"a b\" text, tags text);
         insert into places values (1, 'CA', 'x', '[]'), (2, 'MI', 'y', '[\"t\"]');
         create table \"odd \"\"name]\"(\"k\"\"1\" text, \"]\" integer, primary key (\"]\", \"k\"\"1\"));
         create table noid(a, b);
         insert into noid values (1, 2), (3, 4);
         create table words(id integer primary key, body text, place integer references places(id));
         create virtual table words_fts using fts5(body, content=\"words\", content_rowid='id');
         create view v as select id, state from places;",
    )
}

/// Text with a mark that no table, column or statement of ours contains.
fn marked() -> impl Strategy<Value = String> {
    static HOSTILE: [&str; 12] = [
        "zqx",
        "' or 1=1 -- zqx",
        "\" or \"zqx\"=\"zqx",
        "zqx) union select 1 --",
        "zqx]",
        "[\"zqx\", \"'\"]",
        "zqx;drop table places",
        ":zqx",
        "/* zqx",
        "zqx\0",
        "ZqX`",
        "zqx,zqx",
    ];
    prop_oneof![select(&HOSTILE).prop_map(str::to_owned), ".{0,6}zqx.{0,6}"]
}

fn column() -> impl Strategy<Value = String> {
    static KNOWN: [&str; 12] = [
        "id", "state", "STATE", "a b", "tags", "k\"1", "]", "a", "b", "body", "rowid", "place",
    ];
    prop_oneof![3 => select(&KNOWN).prop_map(str::to_owned), 1 => marked()]
}

fn argument() -> impl Strategy<Value = (String, String)> {
    let filter = (column(), select(&LOOKUPS[..]), marked())
        .prop_map(|(column, lookup, value)| (format!("{column}__{}", lookup.key), value));
    let through = (column(), marked()).prop_map(|(column, value)| {
        let through = serde_json::json!({"table": "words", "column": column, "value": value});
        ("_through".to_owned(), through.to_string())
    });
    static NAMED: [&str; 4] = ["_sort", "_sort_desc", "_facet", "_facet_array"];
    static FREE: [&str; 7] = [
        "_search",
        "_search_body",
        "_next",
        "_facet_date",
        "_searchmode",
        "_size_zqx",
        "_ttl",
    ];
    prop_oneof![
        6 => filter,
        1 => through,
        2 => (select(&NAMED), column()).prop_map(|(key, column)| (key.to_owned(), column)),
        2 => (select(&FREE), marked()).prop_map(|(key, value)| (key.to_owned(), value)),
    ]
}

fn statements(question: &TableQuestion) -> Vec<(String, datasette_query::Params)> {
    let plan = plan_table(question);
    let scope = FacetScope::new(question, &plan);
    let mut statements = vec![
        (plan.sql.clone(), plan.params.clone()),
        (plan.page_sql.clone(), plan.params.clone()),
        (plan.unlimited_sql.clone(), plan.params.clone()),
        (plan.count_sql.clone(), plan.count_params.clone()),
        (plan.capped_count_sql.clone(), plan.count_params.clone()),
        (plan.filtered_sql.clone(), plan.count_params.clone()),
    ];
    for facet in &question.facets {
        let columns = scope.columns();
        let rows = Rows {
            sql: &scope.filtered_sql,
            columns: &columns,
            facet_size: scope.facet_size,
        };
        let known = scope.check(facet).is_ok();
        let sql = known
            .then(|| rows.results(&facet.kind, &facet.column))
            .flatten();
        statements.extend(sql.map(|(sql, own)| (sql, [scope.params.clone(), own].concat())));
    }
    let row: Vec<Value> = question
        .selected
        .iter()
        .map(|_| Value::from("zqx"))
        .collect();
    statements.extend(plan.sort_lookup(question, &row));
    statements
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    // Proves: FILTER-36
    #[test]
    fn a_plan_never_contains_a_value_of_the_request(
        table in select(&TABLES[..]),
        arguments in prop::collection::vec(argument(), 1..6),
    ) {
        let site = site();
        let query = QueryString::from_pairs(arguments).encode();
        let Ok(question) = site.ask(table, &query) else {
            return Ok(());
        };
        for (sql, params) in statements(&question) {
            prop_assert!(!sql.to_lowercase().contains("zqx"), "{sql}");
            let prepared = site.connection.prepare(&sql);
            prop_assert!(prepared.is_ok(), "{sql}: {:?}", prepared.err());
            // Every parameter of the text has a value.
            let prepared = prepared.unwrap();
            for index in 1..=prepared.parameter_count() {
                let name = prepared.parameter_name(index).unwrap();
                prop_assert!(params.iter().any(|(bound, _)| name == format!(":{bound}")), "{sql}");
            }
        }
    }

    // Proves: ROW-02
    #[test]
    fn a_row_statement_contains_no_value_of_its_identifier(
        table in select(&TABLES[..4]),
        key in prop::collection::vec(marked(), 1..3),
    ) {
        let site = site();
        let parts: Vec<_> = key.iter().map(|part| datasette_core::tilde::encode(part)).collect();
        if let Ok(question) = RowQuestion::parse(&site.table(table), &parts.join(",")) {
            let plan = plan_row(&question);
            prop_assert!(!plan.sql.to_lowercase().contains("zqx"));
            prop_assert!(site.run(&plan.sql, &plan.params).is_ok());
            let bound: Vec<Value> = plan.params.into_iter().map(|(_, value)| value).collect();
            let given: Vec<Value> = key.into_iter().map(Value::from).collect();
            prop_assert_eq!(bound, given);
        }
    }
}
