//! Conditions together: their order, their words, their permissions.

use datasette_core::{QueryString, Value};
use datasette_query::{Contribution, Obligation, TableDefaults, plan_table};

use crate::site::{Site, named};

fn site() -> Site {
    Site::new(
        "create table docs(id integer primary key, title text, n integer);
         insert into docs values (1, 'hello', 1), (2, 'hello you', 2), (3, 'bye', 3);
         create virtual table docs_fts using fts5(title, content=\"docs\", content_rowid=\"id\");
         insert into docs_fts(docs_fts) values ('rebuild');
         create table cites(id integer primary key, doc integer references docs(id), tag text);
         insert into cites values (1, 1, 'a'), (2, 2, 'a'), (3, 3, 'b');",
    )
}

const THROUGH: &str =
    "_through=%7B%22table%22%3A%22cites%22%2C%22column%22%3A%22tag%22%2C%22value%22%3A%22a%22%7D";

// Proves: FILTER-46, FILTER-52, FILTER-37, SEARCH-05
#[test]
fn all_conditions_hold_and_every_value_keeps_its_name() {
    let site = site();
    let query = format!("_search=hello&{THROUGH}&_where=n<9&_where=1=1&id__gt=1&_next=1");
    let question = site.ask("docs", &query).unwrap();
    let plan = plan_table(&question);
    assert_eq!(
        plan.sql,
        "select id, title, n from docs where \"id\" > :p0 and n<9 and 1=1 \
         and id in (select doc from cites where tag = :p1) \
         and rowid in (select rowid from docs_fts where docs_fts match escape_fts(:search)) \
         and ((id > :p3)) order by id limit 101"
    );
    let bound = named(&plan.params);
    assert_eq!(bound["p0"], Value::Integer(1));
    assert_eq!(bound["p1"], Value::from("a"));
    assert_eq!(bound["search"], Value::from("hello"));
    assert_eq!(bound["p3"], Value::from("1"));
    assert_eq!(site.first("docs", &query), [Value::Integer(2)]);
    assert_eq!(
        question.describe(),
        "where cites.tag = \"a\", search matches \"hello\" and id > 1"
    );
    assert!(!question.is_unfiltered());
}

// Proves: FILTER-37, FILTER-38
#[test]
fn a_question_is_put_in_words() {
    let site = site();
    let cases = [
        ("", ""),
        ("n=5", "where n = 5"),
        ("n=5&title=x", "where n = 5 and title = \"x\""),
        (
            "n=5&title=x&id__gt=1",
            "where id > 1, n = 5 and title = \"x\"",
        ),
        ("_sort=n", "sorted by n"),
        (
            "n=5&_sort_desc=title",
            "where n = 5 sorted by title descending",
        ),
        ("_where=n=5", ""),
        ("n__bogus=5", ""),
    ];
    for (query, expected) in cases {
        assert_eq!(
            site.ask("docs", query).unwrap().describe(),
            expected,
            "{query}"
        );
    }
}

#[test]
fn a_blank_where_is_a_syntax_error() {
    let site = site();
    let plan = site.plan("docs", "_where=");
    let error = site.run(&plan.page_sql, &plan.params).unwrap_err();
    assert!(error.contains("syntax error"), "{error}");
}

fn demanded(query: &str, defaults: &TableDefaults) -> Vec<String> {
    let site = site();
    let arguments = QueryString::parse(query);
    Obligation::demanded(&site.table("docs"), &arguments, defaults)
        .iter()
        .map(|obligation| {
            let refusal = obligation.refusal();
            assert_eq!(refusal.status(), 403);
            match obligation {
                Obligation::ExecuteSql(database) => {
                    format!("{} {}", database.name(), refusal.message())
                }
                Obligation::ViewTable(table) => format!("{} {}", table.name(), refusal.message()),
                Obligation::ViewMissing(database, name) => {
                    format!("{} without {name} {}", database.name(), refusal.message())
                }
            }
        })
        .collect()
}

// Proves: FILTER-46, FILTER-50, SEARCH-12
#[test]
fn what_reads_more_demands_more() {
    let defaults = TableDefaults::default();
    assert!(demanded("n=5&_searchmode=raw&_sort=n", &defaults).is_empty());
    assert_eq!(
        demanded("_where=", &defaults),
        ["data _where= is not allowed"]
    );
    assert_eq!(demanded("_search=x", &defaults), ["docs_fts view-table"]);
    assert_eq!(
        demanded("_search_title=x", &defaults),
        ["docs_fts view-table"]
    );
    assert_eq!(demanded(THROUGH, &defaults), ["cites view-table"]);
    // Whether the rest of the request makes sense does not matter.
    let unrelated = "_through={\"table\":\"docs_fts\"}&_col=bad&_size=x";
    assert_eq!(demanded(unrelated, &defaults), ["docs_fts view-table"]);
    assert!(demanded("_through={", &defaults).is_empty());
    let missing = "_through={\"table\":\"nope\"}";
    assert_eq!(
        demanded(missing, &defaults),
        ["data without nope view-table"]
    );
    let configured = TableDefaults {
        fts_table: Some("cites".to_owned()),
        ..TableDefaults::default()
    };
    assert_eq!(demanded("_search=x", &configured), ["cites view-table"]);
    // Refused for what it says, whoever asks, and before that table is looked at.
    assert!(demanded("_search=x&_fts_table=docs_fts", &configured).is_empty());
    let question = site().ask("docs", "_search=x&_where=1").unwrap();
    assert_eq!(question.obligations().len(), 2);
}

#[test]
fn plugins_add_conditions_values_and_words() {
    let site = site();
    let mut question = site.ask("docs", "n__lt=3&_next=0").unwrap();
    question.contributions.push(Contribution {
        where_clauses: vec!["title = :mine".to_owned()],
        params: vec![("mine".to_owned(), Value::from("hello"))],
        human_descriptions: vec!["mine".to_owned()],
    });
    let plan = plan_table(&question);
    assert_eq!(
        plan.sql,
        "select id, title, n from docs where \"n\" < :p0 and title = :mine \
         and ((id > :p2)) order by id limit 101"
    );
    assert_eq!(site.run(&plan.page_sql, &plan.params).unwrap().len(), 1);
    assert_eq!(question.describe(), "where mine and n < 3");
}
