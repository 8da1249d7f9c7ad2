//! Which answers carry a policy, and which do not.

use datasette_core::Actor;
use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use serde_json::json;

use crate::{OPEN, SQL, assert_strict, script_tags};

/// Every kind of page for people, errors included.
const PAGES: &[(&str, u16)] = &[
    ("/", 200),
    ("/-/", 200),
    ("/data", 200),
    ("/data/t", 200),
    ("/data/t?_size=1&_facet=name&name__contains=e", 200),
    ("/data/t?_sort=nope", 400),
    ("/data/t/1", 200),
    ("/data/t/9", 404),
    ("/data/v", 200),
    ("/data/~3Cscript~3E", 200),
    ("/data/-/query", 200),
    ("/data/-/query?sql=select+*+from+t", 200),
    ("/data/-/query?sql=broken", 400),
    ("/data/one", 200),
    ("/data/write", 200),
    ("/data/-/queries", 200),
    ("/-/queries", 200),
    ("/-/versions", 200),
    ("/-/plugins", 200),
    ("/-/settings", 200),
    ("/-/config", 200),
    ("/-/databases", 200),
    ("/-/actor", 200),
    ("/-/actions", 200),
    ("/-/schema", 200),
    ("/data/-/schema", 200),
    ("/data/t/-/schema", 200),
    ("/-/patterns", 200),
    ("/-/messages", 200),
    ("/-/logout", 200),
    ("/-/allow-debug", 200),
    ("/-/permissions", 200),
    ("/-/allowed", 200),
    ("/-/rules", 200),
    ("/-/check", 200),
    ("/-/api", 200),
    ("/-/debug/autocomplete", 200),
    ("/-/debug/autocomplete?database=data&table=t", 200),
    ("/nope", 404),
    ("/data/nope", 404),
    ("/closed", 403),
    ("/-/auth-token?token=x", 302),
];

async fn site() -> TestSite {
    let config = json!({"databases": {
        "data": {"queries": {
            "one": "select 1",
            "write": {"sql": "insert into t (name) values (:name)", "write": true},
        }},
        "closed": {"allow": false},
    }});
    TestSite::build()
        .database("data", SQL)
        .database("closed", SQL)
        .config(config)
        .root()
        .start()
        .await
}

#[tokio::test]
async fn every_page_runs_its_own_scripts_only() {
    let site = site().await;
    let root = Actor::with_id("root");
    for (path, status) in PAGES {
        let answer = site.get_as(&root, path).await;
        assert_eq!(answer.status, *status, "{path}");
        if answer.status == 302 {
            assert_eq!(answer.header("content-security-policy"), None, "{path}");
            continue;
        }
        let kind = answer.header("content-type").unwrap();
        assert!(kind.starts_with("text/html"), "{path}: {kind}");
        let first = assert_strict(&answer, path);
        let scripts = script_tags(answer.text());
        assert!(!scripts.is_empty(), "{path}: {scripts:?}");
        let again = site.get_as(&root, path).await;
        assert_ne!(assert_strict(&again, path), first, "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn refusals_before_any_page_have_it_too() {
    let site = site().await;
    let mut question = Question::get("/-/logout").header("origin", "https://evil.example");
    question.method = "POST".parse().unwrap();
    let refused = site.ask(question).await;
    assert_eq!(refused.status, 403);
    assert_strict(&refused, "a refusal");
    let mut question = Question::get("/");
    question.method = "HEAD".parse().unwrap();
    let head = site.ask(question).await;
    assert!(head.body.is_empty());
    crate::nonce(&head);
}

#[tokio::test]
async fn what_is_no_page_has_none() {
    let site = site().await;
    for path in [
        "/.json",
        "/data.json",
        "/data/t.json",
        "/data/t.csv",
        "/data/t/1.json",
        "/-/versions.json",
        "/-/static/app.css",
        "/-/static/table.js",
        "/data/-/query.json?sql=select+1",
        "/nope.json",
        "/data/",
        "/favicon.ico",
        "/data/-/schema.md",
    ] {
        let answer = site.get(path).await;
        assert_eq!(answer.header("content-security-policy"), None, "{path}");
    }
}

// A kept page has the number of the policy that it came with; another policy would stop its scripts.
#[tokio::test]
async fn an_unchanged_page_brings_no_policy() {
    let site = TestSite::with(SQL).await;
    site.instance().registry.settled().await;
    for path in [
        "/",
        "/data",
        "/data/t",
        "/data/t/1",
        "/data/-/query?sql=select+1",
    ] {
        let first = site.get(path).await;
        let tag = first
            .header("etag")
            .unwrap_or_else(|| panic!("no tag: {path}"))
            .to_owned();
        let nonce = assert_strict(&first, path);
        let second = site.get(path).await;
        assert_ne!(assert_strict(&second, path), nonce, "{path}");
        assert_eq!(second.header("etag"), Some(tag.as_str()), "{path}");
        let known = Question::get(path).header("if-none-match", &tag);
        let unchanged = site.ask(known).await;
        assert_eq!(unchanged.status, 304, "{path}");
        assert_eq!(unchanged.header("content-security-policy"), None, "{path}");
    }
}

// Proves: CSRF-20
#[tokio::test]
async fn pages_that_must_not_be_framed_say_so_beside_it() {
    let site = site().await;
    let write = site.get("/data/write").await;
    assert_strict(&write, "/data/write");
    let policy = write.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("frame-ancestors 'none'; script-src"),
        "{policy}"
    );
    assert_eq!(write.header("x-frame-options"), Some("DENY"));
    let json = site.get("/data/-/query/parameters?sql=select+:a").await;
    assert_eq!(
        json.header("content-security-policy"),
        Some("frame-ancestors 'none'")
    );
    assert_eq!(json.header("x-frame-options"), Some("DENY"));
    for path in [
        "/",
        "/data",
        "/data/t",
        "/data/one",
        "/data/-/query?sql=select+1",
    ] {
        let page = site.get(path).await;
        let policy = page.header("content-security-policy").unwrap();
        assert!(!policy.contains("frame"), "{path}: {policy}");
        assert_eq!(page.header("x-frame-options"), None, "{path}");
    }
}

#[tokio::test]
async fn the_setting_adds_to_it_or_takes_it_away() {
    let with = async |setting: &str| {
        let site = TestSite::build().database("data", SQL);
        let site = site
            .setting("content_security_policy", setting)
            .start()
            .await;
        let page = site.get("/data/t").await;
        page.header("content-security-policy").map(str::to_owned)
    };
    assert_eq!(with("off").await, None);
    let added = with("img-src 'self'; script-src 'unsafe-eval'")
        .await
        .unwrap();
    assert!(added.contains(" 'unsafe-eval'; worker-src"), "{added}");
    assert!(
        added.ends_with(&format!("{OPEN}; img-src 'self'")),
        "{added}"
    );
}

#[tokio::test]
async fn a_description_of_the_owner_may_bring_scripts() {
    let metadata =
        |html: &str| json!({"databases": {"data": {"tables": {"t": {"description_html": html}}}}});
    let with = async |html: &str| {
        let site = TestSite::build()
            .database("data", SQL)
            .metadata(metadata(html));
        site.start().await.get("/data/t").await
    };
    let page = with("<script>own()</script>").await;
    let nonce = assert_strict(&page, "/data/t");
    assert!(
        page.text()
            .contains(&format!("<script nonce=\"{nonce}\">own()</script>"))
    );
    // What is stored in cells stays text and gets no number.
    assert!(page.text().contains("&lt;script&gt;broken()"));
    let page = with("<b onclick=\"own()\">click</b>").await;
    assert_eq!(page.header("content-security-policy"), Some(OPEN));
    let page = with("<object data=\"x.svg\"></object>").await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.ends_with("; base-uri 'self'") && !policy.contains("object"),
        "{policy}"
    );
}
