//! Full-text search.

use datasette_core::Value;
use datasette_query::{TableDefaults, plan_table};

use crate::site::{Site, named};

fn site() -> Site {
    Site::new(
        "create table docs(id integer primary key, title text, \"the body\" text);
         insert into docs values (1, 'hello', 'x'), (2, 'hello you', 'hello'), (3, 'bye', 'hello');
         create virtual table docs_fts using fts5(title, \"the body\", content=\"docs\", content_rowid=\"id\");
         insert into docs_fts(docs_fts) values ('rebuild');
         create view dv as select id as ref, title from docs;
         create table plain(id integer primary key, title text);
         create table noid(k text primary key) without rowid;
         insert into plain values (1, 'hello');",
    )
}

fn configured(fts_table: &str, fts_pk: Option<&str>) -> TableDefaults {
    TableDefaults {
        fts_table: Some(fts_table.to_owned()),
        fts_pk: fts_pk.map(str::to_owned),
        ..TableDefaults::default()
    }
}

fn numbers(values: &[i64]) -> Vec<Value> {
    values.iter().copied().map(Value::Integer).collect()
}

// Proves: SEARCH-05, SEARCH-16
#[test]
fn all_columns_are_searched() {
    let site = site();
    let question = site.ask("docs", "_search=hello").unwrap();
    let plan = plan_table(&question);
    assert_eq!(
        plan.count_sql,
        "select count(*) from docs where rowid in (select rowid from docs_fts \
         where docs_fts match escape_fts(:search)) "
    );
    assert_eq!(named(&plan.params)["search"], Value::from("hello"));
    assert_eq!(site.first("docs", "_search=hello"), numbers(&[1, 2, 3]));
    assert_eq!(question.describe(), "where search matches \"hello\"");
    assert_eq!(question.search.unwrap().text(), Some("hello"));
    assert_eq!(question.fts_table.as_deref(), Some("docs_fts"));
}

// Proves: SEARCH-06, SEARCH-16
#[test]
fn single_columns_are_searched() {
    let site = site();
    let query = "_search_title=hello&_search_the+body=hello&_search_title=never";
    let question = site.ask("docs", query).unwrap();
    let plan = plan_table(&question);
    assert_eq!(
        plan.count_sql,
        "select count(*) from docs where \
         rowid in (select rowid from docs_fts where title match escape_fts(:search_0)) and \
         rowid in (select rowid from docs_fts where \"the body\" match escape_fts(:search_1)) "
    );
    assert_eq!(site.first("docs", query), numbers(&[2]));
    assert_eq!(
        question.describe(),
        "where search column \"title\" matches \"hello\" and \
         search column \"the body\" matches \"hello\""
    );
}

// Proves: SEARCH-07, SEARCH-08, SEARCH-14, SEARCH-17
#[test]
fn which_arguments_count() {
    let site = site();
    assert_eq!(
        site.first("docs", "_search=bye&_search_title=hello&_search_x=1"),
        numbers(&[3])
    );
    assert_eq!(
        site.refusal("docs", "_search_nope=x"),
        "Cannot search by that column"
    );
    assert_eq!(
        site.refusal("docs", "_search_TITLE=x"),
        "Cannot search by that column"
    );
    assert_eq!(
        site.refusal("docs", "_search_=x"),
        "Cannot search by that column"
    );
    assert_eq!(
        site.first("plain", "_search=nothing&_search_nope=x"),
        numbers(&[1])
    );
    assert!(site.ask("docs", "_searchfoo=x").unwrap().search.is_none());
    assert_eq!(site.ask("plain", "_search=x").unwrap().describe(), "");
}

// Proves: SEARCH-10
#[test]
fn the_text_is_escaped_unless_raw() {
    let site = site();
    let raw = TableDefaults {
        search_raw: true,
        ..TableDefaults::default()
    };
    let matched = |query: &str, defaults: &TableDefaults| {
        let question = site.ask_with("docs", query, defaults).unwrap();
        let sql = plan_table(&question).count_sql;
        sql.ends_with("docs_fts match :search) ")
    };
    assert!(!matched("_search=a", &TableDefaults::default()));
    assert!(matched(
        "_search=a&_searchmode=raw",
        &TableDefaults::default()
    ));
    assert!(matched("_search=a", &raw));
    assert!(matched("_search=a&_searchmode=other", &raw));
    assert!(!matched("_search=a&_searchmode=escaped", &raw));
    assert_eq!(
        site.first("docs", "_search=hel*&_searchmode=raw"),
        numbers(&[1, 2, 3])
    );
}

// Proves: SEARCH-13
#[test]
fn the_mapping_cannot_be_changed() {
    let site = site();
    for query in [
        "_fts_table=docs_fts&_fts_pk=rowid",
        "_fts_table=&_fts_pk=",
        "_search=hello&_fts_table=docs_fts",
    ] {
        assert!(site.ask("docs", query).is_ok(), "{query}");
    }
    for query in [
        "_fts_table=docs",
        "_fts_pk=id",
        "_search=x&_fts_table=DOCS_FTS",
    ] {
        assert_eq!(site.refusal("docs", query), "Invalid _fts_table or _fts_pk");
    }
    assert_eq!(
        site.refusal("plain", "_fts_table=docs_fts"),
        "Invalid _fts_table or _fts_pk"
    );
}

// Proves: SEARCH-03, SEARCH-04, SEARCH-09
#[test]
fn a_view_is_searched_by_configuration() {
    let site = site();
    let defaults = configured("docs_fts", Some("ref"));
    let found = |query: &str, defaults: &TableDefaults| {
        let plan = plan_table(&site.ask_with("dv", query, defaults).unwrap());
        site.run(&plan.page_sql, &plan.params).unwrap().len()
    };
    assert_eq!(found("_search=hello", &TableDefaults::default()), 3);
    assert_eq!(found("_search=bye", &defaults), 1);
    let plan = plan_table(&site.ask_with("dv", "_search=bye", &defaults).unwrap());
    assert!(
        plan.sql
            .contains("where ref in (select rowid from docs_fts where")
    );
    assert_eq!(found("_search_title=bye", &defaults), 0);
    assert_eq!(found("_search=bye", &configured("docs_fts", None)), 0);
}

#[test]
fn configuration_that_names_nothing_is_refused_when_used() {
    let site = site();
    let message = |table: &str, defaults: &TableDefaults| {
        assert!(site.ask_with(table, "", defaults).is_ok());
        site.ask_with(table, "_search=x", defaults)
            .unwrap_err()
            .message()
    };
    assert_eq!(
        message("docs", &configured("nope", None)),
        "no such table: nope"
    );
    assert_eq!(
        message("docs", &configured("docs_fts", Some("nope"))),
        "no such column: nope"
    );
    assert_eq!(
        message("noid", &configured("docs_fts", None)),
        "no such column: rowid"
    );
}

#[test]
fn what_the_engine_rejects_is_left_to_it() {
    let site = site();
    let plan = site.plan("docs", "_search=%22&_searchmode=raw");
    assert!(site.run(&plan.page_sql, &plan.params).is_err());
    let plan = site.plan("docs", "_search=");
    assert!(
        site.run(&plan.page_sql, &plan.params)
            .unwrap_err()
            .contains("fts5: syntax error")
    );
}
