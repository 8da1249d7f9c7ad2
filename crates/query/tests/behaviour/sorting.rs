//! The order of a page.

use datasette_query::{TableDefaults, plan_table};

use crate::site::Site;

fn site() -> Site {
    Site::new(
        "create table t(id integer primary key, a, \"b c\");
         create table norow(a); create view v as select id, \"b c\" from t;",
    )
}

fn sortable(names: &[&str]) -> TableDefaults {
    TableDefaults {
        sortable_columns: Some(names.iter().map(|name| (*name).to_owned()).collect()),
        ..TableDefaults::default()
    }
}

// Proves: SORT-01, SORT-09, SORT-10
#[test]
fn columns_give_the_order() {
    let site = site();
    let cases = [
        (
            "t",
            "_sort=a",
            "order by a limit 101",
            "order by a, id limit 101",
        ),
        (
            "t",
            "_sort_desc=a",
            "order by a desc limit 101",
            "order by a desc, id limit 101",
        ),
        (
            "t",
            "_sort=",
            "order by id limit 101",
            "order by id limit 101",
        ),
        (
            "norow",
            "_sort=rowid",
            "order by rowid limit 101",
            "order by rowid, rowid limit 101",
        ),
        (
            "v",
            "_sort_desc=b+c",
            "order by \"b c\" desc limit 101",
            "order by \"b c\" desc limit 101",
        ),
    ];
    for (table, query, shown, run) in cases {
        let plan = site.plan(table, query);
        assert!(plan.sql.ends_with(shown), "{}", plan.sql);
        assert!(plan.page_sql.ends_with(run), "{}", plan.page_sql);
    }
}

// Proves: SORT-02, SORT-03
#[test]
fn orders_that_make_no_sense_are_refused() {
    let site = site();
    assert_eq!(
        site.refusal("t", "_sort=a&_sort_desc=id"),
        "Cannot use _sort and _sort_desc at the same time"
    );
    assert!(site.ask("t", "_sort=a&_sort_desc=").is_ok());
    assert_eq!(site.refusal("t", "_sort=nope"), "Cannot sort table by nope");
    assert_eq!(site.refusal("t", "_sort_desc=A"), "Cannot sort table by A");
    assert_eq!(
        site.refusal("t", "_sort=rowid"),
        "Cannot sort table by rowid"
    );
    assert_eq!(
        site.refusal("v", "_sort=rowid"),
        "Cannot sort table by rowid"
    );
}

// Proves: SORT-04
#[test]
fn configuration_narrows_the_sortable_set() {
    let site = site();
    let only_a = sortable(&["a"]);
    assert!(site.ask_with("t", "_sort=a", &only_a).is_ok());
    let fault = site.ask_with("t", "_sort=id", &only_a).unwrap_err();
    assert_eq!(fault.message(), "Cannot sort table by id");
    let question = site
        .ask_with("norow", "_sort=rowid", &sortable(&[]))
        .unwrap();
    assert!(question.sortable.contains("rowid"));
    assert!(!question.sortable.contains("a"));
    let all = site.ask("t", "").unwrap();
    assert_eq!(all.sortable.names().collect::<Vec<_>>(), ["id", "a", "b c"]);
    // What configuration declares may still not be there.
    let fault = site
        .ask_with("t", "_sort=zz", &sortable(&["zz"]))
        .unwrap_err();
    assert_eq!(fault.message(), "no such column: zz");
}

// Proves: SORT-05, SORT-06
#[test]
fn configuration_gives_an_order_until_asked() {
    let site = site();
    let defaults = TableDefaults {
        sort_desc: Some("a".to_owned()),
        ..TableDefaults::default()
    };
    let sql = |query: &str| plan_table(&site.ask_with("t", query, &defaults).unwrap()).sql;
    assert!(sql("").ends_with("order by a desc limit 101"));
    assert!(sql("_sort=id").ends_with("order by id limit 101"));
    assert_eq!(
        site.ask_with("t", "", &defaults).unwrap().describe(),
        "sorted by a descending"
    );
    let outside = TableDefaults {
        sort: Some("a".to_owned()),
        ..sortable(&["id"])
    };
    let fault = site.ask_with("t", "", &outside).unwrap_err();
    assert_eq!(fault.message(), "Cannot sort table by a");
    let both = TableDefaults {
        sort: Some("id".to_owned()),
        ..defaults.clone()
    };
    assert!(site.ask_with("t", "", &both).is_err());
}
