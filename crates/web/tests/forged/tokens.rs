//! Signed tokens in the `Authorization` header.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use datasette_core::Actor;
use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use serde_json::json;

use super::seal::{packed, plain, seal, seal_with};
use super::{answers, site, told};

const SIGNATURE: &str = "Invalid token signature";

/// Refused with these words, everywhere, and a good cookie does not help.
async fn is_refused(site: &TestSite, token: &str, words: &str) {
    let shown: String = token.chars().take(200).collect();
    let bearer = format!("Bearer {token}");
    let cookie = format!("ds_actor={}", site.cookie(&Actor::with_id("ann")));
    for path in [
        "/",
        "/closed/t.json",
        "/-/actor.json",
        "/-/static/app.css",
        "/nowhere",
    ] {
        let question = Question::get(path).header("authorization", &bearer);
        for question in [question.clone(), question.header("cookie", &cookie)] {
            let answer = site.ask(question).await;
            assert_eq!(answer.status, 401, "{shown} {path}");
            assert_eq!(answer.json()["error"], words, "{shown}");
            let challenge = answer.header("www-authenticate");
            assert_eq!(challenge, Some("Bearer error=\"invalid_token\""));
        }
    }
}

async fn actor(site: &TestSite, payload: &str) -> serde_json::Value {
    let bearer = format!("Bearer dstok_{}", plain("token", payload));
    let question = Question::get("/-/actor.json").header("authorization", &bearer);
    site.ask(question).await.with_status(200).json()["actor"].clone()
}

// Proves: TOK-09, TOK-10, TOK-11, TOK-12
#[tokio::test]
async fn a_forged_token_is_refused() {
    let site = site().await;
    let text = r#"{"a":"ann","t":1}"#;
    let payload = URL_SAFE_NO_PAD.encode(text);
    let good = plain("token", text);
    assert_eq!(
        actor(&site, text).await,
        json!({"id": "ann", "token": "dstok"})
    );
    let bomb = format!(
        "{{\"a\":\"ann\",\"t\":1,\"x\":\"{}\"}}",
        "y".repeat(100 << 20)
    );
    let forged = [
        String::new(),
        ".".to_owned(),
        good[..good.len() - 1].to_owned(),
        good[1..].to_owned(),
        format!("{good}x"),
        format!(".{good}"),
        seal_with("another secret", "token", &payload),
        plain("actor", r#"{"a":{"id":"ann"}}"#),
        plain("actor", text),
        packed("token", bomb.as_bytes()),
        seal("token", ".AAAA"),
        seal("token", "!"),
        plain("token", b"\xff\xfe"),
        plain("token", "{"),
        plain("token", "[".repeat(100_000)),
        plain("token", "[]"),
        plain("token", "null"),
        plain("token", "\"ann\""),
        plain("token", r#"{"t":1}"#),
        "a".repeat(1 << 20),
    ];
    for token in forged {
        is_refused(&site, &format!("dstok_{token}"), SIGNATURE).await;
    }
    for end in 0..good.len() {
        let bearer = format!("Bearer dstok_{}", &good[..end]);
        let question = Question::get("/closed/t.json").header("authorization", &bearer);
        site.ask(question).await.with_status(401);
    }
}

// Proves: TOK-04, TOK-05, TOK-11, TOK-12
#[tokio::test]
async fn times_of_the_wrong_kind_are_refused() {
    let site = site().await;
    let sealed = |text: &str| format!("dstok_{}", plain("token", text));
    let huge = "9".repeat(4_000);
    let no_times = [
        "null", "\"1\"", "1.0", "1.5", "1e3", "-1e3", "[]", "{}", "[1]", "1e400",
    ];
    for odd in no_times {
        let token = sealed(&format!("{{\"a\":\"ann\",\"t\":{odd}}}"));
        is_refused(&site, &token, "Invalid token: invalid timestamp").await;
    }
    for odd in ["\"1\"", "\"\"", "1.0", "1e3", "[]", "{}", "1e400"] {
        let token = sealed(&format!("{{\"a\":\"ann\",\"t\":1,\"d\":{odd}}}"));
        is_refused(&site, &token, "Invalid token: invalid duration").await;
    }
    let token = sealed("{\"a\":\"ann\"}");
    is_refused(&site, &token, "Invalid token: no timestamp").await;
    for over in ["1", "-1", "true"] {
        let token = sealed(&format!("{{\"a\":\"ann\",\"t\":1,\"d\":{over}}}"));
        is_refused(&site, &token, "Token has expired").await;
    }
    // Numbers beyond everything are refused, or reach further than anybody lives.
    for text in [
        format!("{{\"a\":\"ann\",\"t\":{huge}}}"),
        format!("{{\"a\":\"ann\",\"t\":-{huge},\"d\":1}}"),
        format!("{{\"a\":\"ann\",\"t\":1,\"d\":{huge}}}"),
        "{\"a\":\"ann\",\"t\":170141183460469231731687303715884105727,\"d\":1}".to_owned(),
        "{\"a\":\"ann\",\"t\":-170141183460469231731687303715884105728,\"d\":-1}".to_owned(),
        "{\"a\":\"ann\",\"t\":9223372036854775807,\"d\":9223372036854775807}".to_owned(),
    ] {
        let bearer = format!("Bearer {}", sealed(&text));
        let question = Question::get("/closed/t.json").header("authorization", &bearer);
        let status = site.ask(question).await.status;
        assert!(status == 401 || status == 200, "{status} {text}");
    }
    for forever in ["null", "0", "false"] {
        let text = format!("{{\"a\":\"ann\",\"t\":true,\"d\":{forever}}}");
        assert_eq!(actor(&site, &text).await["id"], "ann");
    }
}

// Proves: TOK-01, TOK-08
#[tokio::test]
async fn what_is_no_token_of_ours_is_ignored() {
    let site = site().await;
    let everybody = told(&answers(&site, &[]).await);
    let good = plain("token", r#"{"a":"ann","t":1}"#);
    for header in [
        format!("bearer dstok_{good}"),
        format!("Bearer  dstok_{good}"),
        format!("Bearer\tdstok_{good}"),
        format!("Basic dstok_{good}"),
        format!("dstok_{good}"),
        format!("Bearer DSTOK_{good}"),
        format!("Bearer {good}"),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Bearer \u{e9}\u{1f512}".to_owned(),
        format!("Bearer {}", "x".repeat(1 << 20)),
    ] {
        let answers = answers(&site, &[("authorization", &header)]).await;
        assert_eq!(told(&answers), everybody, "{header:.80}");
    }
}

/// The id of a token may be anything and is nobody else's.
// Proves: TOK-03
#[tokio::test]
async fn ids_of_any_kind_are_no_more_than_anybody() {
    let site = site().await;
    let open = answers(&site, &[]).await;
    let deep = "[".repeat(60) + &"]".repeat(60);
    for id in [
        "null",
        "[\"root\"]",
        "{\"id\":\"ann\"}",
        "1e400",
        "\"\"",
        "\"ANN\"",
        "\"ann\\u0000\"",
        "true",
        &deep,
    ] {
        let text = format!("{{\"a\":{id},\"t\":1,\"id\":\"ann\",\"token\":\"x\"}}");
        assert_eq!(actor(&site, &text).await["token"], "dstok");
        let bearer = format!("Bearer dstok_{}", plain("token", &text));
        let answers = answers(&site, &[("authorization", &bearer)]).await;
        for (answer, open) in answers.iter().zip(&open) {
            assert_eq!(answer.status, open.status, "{id}");
        }
    }
}
