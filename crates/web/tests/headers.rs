//! Caching, CORS, links between formats, methods.

use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::Question;

const SQL: &str = "create table t (id integer primary key, name text);
    insert into t values (1, 'one'), (2, 'two'), (3, 'three');";

// Proves: CACHE-01, CACHE-02, CACHE-03, CACHE-04, CACHE-05, TABLE-30, DEP-28, DIF-05
#[tokio::test]
async fn answers_say_how_long_they_may_be_kept() {
    let site = TestSite::with(SQL).await;
    let table = site.get("/data/t.json").await;
    assert_eq!(table.header("cache-control"), Some("max-age=5"));
    assert_eq!(table.header("vary"), Some("Cookie, Authorization"));
    assert_eq!(table.header("referrer-policy"), Some("no-referrer"));
    for path in ["/data/t/1", "/data/t"] {
        let answer = site.get(path).await;
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    }
    assert_eq!(site.get("/").await.header("referrer-policy"), None);
    assert_eq!(
        site.get("/data/t?_ttl=0").await.header("cache-control"),
        Some("no-cache")
    );
    assert_eq!(
        site.get("/data/t?_ttl=60").await.header("cache-control"),
        Some("max-age=60")
    );
    assert_eq!(
        site.get("/data/t?_ttl=x").await.header("cache-control"),
        Some("max-age=5")
    );
    assert_eq!(site.get("/data.json").await.header("cache-control"), None);
    assert_eq!(
        site.get("/data/-/query.json?sql=select+1")
            .await
            .header("cache-control"),
        None
    );
    assert_eq!(
        site.get("/data/t.json?_size=x")
            .await
            .header("cache-control"),
        None
    );
    let personal = Question::get("/data/t?_ttl=60").header("cookie", "a=b");
    let answer = site.ask(personal).await;
    assert_eq!(answer.header("cache-control"), Some("private, no-store"));
}

// Proves: CACHE-12, CACHE-15, CACHE-16, CSRF-15
#[tokio::test]
async fn cors_headers_come_only_when_asked_for() {
    let open = TestSite::build().database("data", SQL).cors().start().await;
    let closed = TestSite::with(SQL).await;
    for path in [
        "/",
        "/data.json",
        "/data/t",
        "/data/t.json",
        "/data/t/1",
        "/data/nope.json",
    ] {
        let answer = open.get(path).await;
        assert_eq!(
            answer.header("access-control-allow-origin"),
            Some("*"),
            "{path}"
        );
        assert_eq!(
            answer.header("access-control-max-age"),
            Some("3600"),
            "{path}"
        );
        let name = "access-control-allow-origin";
        assert_eq!(closed.get(path).await.header(name), None, "{path}");
    }
}

// Proves: TABLE-37, CACHE-18, CACHE-19, CACHE-21, PAGE-11
#[tokio::test]
async fn pages_link_to_the_next_and_to_their_twin() {
    let site = TestSite::with(SQL).await;
    let page = site.get("/data/t?_size=2&name__not=x").await;
    let links: Vec<&str> = page
        .headers
        .iter()
        .filter(|(name, _)| name == "link")
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(
        links,
        [
            "<http://localhost/data/t.json?_size=2&name__not=x>; rel=\"alternate\"; type=\"application/json+datasette\"",
            "<http://localhost/data/t?_size=2&name__not=x&_next=2>; rel=\"next\"",
        ]
    );
    let last = site.get("/data/t.json?_size=2&_next=2").await;
    assert_eq!(last.header("link"), None);
    assert_eq!(last.json()["next_url"], serde_json::Value::Null);
}

// Proves: CACHE-13, CACHE-14, ERR-12
#[tokio::test]
async fn cors_headers_stand_on_what_scripts_read_and_on_errors() {
    let config = serde_json::json!({"databases": {"data": {
        "queries": {"one": "select 1"},
        "tables": {"shut": {"allow": false}},
    }, "closed": {"allow": false}}});
    let site = TestSite::build()
        .database(
            "data",
            &format!("{SQL} create table shut (x); create view v as select 1 as x;"),
        )
        .database("closed", SQL)
        .immutable("fixed", SQL)
        .config(config)
        .cors()
        .start()
        .await;
    let is_open = async |path: &str| {
        let answer = site.get(path).await;
        let origin = answer.header("access-control-allow-origin");
        (answer.status, origin == Some("*"))
    };
    for (path, status) in [
        ("/.json", 200),
        ("/data.json", 200),
        ("/data/v", 200),
        ("/data/v.json", 200),
        ("/data/t/1.json", 200),
        ("/data/t.csv", 200),
        ("/data/-/query?sql=select+1", 200),
        ("/data/-/query.json?sql=select+1", 200),
        ("/data/one", 200),
        ("/data/one.json", 200),
        ("/fixed.db", 200),
        ("/-/versions.json", 200),
        ("/-/allow-debug", 200),
        ("/data/nope", 404),
        ("/data/nope.json", 404),
        ("/data/nope.csv", 404),
        ("/data/t?_sort=nope", 400),
        ("/data/t.json?_sort=nope", 400),
        ("/data/shut.json", 403),
    ] {
        assert_eq!(is_open(path).await, (status, true), "{path}");
    }
    for (path, status) in [
        ("/data", 200),
        ("/-/patterns", 200),
        ("/-/static/app.css", 200),
        ("/data/shut", 403),
        ("/closed.db", 403),
        ("/data/t/?_size=1", 302),
    ] {
        assert_eq!(is_open(path).await, (status, false), "{path}");
    }
}

// Proves: ERR-11
#[tokio::test]
async fn a_refusal_is_a_page_like_others() {
    let config = serde_json::json!({
        "extra_css_urls": ["/own.css"],
        "databases": {"data": {"tables": {"t": {"allow": false}}}},
    });
    let site = TestSite::build()
        .database("data", SQL)
        .config(config)
        .template(
            "error.html",
            "{% extends 'default:error.html' %}{% block footer %}own footer{% endblock %}",
        )
        .start()
        .await;
    let page = site.get("/data/t").await.with_status(403);
    for wanted in [
        "href=\"/own.css\"",
        "<p class=\"crumbs\">",
        "<a href=\"/\">home</a>",
        "own footer",
    ] {
        assert!(page.text().contains(wanted), "{wanted}\n{}", page.text());
    }
}

// Proves: ROUTE-49
#[tokio::test]
async fn odd_methods_are_refused_everywhere() {
    let site = TestSite::with(SQL).await;
    for path in [
        "/",
        "/data",
        "/data/t",
        "/data/v",
        "/data/t/1",
        "/data/-/query",
        "/-/versions",
    ] {
        for method in ["PUT", "PATCH", "DELETE", "PURGE", "TRACE"] {
            let mut question = Question::get(path);
            question.method = method.parse().expect("a method");
            let refused = site.ask(question).await;
            assert_eq!(refused.status, 405, "{method} {path}");
            assert_eq!(refused.text(), "Method not allowed", "{method} {path}");
        }
        let mut question = Question::get(path);
        question.method = "OPTIONS".parse().expect("a method");
        let answer = site.ask(question).await;
        assert_eq!((answer.status, answer.text()), (200, "ok"), "{path}");
    }
    let mut question = Question::get("/data/-/query");
    question.method = "POST".parse().expect("a method");
    assert_eq!(site.ask(question).await.status, 405);
}

// Proves: ROUTE-45, ROUTE-46, ROUTE-47, ROUTE-48
#[tokio::test]
async fn methods_are_answered_or_refused() {
    let site = TestSite::with(SQL).await;
    let ask = |method: &str, path: &str| {
        let mut question = Question::get(path);
        question.method = method.parse().expect("a method");
        site.ask(question)
    };
    let options = ask("OPTIONS", "/").await.with_status(200);
    assert_eq!(options.text(), "ok");
    assert_eq!(
        ask("OPTIONS", "/data").await.header("allow"),
        Some("HEAD, GET")
    );
    let refused = ask("POST", "/data/t").await.with_status(405);
    assert_eq!(refused.text(), "Method not allowed");
    let refused = ask("PUT", "/.json").await.with_status(405);
    assert_eq!(refused.json()["error"], "Method not allowed");
    let head = ask("HEAD", "/data/t.json").await.with_status(200);
    assert_eq!(
        head.header("content-type"),
        Some("application/json; charset=utf-8")
    );
}

// Proves: ROUTE-02, ROUTE-05, ROUTE-31, ROUTE-34, ROUTE-36, ROUTE-37, ROUTE-38
#[tokio::test]
async fn addresses_that_can_be_mended_are() {
    let site = TestSite::with(SQL).await;
    let cases = [
        ("/-", 301, "/-/"),
        ("/:memory:?a=1", 301, "/_memory?a=1"),
        (
            "/data?sql=select%201&x=y",
            302,
            "/data/-/query?sql=select%201&x=y",
        ),
        ("/data/a%20b.json", 302, "/data/a~20b~2Ejson"),
        ("/data/t/?_size=1", 302, "/data/t?_size=1"),
        ("//example.com/", 302, "/example.com"),
    ];
    for (path, status, target) in cases {
        let answer = site.get(path).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (status, Some(target)),
            "{path}"
        );
    }
}

// Proves: ROUTE-44
#[tokio::test]
async fn a_head_has_the_headers_of_the_page_and_no_body() {
    let site = TestSite::build()
        .database("data", SQL)
        .immutable("fixed", SQL)
        .cors()
        .start()
        .await;
    site.instance().registry.settled().await;
    for path in [
        "/",
        "/.json",
        "/-",
        "/favicon.ico",
        "/-/static/app.css",
        "/-/static/nope.css",
        "/data",
        "/data.json",
        "/data.nope",
        "/data?sql=select+1",
        "/fixed.db",
        "/data.db",
        "/data/t?_size=2",
        "/data/t.json?_size=2&_extra=count,suggested_facets",
        "/data/t.json?_facet=nope",
        "/data/t.csv",
        "/data/t.csv?_stream=on",
        "/data/t?_where=nope",
        "/data/t/1",
        "/data/t/1.json",
        "/data/t/9",
        "/data/-/query?sql=select+1",
        "/data/-/query.json?sql=selec",
        "/-/versions.json",
        "/-/jump",
        "/data/-/schema.md",
        "/data/t/",
        "/nope.json",
    ] {
        let page = site.get(path).await;
        let head = Question {
            method: "HEAD".parse().expect("a method"),
            ..Question::get(path)
        };
        let head = site.ask(head).await.with_status(page.status);
        let (page, head) = (page.without_number(), head.without_number());
        assert!(head.body.is_empty(), "{path}");
        let told = |answer: &datasette_testkit::Answer| {
            let mut headers = answer.headers.clone();
            headers.retain(|(name, _)| name != "content-length");
            headers.sort();
            headers
        };
        assert_eq!(told(&head), told(&page), "{path}");
        if let Some(length) = head.header("content-length") {
            assert_eq!(Some(length), page.header("content-length"), "{path}");
        }
    }
}

// Proves: CSRF-10
#[tokio::test]
async fn tokens_of_old_forms_are_random_and_ignored() {
    let template = "{{ csrftoken() }} {{ csrftoken() }}";
    let site = TestSite::build().database("data", SQL);
    let site = site.template("pages/form.html", template).start().await;
    let token = async || {
        let page = site.get("/form").await.with_status(200);
        let (first, second) = page.text().split_once(' ').expect("two tokens");
        assert_eq!(first, second);
        assert!(first.len() >= 32, "{first}");
        first.to_owned()
    };
    assert_ne!(token().await, token().await);
    for path in ["/", "/data", "/data/t", "/data/-/query", "/-/messages"] {
        let page = site.get(path).await.with_status(200);
        assert!(!page.text().contains("csrftoken"), "{path}");
    }
    let post = async |site_of_form: &str| {
        let form = "message=x&message_type=INFO&csrftoken=wrong";
        let mut question = Question::get("/-/messages")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", "ds_csrftoken=wrong")
            .header("sec-fetch-site", site_of_form);
        question.method = "POST".parse().expect("a method");
        question.body = form.into();
        site.ask(question).await.status
    };
    assert_eq!(post("same-origin").await, 302);
    assert_eq!(post("cross-site").await, 403);
}

// Proves: CSRF-16, CSRF-17
#[tokio::test]
async fn methods_that_a_page_has_not_are_refused() {
    let site = TestSite::with(SQL).await;
    let asked = async |method: &str, path: &str, kind: &str| {
        let mut question = Question::get(path).header("content-type", kind);
        question.method = method.parse().expect("a method");
        let answer = site.ask(question).await.with_status(405);
        match answer.header("content-type") {
            Some("application/json; charset=utf-8") => {
                assert_eq!(answer.json()["error"], "Method not allowed", "{path}");
                "json"
            }
            _ => {
                assert_eq!(answer.text(), "Method not allowed", "{path}");
                "text"
            }
        }
    };
    for method in ["POST", "PUT", "TRACE", "FOO", "get"] {
        assert_eq!(asked(method, "/", "text/plain").await, "text");
        assert_eq!(asked(method, "/.json", "text/plain").await, "json");
        assert_eq!(asked(method, "/", "application/json").await, "json");
        let longer = "application/json; charset=utf-8";
        assert_eq!(asked(method, "/data", longer).await, "text");
    }
}

// Proves: AUTH-47
#[tokio::test]
async fn tables_and_rows_send_no_referrer() {
    let site = TestSite::with(SQL).await;
    for path in ["/data/t", "/data/t.json", "/data/t/1", "/data/t/1.json"] {
        let answer = site.get(path).await.with_status(200);
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    }
    for path in ["/", "/data", "/-/versions"] {
        assert_eq!(site.get(path).await.header("referrer-policy"), None);
    }
}

#[tokio::test]
async fn browsers_believe_the_types_of_what_we_made() {
    let site = TestSite::build()
        .database(
            "data",
            "create table t (a); insert into t values ('<script>')",
        )
        .template("pages/own.html", "alert(1)")
        .static_file("code", "alert(1)")
        .start()
        .await;
    let believed = |answer: &Answer| answer.header("x-content-type-options") == Some("nosniff");
    for path in [
        "/",
        "/data/t",
        "/data/t.json",
        "/data/t.csv",
        "/data/t.csv?_stream=on",
        "/data/-/query.json?sql=select+1",
        "/-/static/app.css",
    ] {
        assert!(believed(&site.get(path).await), "{path}");
    }
    for path in ["/own", "/files/code"] {
        let answer = site.get(path).await.with_status(200);
        assert!(!believed(&answer), "{path}");
    }
}
