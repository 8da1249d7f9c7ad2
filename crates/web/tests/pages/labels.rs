//! Labels of foreign keys, the search box, and what debugging and errors tell.

use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use serde_json::{Value, json};

// Proves: LABEL-16
#[tokio::test]
async fn a_label_links_to_the_value_as_a_key() {
    let sql = "create table region (id integer primary key, code real unique, name text);
        create table town (id integer primary key, region real references region(code));
        insert into region values (7, 1.5, 'North');
        insert into town values (1, 1.5);";
    let site = TestSite::with(sql).await;
    let link = "<a href=\"/data/region/1~2E5\">North</a>&nbsp;<em>1.5</em>";
    for path in ["/data/town", "/data/town/1"] {
        let page = site.get(path).await.with_status(200);
        assert!(page.text().contains(link), "{path}\n{}", page.text());
    }
}

// Proves: LABEL-11, FACET-26
#[tokio::test]
async fn cells_stay_plain_when_labels_take_too_long() {
    // The text of the index must be looked for in a view that never ends.
    let sql = "create view endless as
            with recursive n (i) as (select 1 union all select i + 1 from n)
            select i, 'text ' || i as body from n;
        create virtual table late using fts5(body, content='endless', content_rowid='i');
        create table t (id integer primary key, body text references late(body));
        insert into t values (1, 'text 5'), (2, 'no text');";
    let asked = async |path: &str| {
        // The rest of the page must be there in time, for which a busy machine needs more of it.
        for limit in ["60", "600", "6000"] {
            let site = TestSite::build()
                .database("data", sql)
                .config(
                    json!({"databases": {"data": {"tables": {"late": {"label_column": "body"}}}}}),
                )
                .setting("sql_time_limit_ms", limit)
                .start()
                .await;
            let answer = site.get(path).await;
            if answer.status == 200 {
                return answer;
            }
            assert!(answer.text().contains("too long"), "{}", answer.text());
        }
        panic!("{path} is not there in six seconds");
    };
    let path = "/data/t.json?_labels=on&_facet=body&_extra=expandable_columns";
    let page = asked(path).await.json();
    // It was tried.
    assert_eq!(page["expandable_columns"][0][0]["column"], "body");
    assert_eq!(page["rows"][0]["body"], "text 5");
    assert_eq!(page["rows"][1]["body"], "no text");
    let facet = &page["facet_results"]["results"]["body"]["results"];
    let labels: Vec<&Value> = facet
        .as_array()
        .unwrap()
        .iter()
        .map(|value| &value["label"])
        .collect();
    assert_eq!(labels, ["no text", "text 5"]);
    let html = asked("/data/t?_nosuggest=1").await;
    assert!(html.text().contains(">text 5</td>"), "{}", html.text());
}

// Proves: SEARCH-18, SEARCH-19, SEARCH-20
#[tokio::test]
async fn tables_that_can_be_searched_have_a_search_box() {
    let sql = "create table t (id integer primary key, body text);
        create virtual table t_fts using fts5(body, content=\"t\", content_rowid='id');
        insert into t values (1, 'a \"quoted\" word');
        insert into t_fts(t_fts) values ('rebuild');
        create table plain (id integer primary key);";
    let site = TestSite::with(sql).await;
    let page = site.get("/data/t").await.with_status(200);
    for part in [
        "<div class=\"search-row\">",
        "id=\"_search\"",
        "type=\"search\"",
        "name=\"_search\"",
    ] {
        assert!(page.text().contains(part), "{part}");
    }
    assert!(!site.get("/data/plain").await.text().contains("search-row"));
    let searched = site.get("/data/t?_search=%22quoted%22+word").await;
    let shown = searched.text().replace("&#34;", "&quot;");
    assert!(
        shown.contains("name=\"_search\" value=\"&quot;quoted&quot; word\""),
        "{shown}"
    );
    let path = "/data/t?_search_body=word&_searchmode=raw&_fts_table=t_fts&_fts_pk=rowid";
    let kept = site.get(path).await.with_status(200);
    for (name, value) in [
        ("_search_body", "word"),
        ("_searchmode", "raw"),
        ("_fts_table", "t_fts"),
        ("_fts_pk", "rowid"),
    ] {
        let field = format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
        assert!(kept.text().contains(&field), "{field}\n{}", kept.text());
    }
}

// Proves: EXTRA-26
#[tokio::test]
async fn debug_tells_how_the_address_was_understood() {
    let site = TestSite::with(
        "create table \"a/b\" (id integer primary key); insert into \"a/b\" values (1);",
    )
    .await;
    let debug = async |path: &str| site.get(path).await.with_status(200).json()["debug"].take();
    let table = debug("/data/a~2Fb.json?_extra=debug&_nofacet=1").await;
    assert_eq!(table["resolved"]["table"], "a/b");
    let address = json!({"database": "data", "table": "a~2Fb", "format": "json"});
    assert_eq!(table["url_vars"], address);
    assert_eq!(
        (&table["nofacet"], &table["nosuggest"]),
        (&json!("1"), &Value::Null)
    );
    let row = debug("/data/a~2Fb/1.json?_extra=debug").await;
    assert_eq!(row["resolved"]["table"], "a/b");
    assert_eq!(row["resolved"]["pks"], json!(["id"]));
    assert_eq!(row["resolved"]["pk_values"], json!(["1"]));
    assert_eq!(row["resolved"]["params"], json!({"p0": "1"}));
    assert_eq!(row["url_vars"]["pks"], "1");
    let query = debug("/data/-/query.json?sql=select+1&_extra=debug").await;
    assert_eq!(
        query,
        json!({"url_vars": {"database": "data", "format": "json"}})
    );
}

// Proves: ERR-01, ERR-02, ERR-03
#[tokio::test]
async fn errors_in_json_have_four_keys() {
    let config = json!({"databases": {"data": {"tables": {"sealed": {"allow": false}}}}});
    let site = TestSite::build()
        .database("data", "create table t (id integer primary key); create table sealed (id integer primary key);")
        .config(config)
        .start()
        .await;
    let endless =
        "with+recursive+n(i)+as+(select+1+union+all+select+i%2B1+from+n)+select+count(*)+from+n";
    let cases = [
        ("/nope.json".to_owned(), 404),
        ("/data/nope.json".to_owned(), 404),
        ("/data/t/1.json".to_owned(), 404),
        ("/data/t/1,2.json".to_owned(), 400),
        ("/data/sealed.json".to_owned(), 403),
        ("/data/t.json?_size=x".to_owned(), 400),
        ("/data/t.json?_where=nope".to_owned(), 400),
        ("/data/t.json?_facet=nope".to_owned(), 400),
        ("/data/-/query.json?sql=delete+from+t".to_owned(), 400),
        (
            format!("/data/-/query.json?sql={endless}&_timelimit=50"),
            400,
        ),
        ("/data/nope/-/schema.json".to_owned(), 404),
    ];
    let check = |path: &str, body: &Value, status: u16| {
        let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["ok", "error", "errors", "status"], "{path}");
        assert_eq!(
            (&body["ok"], &body["status"]),
            (&json!(false), &json!(status))
        );
        let errors: Vec<&str> = body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.as_str().unwrap())
            .collect();
        assert_eq!(body["error"], errors.join("; "));
        assert!(!errors.is_empty() && !errors[0].is_empty());
    };
    for (path, status) in cases {
        let answer = site.get(&path).await.with_status(status);
        assert_eq!(
            answer.header("content-type"),
            Some("application/json; charset=utf-8")
        );
        check(&path, &answer.json(), status);
    }
    let mut wrong = Question::get("/-/versions.json");
    wrong.method = "POST".parse().unwrap();
    let answer = site.ask(wrong).await.with_status(405);
    check("POST", &answer.json(), 405);
    // What failed inside SQLite says what it gave: nothing.
    let failed = site
        .get("/data/-/query.json?sql=select+nope")
        .await
        .with_status(400)
        .json();
    assert_eq!(failed.get("title"), None);
    assert_eq!(
        (&failed["ok"], &failed["rows"]),
        (&json!(false), &json!([]))
    );
}
