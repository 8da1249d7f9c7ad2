//! Every mistake of a visitor is a clear message with the right status, and nothing panics.

use datasette_testkit::{SiteBuilder, TestSite, hostile};

fn built() -> SiteBuilder {
    TestSite::build().database(
        "data",
        "create table t (id integer primary key, name text, tags text);
             insert into t values (1, 'one', '[\"a\"]'), (2, 'two', 'not json'), (3, null, null);
             create view v as select name from t;",
    )
}

async fn site() -> TestSite {
    built().start().await
}

async fn message(site: &TestSite, path: &str) -> (u16, String) {
    let answer = site.get(path).await;
    let json = answer.json();
    assert_eq!(json["ok"], false, "{path}");
    assert_eq!(json["status"], answer.status, "{path}");
    (
        answer.status,
        json["error"].as_str().unwrap_or_default().to_owned(),
    )
}

// Proves: ERR-01, ERR-03, ERR-13, ERR-14, ERR-15, ERR-16, ERR-18, TABLE-17, TABLE-18, TABLE-24
// Proves: TABLE-29, SORT-02, SORT-03, PAGE-22, FILTER-30, FILTER-47, FILTER-48, FILTER-51, SHAPE-09
#[tokio::test]
async fn mistakes_in_arguments_have_their_words() {
    let site = site().await;
    let cases = [
        ("/nope.json", 404, "Database not found"),
        ("/data/nope.json", 404, "Table not found"),
        ("/data/t/99.json", 404, "Row not found"),
        (
            "/data/t/1,2.json",
            400,
            "URL row identifier does not match the primary key for this table",
        ),
        (
            "/data/t.json?_size=abc",
            400,
            "_size must be a positive integer",
        ),
        (
            "/data/t.json?_size=-1",
            400,
            "_size must be a positive integer",
        ),
        ("/data/t.json?_size=9999", 400, "_size must be <= 1000"),
        (
            "/data/t.json?_col=x&_col=y",
            400,
            "_col=x, y - invalid columns",
        ),
        ("/data/t.json?_sort=x", 400, "Cannot sort table by x"),
        (
            "/data/t.json?_sort=id&_sort_desc=id",
            400,
            "Cannot use _sort and _sort_desc at the same time",
        ),
        ("/data/t.json?_shape=x", 400, "Invalid _shape: x"),
        ("/data/t.json?_where=nope", 400, "no such column: nope"),
        (
            "/data/t.json?_where=id=:x",
            400,
            "You did not supply a value for binding parameter :x.",
        ),
        (
            "/data/v.json?_shape=object",
            400,
            "_shape=object not available for tables with no primary keys",
        ),
    ];
    for (path, status, text) in cases {
        assert_eq!(
            message(&site, path).await,
            (status, text.to_owned()),
            "{path}"
        );
    }
    for path in [
        "/data/t.json?_timelimit=x",
        "/data/v.json?_next=x",
        "/data/t.json?id__in=[1,",
        "/data/t.json?_through={",
        "/data/t.json?_facet=nope",
        "/data/t.json?_facet_array=tags",
        "/data/t.json?_json_infinity=x",
        "/data/t.json?_next=1,2,3&_sort=name",
    ] {
        let (status, text) = message(&site, path).await;
        assert_eq!(status, 400, "{path}: {text}");
        assert!(!text.is_empty(), "{path}");
    }
}

// Proves: QUERY-03, QUERY-05, QUERY-06, QUERY-10, QUERY-11, QUERY-12, QUERY-15, QUERY-19, QUERY-22
#[tokio::test]
async fn statements_that_may_not_run_say_why() {
    let site = site().await;
    let cases = [
        (
            "insert into t values (9, '', '')",
            "Statement must be a SELECT",
        ),
        ("pragma table_list", "Statement must be a SELECT"),
        (
            "with x as (select 1) insert into t select 9, '', ''",
            "attempt to write a readonly database",
        ),
        (
            "select 1; select 2",
            "You can only execute one statement at a time.",
        ),
        ("select load_extension('x')", "not authorized"),
        (
            "select :_x",
            "You did not supply a value for binding parameter :_x.",
        ),
        ("select 1 from (", "incomplete input"),
        ("select * from t natural", "incomplete input"),
    ];
    for (sql, text) in cases {
        let path = format!("/data/-/query.json?sql={}", encoded(sql));
        assert_eq!(message(&site, &path).await, (400, text.to_owned()), "{sql}");
    }
    let endless =
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
    let path = format!("/data/-/query.json?sql={}", encoded(endless));
    let hasty = built().setting("sql_time_limit_ms", "50").start().await;
    let (status, text) = message(&hasty, &path).await;
    assert_eq!(status, 400);
    assert!(text.starts_with("SQL query took too long."), "{text}");
    assert!(site.get("/data/t.json").await.status == 200);
}

// Proves: QUERY-12
#[tokio::test]
async fn attaching_is_refused() {
    let site = site().await;
    for sql in [
        "attach 'x.db' as x",
        "select * from pragma_journal_mode",
        "vacuum",
    ] {
        let path = format!("/data/-/query.json?sql={}", encoded(sql));
        assert_eq!(message(&site, &path).await.0, 400, "{sql}");
    }
}

// Proves: ERR-04, ERR-05, ERR-06, ERR-09, ERR-10, ERR-17, CSV-17
#[tokio::test]
async fn errors_come_in_the_format_of_the_path() {
    let site = site().await;
    let csv = site.get("/data/nope.csv").await.with_status(404);
    assert_eq!(csv.text(), "Table not found");
    assert_eq!(
        csv.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    let page = site.get("/data/t?_sort=<b>").await.with_status(400);
    assert!(page.text().contains("<h1>Error 400</h1>"));
    assert!(page.text().contains("Cannot sort table by &lt;b&gt;"));
    let missing = site.get("/a/b/c/d").await.with_status(404);
    assert!(missing.text().contains("<title>Error 404</title>"));
    assert!(!missing.text().contains("/a/b/c/d"));
}

#[tokio::test]
async fn names_of_any_kind_are_only_names() {
    let site = TestSite::build()
        .database("hostile", hostile::SQL)
        .start()
        .await;
    for name in hostile::NAMES {
        let encoded = datasette_core::tilde::encode(name).into_owned();
        for path in [
            format!("/{encoded}"),
            format!("/hostile/{encoded}"),
            format!("/hostile/{encoded}.json"),
            format!("/hostile/{encoded}/1"),
            format!("/hostile/{encoded}/-/schema"),
            format!("/hostile/{encoded}/-/autocomplete?_initial=1"),
            format!("/hostile/{encoded}/-/fragment?_row=1"),
            format!("/hostile/key+of+it/-/autocomplete?q={encoded}"),
            format!("/hostile/key+of+it/-/fragment?_row={encoded}"),
            format!("/-/debug/autocomplete?database=hostile&table={encoded}"),
            format!("/{encoded}/-/query?sql=select+1"),
        ] {
            let status = site.get(&path).await.status;
            assert!(
                matches!(status, 200 | 302 | 400 | 404),
                "{status} for {path}"
            );
        }
    }
}

// Proves: PERM-25
#[tokio::test]
async fn a_name_with_a_newline_is_not_the_name() {
    let config =
        serde_json::json!({"databases": {"data": {"tables": {"secret": {"allow": false}}}}});
    let site = TestSite::build()
        .database(
            "data",
            "create table secret (x text); insert into secret values ('xyzzy')",
        )
        .config(config)
        .start()
        .await;
    for name in [
        "secret",
        "SECRET",
        "secret~0A",
        "secret~0D",
        "secret+",
        "~0Asecret",
        "secret~00",
    ] {
        for suffix in [
            "",
            ".json",
            ".csv",
            "/1",
            "/1.json",
            "/-/schema",
            "/-/autocomplete?_initial=1",
            "/-/fragment",
            ".json?_labels=on",
        ] {
            let answer = site.get(&format!("/data/{name}{suffix}")).await;
            assert!(
                matches!(answer.status, 403 | 404),
                "{} for {name}{suffix}",
                answer.status
            );
            assert!(
                !String::from_utf8_lossy(&answer.body).contains("xyzzy"),
                "{name}{suffix}"
            );
        }
    }
}

fn encoded(text: &str) -> String {
    let mut out = String::new();
    datasette_core::query_string::encode_form(&mut out, text);
    out
}
