//! Below a path, and before a proxy that speaks TLS.

use datasette_testkit::TestSite;
use datasette_web::in_process::Question;

fn site(base_url: &str) -> datasette_testkit::SiteBuilder {
    TestSite::build()
        .database(
            "one",
            "create table t (id integer primary key); insert into t values (1), (2);",
        )
        .setting("base_url", base_url)
}

// Proves: DEP-13
#[tokio::test]
async fn a_prefix_is_used_as_it_is_written() {
    for (base_url, link) in [
        ("/prefix/", "href=\"/prefix/one\""),
        ("/nosl", "href=\"/noslone\""),
        ("nolead/", "href=\"nolead/one\""),
    ] {
        let page = site(base_url).start().await.get("/").await.with_status(200);
        assert!(page.text().contains(link), "{base_url}: {}", page.text());
    }
}

// Proves: DEP-15, DEP-11
#[tokio::test]
async fn templates_name_the_prefix_once() {
    let template = "{{ urls.database_query('one', 'select 1') }} {{ urls.table('one', 't') }}";
    let site = site("/prefix/")
        .template("pages/urls.html", template)
        .start()
        .await;
    for path in ["/prefix/urls", "/urls"] {
        let page = site.get(path).await.with_status(200);
        assert_eq!(
            page.text(),
            "/prefix/one/-/query?sql=select+1 /prefix/one/t"
        );
    }
}

// Proves: DEP-19
#[tokio::test]
async fn a_proxy_that_says_nothing_about_tls() {
    let site = site("/").setting("force_https_urls", "on").start().await;
    let page = site.get("/one/t.json?_size=1").await;
    let next = page.json()["next_url"].as_str().unwrap().to_owned();
    assert_eq!(next, "https://localhost/one/t.json?_size=1&_next=1");
    let link = page.header("link").unwrap();
    assert_eq!(link, format!("<{next}>; rel=\"next\""));
    // The pages of the site itself may change things; what is not https is another site.
    for (origin, status) in [("https://localhost", 302), ("http://localhost", 403)] {
        let question = Question::post("/-/logout", "").header("origin", origin);
        site.ask(question).await.with_status(status);
    }
}

// Proves: DEP-12, DEP-14, DEP-28
#[tokio::test]
async fn the_next_page_is_below_the_prefix_once() {
    let site = site("/prefix/").start().await;
    site.get("/prefix").await.with_status(404);
    for path in ["/prefix/one/t.json?_size=1", "/one/t.json?_size=1"] {
        let page = site.get(path).await.with_status(200);
        let next = "http://localhost/prefix/one/t.json?_size=1&_next=1";
        assert_eq!(page.json()["next_url"], next);
        assert_eq!(
            page.header("link"),
            Some(&*format!("<{next}>; rel=\"next\""))
        );
    }
    for path in [
        "/prefix/one/t?_size=1",
        "/prefix/one/t/1",
        "/prefix/one/t.json",
    ] {
        let page = site.get(path).await.with_status(200);
        assert_eq!(
            page.header("referrer-policy"),
            Some("no-referrer"),
            "{path}"
        );
    }
    let page = site.get("/prefix/one/t?_size=1").await;
    // The link of the page says it like the data.
    let links = page.text().matches("/prefix/one/t?").count();
    assert!(links > 0 && !page.text().contains("/prefix/prefix"));
}
