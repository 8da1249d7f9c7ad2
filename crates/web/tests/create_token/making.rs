//! What the form makes, its mistakes and its limits.

use axum::http::Method;
use datasette_core::Actor;
use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use serde_json::json;

use crate::{PAGE, SQL, actor, clock, payload, send, token, with_token};

// Proves: TOK-29, TOK-31, TOK-32, TOK-33, TOK-02, TOK-16
#[tokio::test]
async fn a_token_says_what_was_ticked_and_holds_to_it() {
    let site = TestSite::build()
        .database("data", SQL)
        .config(json!({"allow": {"id": "ann"}}))
        .clock(clock())
        .setting("base_url", "/p/")
        .start()
        .await;
    let ann = Actor::with_id("ann");
    let free = send(&site, &ann, "expire_type=").await.with_status(200);
    assert_eq!(
        payload(&site, &free).to_string(),
        r#"{"a":"ann","t":1800000000}"#
    );
    assert!(
        free.text()
            .contains("action=\"/p/-/create-token\" method=\"post\"")
    );
    assert_eq!(free.header("cache-control"), Some("private, no-store"));
    with_token(&site, "/data/t.json", &token(&free))
        .await
        .with_status(200);
    site.get("/data/t.json").await.with_status(403);

    let body = "expire_type=hours&expire_duration=2&all:execute-sql=on&all:unheard-of=on\
                &database:data:create-table=on&resource:data:a+b~3Ac~2Fd:view-table=on";
    // A plus in a name of a field is a space.
    let body = body.replace("a+b", "a%2Bb");
    let made = send(&site, &ann, &body).await.with_status(200);
    assert_eq!(
        payload(&site, &made).to_string(),
        r#"{"a":"ann","t":1800000000,"d":7200,"_r":{"a":["es","unheard-of"],"d":{"data":["ct"]},"r":{"data":{"a b:c/d":["vt"]}}}}"#
    );
    let shown = "<pre tabindex=\"0\">{\n    \"_r\": {\n        \"a\": [\n            \"es\",\n";
    assert!(made.text().contains(shown), "{}", made.text());
    assert!(
        made.text()
            .contains("\n    \"a\": \"ann\",\n    \"d\": 7200,\n    \"t\": 1800000000\n}</pre>")
    );
    assert!(!made.text().contains("checked"));
    let token = token(&made);
    with_token(&site, "/data/a+b~3Ac~2Fd.json", &token)
        .await
        .with_status(200);
    with_token(&site, "/data/t.json", &token)
        .await
        .with_status(403);
    with_token(&site, "/", &token).await.with_status(403);
    let number = send(&site, &actor(json!({"id": 5})), "").await;
    assert_eq!(payload(&site, &number)["a"], 5);
}

// Proves: TOK-30
#[tokio::test]
async fn a_mistake_is_told_and_nothing_is_lost() {
    let site = TestSite::with(SQL).await;
    let ann = Actor::with_id("ann");
    let body = "expire_type=days&expire_duration=%3Cb%3E&resource:data:t:view-table=on";
    let page = send(&site, &ann, body).await.with_status(200);
    let text = page.text();
    assert!(text.contains(
        "<p class=\"message-error\" id=\"token-mistake\" role=\"alert\">Invalid expire duration</p>"
    ));
    assert!(!text.contains("dstok_") && !text.contains("Your API token"));
    assert!(text.contains("<option value=\"days\" selected>"));
    assert!(text.contains("value=\"&lt;b&gt;\""));
    assert_eq!(text.matches(" checked>").count(), 1);
    assert!(text.contains("name=\"resource:data:t:view-table\" checked>"));
    assert!(text.contains("<details id=\"restrict-permissions\" open>"));
    let unit = send(&site, &ann, "expire_type=years&expire_duration=1").await;
    let unit = unit.with_status(200);
    assert!(unit.text().contains(">Invalid expire duration unit</p>"));
    assert!(!unit.text().contains("dstok_"));
}

// Proves: TOK-36
#[tokio::test]
async fn the_form_has_limits_of_its_own() {
    let site = TestSite::build()
        .database("data", SQL)
        .setting("max_post_body_bytes", "10")
        .start()
        .await;
    let ann = Actor::with_id("ann");
    let many: String = (0..3000)
        .map(|number| format!("&all:a{number}=on"))
        .collect();
    let made = send(&site, &ann, &format!("expire_type={many}"))
        .await
        .with_status(200);
    assert_eq!(
        payload(&site, &made)["_r"]["a"].as_array().unwrap().len(),
        3000
    );

    let multipart = async |fields: &[(String, usize)]| {
        let part = |(name, length): &(String, usize)| {
            let value = "x".repeat(*length);
            format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let parts: String = fields.iter().map(part).collect();
        let mut question = Question::get(PAGE)
            .header("content-type", "multipart/form-data; boundary=X")
            .header("cookie", &format!("ds_actor={}", site.cookie(&ann)));
        question.method = Method::POST;
        question.body = format!("{parts}--X--\r\n").into();
        site.ask(question).await
    };
    let fields = |number: usize| -> Vec<(String, usize)> {
        (0..number)
            .map(|number| (format!("all:a{number}"), 1))
            .collect()
    };
    multipart(&fields(1000)).await.with_status(200);
    multipart(&fields(1001)).await.with_status(400);
    multipart(&[("all:a".to_owned(), 100 * 1024)])
        .await
        .with_status(200);
    multipart(&[("all:a".to_owned(), 100 * 1024 + 1)])
        .await
        .with_status(400);
}
