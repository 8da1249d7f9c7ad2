//! Answers that are packed on their way.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::io::Read;

use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::{self, Question};

const SQL: &str = "create table t (id integer primary key, name text);
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 30000)
    insert into t select i, 'name of ' || i from n;";

async fn site() -> TestSite {
    let site = TestSite::build()
        .database("data", SQL)
        .immutable(
            "fixed",
            "create table u (id integer primary key, name text);",
        )
        .static_file("large.txt", "some words, ".repeat(50_000))
        .static_file("picture.png", vec![b'x'; 5000])
        .start()
        .await;
    site.instance().registry.settled().await;
    site
}

fn unpacked(coding: &str, body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match coding {
        "gzip" => flate2::read::GzDecoder::new(body).read_to_end(&mut plain),
        "br" => brotli::Decompressor::new(body, 4096).read_to_end(&mut plain),
        "zstd" => zstd::stream::read::Decoder::new(body)
            .unwrap()
            .read_to_end(&mut plain),
        other => panic!("packed as {other}"),
    }
    .unwrap();
    plain
}

async fn packed(site: &TestSite, path: &str, accepted: &str) -> Answer {
    site.ask(Question::get(path).header("accept-encoding", accepted))
        .await
}

#[tokio::test]
async fn every_way_brings_the_same_body() {
    let site = site().await;
    for path in [
        "/data/t.json?_size=30&_shape=array",
        "/data/t.json?_size=max&_shape=array",
        "/data/t.csv?_stream=on",
        "/data/t.csv?_size=max",
        "/data/-/query.csv?sql=select+*+from+t",
        "/files/large.txt",
        "/-/static/app.css",
        "/data/nope",
    ] {
        let plain = site.get(path).await;
        assert_eq!(plain.header("content-encoding"), None);
        assert!(
            !plain
                .header("vary")
                .unwrap_or_default()
                .contains("Encoding"),
            "{path}"
        );
        for coding in ["gzip", "br", "zstd"] {
            let answer = packed(&site, path, coding).await.with_status(plain.status);
            assert_eq!(answer.header("content-encoding"), Some(coding), "{path}");
            assert!(answer.header("vary").unwrap().ends_with("Accept-Encoding"));
            assert_eq!(answer.header("content-type"), plain.header("content-type"));
            let saved = plain.body.len() - answer.body.len();
            assert!(saved > plain.body.len() / 4, "{path} {coding}");
            let whole = datasette_testkit::Answer {
                body: unpacked(coding, &answer.body),
                ..answer.clone()
            };
            let (whole, plain) = (whole.without_number(), plain.clone().without_number());
            assert!(whole.body == plain.body, "{path} {coding}");
            if let Some(length) = answer.header("content-length") {
                assert_eq!(length, answer.body.len().to_string());
            }
            let tag = answer.header("etag").unwrap_or("W/");
            assert!(tag.starts_with("W/"), "{path} {tag}");
        }
    }
}

#[tokio::test]
async fn what_is_small_or_packed_already_goes_as_it_is() {
    let site = site().await;
    for (path, varies) in [
        ("/data/t.json?_size=1&_shape=array", true),
        ("/-/static/favicon.png", false),
        ("/favicon.ico", false),
        ("/files/picture.png", false),
        ("/fixed.db", false),
        ("/data/t/", true),
    ] {
        let plain = site.get(path).await;
        let answer = packed(&site, path, "gzip, br, zstd").await;
        assert_eq!(answer.header("content-encoding"), None, "{path}");
        assert_eq!(answer.body.len(), plain.body.len(), "{path}");
        assert_eq!(
            answer.header("content-length"),
            plain.header("content-length"),
            "{path}"
        );
        let vary = answer.header("vary").unwrap_or_default();
        assert_eq!(vary.contains("Accept-Encoding"), varies, "{path}: {vary}");
    }
    for accepted in [
        "identity",
        "deflate",
        "gzip;q=0",
        "gzip;q=0.1, identity;q=0.9",
    ] {
        let answer = packed(&site, "/-/static/app.css", accepted).await;
        assert_eq!(answer.header("content-encoding"), None, "{accepted}");
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"), "{accepted}");
        assert!(
            answer.header("etag").unwrap().starts_with('"'),
            "{accepted}"
        );
    }
}

#[tokio::test]
async fn a_client_with_the_packed_file_learns_that_it_is_unchanged() {
    let site = site().await;
    for path in ["/files/large.txt", "/-/static/app.css", "/data/t.json"] {
        let first = packed(&site, path, "gzip").await.with_status(200);
        let tag = first.header("etag").unwrap();
        let again = Question::get(path)
            .header("accept-encoding", "gzip")
            .header("if-none-match", tag);
        let again = site.ask(again).await.with_status(304);
        assert_eq!(again.header("etag"), Some(tag), "{path}");
        assert!(
            again.header("vary").unwrap().contains("Accept-Encoding"),
            "{path}"
        );
        assert_eq!(again.header("content-encoding"), None);
        assert!(again.body.is_empty());
    }
}

#[tokio::test]
async fn a_head_tells_how_the_body_would_come() {
    let site = site().await;
    for path in [
        "/data/t.json?_size=max",
        "/-/static/app.css",
        "/data/t.csv?_stream=on",
    ] {
        let whole = packed(&site, path, "br").await.with_status(200);
        let head = Question {
            method: "HEAD".parse().unwrap(),
            ..Question::get(path).header("accept-encoding", "br")
        };
        let head = site.ask(head).await.with_status(200);
        for name in ["content-encoding", "vary", "etag", "content-type"] {
            assert_eq!(head.header(name), whole.header(name), "{path} {name}");
        }
        assert!(head.body.is_empty(), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_grows_while_it_comes_and_breaks_off_when_it_fails() {
    let sql = "create table t (id integer primary key, name text);
        with recursive n(i) as (select 1 union all select i + 1 from n where i < 200000)
        insert into t select i, 'name of ' || i from n;
        create view v as select id, case when id = 150000 then json('bad') else name end from t;";
    let site = TestSite::with(sql).await;
    for coding in ["gzip", "br", "zstd"] {
        let question = |path: &str| Question::get(path).header("accept-encoding", coding);
        let app = || std::sync::Arc::clone(site.app());
        let mut answer = in_process::ask(app(), question("/data/t.csv?_stream=on"))
            .await
            .unwrap();
        let mut parts = 0;
        while let Some(part) = answer.next_part().await {
            assert!(!part.unwrap().is_empty());
            parts += 1;
        }
        assert!(parts > 3, "{parts}");
        let mut answer = in_process::ask(app(), question("/data/v.csv?_stream=on"))
            .await
            .unwrap();
        let mut last = None;
        while let Some(part) = answer.next_part().await {
            last = Some(part.is_err());
        }
        assert_eq!(last, Some(true), "{coding}");
    }
}
