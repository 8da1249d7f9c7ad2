//! Files of mounts.

use datasette_testkit::TestSite;
use datasette_web::in_process::Question;

const SQL: &str = "create table t (id integer primary key);";

// Proves: TPL-82, TPL-83, TPL-84, CACHE-07, CACHE-08
#[tokio::test]
async fn large_files_stream_with_the_headers_of_small_ones() {
    let content: Vec<u8> = (0..1_000_000_u32).map(|byte| byte as u8).collect();
    let site = TestSite::build()
        .database("data", SQL)
        .static_file("deep/large.bin", content.clone())
        .static_file("small.css", "body {}")
        .start()
        .await;
    let large = site.get("/files/deep/large.bin").await.with_status(200);
    assert_eq!(large.body, content);
    assert_eq!(large.header("content-length"), Some("1000000"));
    assert_eq!(
        large.header("content-type"),
        Some("application/octet-stream")
    );
    assert_eq!(large.header("vary"), None);
    for path in ["/files/deep/large.bin", "/files/small.css"] {
        let first = site.get(path).await.with_status(200);
        let tag = first.header("etag").expect("a tag");
        let again = Question::get(path).header("if-none-match", tag);
        let unchanged = site.ask(again).await.with_status(304);
        assert!(unchanged.body.is_empty());
        assert_eq!(unchanged.header("etag"), Some(tag));
        let other = Question::get(path).header("if-none-match", "\"x\"");
        assert_eq!(site.ask(other).await.with_status(200).body, first.body);
    }
    let hashed = site.get("/files/small.css?_hash=").await;
    assert_eq!(hashed.header("cache-control"), None);
}

// Proves: TPL-22, TPL-23, TPL-84, CTX-95
#[tokio::test]
async fn templates_link_to_mounted_files_with_their_hash() {
    let page = |call: &str| {
        TestSite::build()
            .database("data", SQL)
            .static_file("small.css", "body {}")
            .setting("base_url", "/prefix/")
            .template("index.html", &format!("[{{{{ {call} }}}}]"))
            .start()
    };
    let site = page("static('small.css', mount='files')").await;
    let link = site.get("/").await.with_status(200);
    let link = link.text().trim_matches(['[', ']']).to_owned();
    assert!(link.starts_with("/prefix/files/small.css?_hash="), "{link}");
    let file = site.get(&link).await.with_status(200);
    let forever = "max-age=31536000, immutable, public";
    assert_eq!(file.header("cache-control"), Some(forever));
    for call in [
        "static('small.css', mount='files', plugin='x')",
        "static('small.css', mount='nope')",
        "static('small.css', plugin='nope')",
        "static('nope.css', mount='files')",
        "static('../data.db', mount='files')",
        "static('nope.css')",
        "static('../app.css')",
    ] {
        page(call).await.get("/").await.with_status(500);
    }
}
