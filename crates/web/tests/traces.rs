//! `?_trace=1` and `?_context=1`: what an instance tells about itself when its owner wants it.

use datasette_testkit::TestSite;
use serde_json::Value as Json;

const SQL: &str = "create table t (id integer primary key, name text);
    insert into t values (1, 'one'), (2, 'two');
    create table big (text text);
    with recursive c(i) as (select 1 union all select i + 1 from c where i < 400)
      insert into big select printf('%.1000c', 'x') from c;";

async fn tracing() -> TestSite {
    TestSite::build()
        .database("data", SQL)
        .setting("trace_debug", "on")
        .start()
        .await
}

fn statements(body: &Json) -> Vec<&Json> {
    let traces = body["_trace"]["traces"].as_array();
    traces
        .into_iter()
        .flatten()
        .map(|one| &one["sql"])
        .collect()
}

// Proves: DEBUG-70, TABLE-31, DIFF-16
#[tokio::test]
async fn a_trace_names_the_statements_of_its_request() {
    let site = tracing().await;
    let body = site.get("/data/t.json?_trace=1&id=2").await.json();
    let trace = &body["_trace"];
    assert_eq!(
        body.as_object().unwrap().keys().next_back().unwrap(),
        "_trace"
    );
    assert_eq!(trace["num_traces"], statements(&body).len());
    let first = &trace["traces"][0];
    let keys: Vec<&String> = first.as_object().unwrap().keys().collect();
    let expected = [
        "type",
        "start",
        "end",
        "duration_ms",
        "traceback",
        "error",
        "database",
        "sql",
        "params",
    ];
    assert_eq!(keys, expected);
    assert_eq!(first["type"], "sql");
    assert_eq!(first["database"], "data");
    assert_eq!(
        first["sql"],
        "select id, name from t where \"id\" = :p0 order by id limit 101"
    );
    assert_eq!(first["params"], serde_json::json!({"p0": "2"}));
    assert_eq!(first["error"], Json::Null);
    let (start, end) = (&first["start"], &first["end"]);
    assert!(start.as_f64().unwrap() <= end.as_f64().unwrap());
    let sum = trace["sum_trace_duration_ms"].as_f64().unwrap();
    assert!(sum > 0.0 && sum <= trace["request_duration_ms"].as_f64().unwrap());
}

// Proves: DEBUG-70
#[tokio::test]
async fn a_statement_that_fails_says_why() {
    let site = tracing().await;
    let body = site
        .get("/data/-/query.json?sql=select+nope&_trace=1")
        .await
        .with_status(400)
        .json();
    assert_eq!(statements(&body), ["select nope"]);
    assert_eq!(body["_trace"]["traces"][0]["error"], "no such column: nope");
}

// Proves: DEBUG-71, CSV-24
#[tokio::test]
async fn pages_show_the_trace_at_their_end() {
    let site = tracing().await;
    for path in [
        "/data/t?_trace=1",
        "/data/t.csv?_trace=1",
        "/data/t.csv?_trace=1&_stream=1",
    ] {
        let page = site.get(path).await.with_status(200);
        let text = page.text();
        let start = text
            .rfind("<pre>{\n  &#34;request_duration_ms&#34;: ")
            .unwrap_or_else(|| panic!("{path} has no trace"));
        let after = &text[start..];
        assert!(
            after.contains("&#34;sql&#34;: &#34;select id, name from t"),
            "{path}"
        );
        assert!(after.contains("</pre></body>"), "{path}");
    }
}

// Proves: DEBUG-72
#[tokio::test]
async fn large_bodies_and_other_kinds_stay_as_they_are() {
    let site = tracing().await;
    for path in [
        "/data/big.json?_size=max",
        "/data/t.json?_shape=array",
        "/data/t.json?_shape=array&_nl=on",
        "/-/static/app.css",
    ] {
        let sign = if path.contains('?') { "&" } else { "?" };
        let plain = site.get(path).await.with_status(200);
        let asked = site
            .get(&format!("{path}{sign}_trace=1"))
            .await
            .with_status(200);
        assert_eq!(plain.body, asked.body, "{path}");
    }
}

// Proves: DEBUG-73, CSV-24
#[tokio::test]
async fn without_the_setting_only_csv_looks_at_the_argument() {
    let site = TestSite::with(SQL).await;
    let page = site.get("/data/t?_trace=1").await;
    assert!(!page.text().contains("request_duration_ms"));
    let body = site.get("/data/t.json?_trace=1").await.json();
    assert_eq!(body.get("_trace"), None);
    let csv = site
        .get("/data/t.csv?_trace=x&_dl=1")
        .await
        .with_status(200);
    assert_eq!(csv.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(
        csv.header("content-disposition"),
        Some("attachment; filename=\"t.csv\"")
    );
    assert!(csv.text().contains("<title>CSV debug</title>"));
    assert!(
        csv.text()
            .contains(">\nid,name\r\n1,one\r\n2,two\r\n</textarea></body>")
    );
    let hostile = "/data/-/query.csv?sql=select+'%3C/textarea%3E%22'+as+x&_trace=1";
    let csv = site.get(hostile).await.with_status(200);
    assert!(
        csv.text()
            .contains("x\r\n&#34;&lt;/textarea&gt;&#34;&#34;&#34;\r\n")
    );
}
