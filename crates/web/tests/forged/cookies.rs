//! The `ds_actor` cookie.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use datasette_core::Actor;
use datasette_testkit::TestSite;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::seal::{packed, plain, seal, seal_with};
use super::{actor, answers, site, told};

const ROOT: &str = r#"{"a":{"id":"root"}}"#;

/// Whoever sends this cookie is told what everybody is told.
async fn is_nobody(site: &TestSite, everybody: &[(u16, String)], cookie: &str) {
    let shown: String = cookie.chars().take(200).collect();
    assert_eq!(actor(site, cookie).await, Value::Null, "{shown}");
    let header = format!("ds_actor={cookie}");
    let answers = answers(site, &[("cookie", &header)]).await;
    assert_eq!(told(&answers), everybody, "{shown}");
}

// Proves: AUTH-02, AUTH-05, AUTH-06, AUTH-07, AUTH-08, AUTH-13
#[tokio::test]
async fn a_forged_cookie_is_nobodys() {
    let site = site().await;
    let everybody = told(&answers(&site, &[]).await);
    let good = site.cookie(&Actor::with_id("root"));
    assert_eq!(actor(&site, &good).await, json!({"id": "root"}));
    assert_eq!(plain("actor", ROOT), good);
    let payload = URL_SAFE_NO_PAD.encode(ROOT);
    let signature = good.rsplit('.').next().unwrap();
    let foreign = [
        seal_with("another secret", "actor", &payload),
        seal_with("", "actor", &payload),
        plain("token", ROOT),
        plain("messages", ROOT),
        plain("default", ROOT),
        plain("", ROOT),
        format!("{payload}."),
        format!("{payload}.{}", "A".repeat(27)),
        format!("{payload}.{}", "A".repeat(1 << 20)),
        format!("{payload}.{signature}{signature}"),
        format!(".{signature}"),
        format!("{payload}.{payload}.{signature}"),
        format!("{payload}\u{0}.{signature}"),
        signature.to_owned(),
        payload.clone(),
        ".".to_owned(),
        "..".to_owned(),
        "a".repeat(1 << 20),
        ".".repeat(1 << 16),
        "%".repeat(1 << 12),
        "\u{1f512}.\u{e9}".to_owned(),
        "\"".to_owned(),
    ];
    for cookie in foreign.iter().filter(|cookie| !cookie.contains('\u{0}')) {
        is_nobody(&site, &everybody, cookie).await;
    }
    // Every beginning of it, and every change of one character.
    for end in 0..good.len() {
        assert_eq!(actor(&site, &good[..end]).await, Value::Null, "{end}");
    }
    let mut letters: Vec<char> = good.chars().collect();
    for place in 0..letters.len() - 1 {
        let kept = letters[place];
        letters[place] = if kept == 'Q' { 'R' } else { 'Q' };
        let changed: String = letters.iter().collect();
        assert_eq!(actor(&site, &changed).await, Value::Null, "{changed}");
        letters[place] = kept;
    }
}

// Proves: AUTH-13, AUTH-14, AUTH-15
#[tokio::test]
async fn what_was_signed_but_is_no_actor_is_nobodys() {
    let site = site().await;
    let everybody = told(&answers(&site, &[]).await);
    let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let texts = [
        "".to_owned(),
        "null".to_owned(),
        "true".to_owned(),
        "[]".to_owned(),
        "\"root\"".to_owned(),
        "1e999".to_owned(),
        "{".to_owned(),
        format!("{ROOT}{ROOT}"),
        "{\"a\":{\"id\":\"root\"}".to_owned(),
        "{'a':{'id':'root'}}".to_owned(),
        "{\"a\":{\"id\":\"\\ud800\"}}".to_owned(),
        "{\"a\":{\"id\":NaN}}".to_owned(),
        "{\"a\":{\"id\":\"a\u{0}b\"}}".to_owned(),
        "{\"id\":\"root\"}".to_owned(),
        "{\"a\":null}".to_owned(),
        "{\"a\":[]}".to_owned(),
        "{\"a\":{}}".to_owned(),
        "{\"a\":[{\"id\":\"root\"}]}".to_owned(),
        "{\"a\":\"root\"}".to_owned(),
        "{\"a\":1}".to_owned(),
        "{\"a\":true}".to_owned(),
        "{\"A\":{\"id\":\"root\"}}".to_owned(),
        // Of two keys the later one counts.
        "{\"a\":{\"id\":\"root\"},\"a\":null}".to_owned(),
        deep(200),
        deep(100_000),
        format!("{{\"a\":{{\"id\":{}}}}}", deep(50_000)),
        format!(
            "{{\"a\":{}}}",
            "{\"b\":".repeat(300) + "1" + &"}".repeat(300)
        ),
    ];
    for text in &texts {
        is_nobody(&site, &everybody, &plain("actor", text)).await;
        is_nobody(&site, &everybody, &packed("actor", text.as_bytes())).await;
    }
    let odd_bytes: [&[u8]; 4] = [
        b"\xff\xfe{\"a\":{\"id\":\"root\"}}",
        b"{\"a\":{\"id\":\"\xc3\x28\"}}",
        b"\xef\xbb\xbf{\"a\":{\"id\":\"root\"}}",
        b"{\0\"\0a\0\"\0:\0{\0}\0}\0",
    ];
    for bytes in odd_bytes {
        is_nobody(&site, &everybody, &plain("actor", bytes)).await;
    }
    // What unpacks to far more than it is, to nothing, or not at all.
    let bomb = format!(
        "{{\"a\":{{\"id\":\"root\",\"x\":\"{}\"}}}}",
        "y".repeat(100 << 20)
    );
    is_nobody(&site, &everybody, &packed("actor", bomb.as_bytes())).await;
    for broken in [".", ".AAAA", ".eJw", ".eJxLBAA", "!!!!", "a", "====", ""] {
        is_nobody(&site, &everybody, &seal("actor", broken)).await;
    }
    // The other alphabet is another text.
    let text = "{\"a\":{\"id\":\"root\",\"x\":\"\u{3fe}\u{3ff}~~~???\"}}";
    let (other, own) = (STANDARD.encode(text), URL_SAFE.encode(text));
    assert_ne!(other, own);
    is_nobody(&site, &everybody, &seal("actor", &other)).await;
    assert_eq!(actor(&site, &seal("actor", &own)).await["id"], "root");
}

// Proves: AUTH-12, AUTH-15
#[tokio::test]
async fn an_expiry_that_is_none_is_nobodys() {
    let site = site().await;
    let everybody = told(&answers(&site, &[]).await);
    let over = [
        "\"A\"",
        "\"BrDBeq\"",
        "\"-A\"",
        "\" E3d1S6\"",
        "\"E3d1S6=\"",
        "\"\u{e9}\"",
        "\"a\u{1}\"",
        "1",
        "99999999999",
        "-1",
        "1e400",
        "1.5",
        "true",
        "[1]",
        "{\"x\":1}",
    ];
    let long = [format!("\"{}\"", "z".repeat(5_000)), "9".repeat(5_000)];
    for expires in over.into_iter().chain(long.iter().map(String::as_str)) {
        let payload = format!("{{\"a\":{{\"id\":\"root\"}},\"e\":{expires}}}");
        is_nobody(&site, &everybody, &plain("actor", payload)).await;
    }
    for forever in [
        "null",
        "false",
        "0",
        "0.0",
        "\"\"",
        "[]",
        "{}",
        "\"zzzzzzzzz\"",
    ] {
        let payload = format!("{{\"a\":{{\"id\":\"root\"}},\"e\":{forever}}}");
        assert_eq!(
            actor(&site, &plain("actor", payload)).await["id"],
            "root",
            "{forever}"
        );
    }
}

/// Actors of any shape are shown, and may what anybody may.
#[tokio::test]
async fn odd_actors_are_no_more_than_anybody() {
    let site = site().await;
    let open = told(&answers(&site, &[]).await);
    let deep = "[".repeat(60) + &"]".repeat(60);
    for properties in [
        "{\"id\":null}".to_owned(),
        "{\"id\":[\"root\"]}".to_owned(),
        "{\"id\":{\"id\":\"root\"}}".to_owned(),
        "{\"id\":1e400}".to_owned(),
        format!("{{\"id\":{}}}", "1".repeat(5_000)),
        "{\"id\":\"ROOT\"}".to_owned(),
        "{\"id\":\"root\\u0000\"}".to_owned(),
        "{\"id\":\" root\"}".to_owned(),
        "{\"\":\"root\",\"name\":{\"x\":[]}}".to_owned(),
        format!("{{\"id\":{deep},\"display\":{deep}}}"),
        format!("{{\"id\":\"<script>{}\"}}", "x".repeat(10_000)),
    ] {
        let cookie = plain("actor", format!("{{\"a\":{properties}}}"));
        let header = format!("ds_actor={cookie}");
        let answers = answers(&site, &[("cookie", &header)]).await;
        for (answer, (status, _)) in answers.iter().zip(&open) {
            assert_eq!(answer.status, *status, "{properties}");
        }
        assert!(!answers[0].text().contains("<script>x"), "{properties}");
    }
}

fn json_text() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec![
            "root", "vt", "vi", "E3d1S6", "open", "closed", "t", ""
        ])
        .prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "a", "e", "t", "d", "r", "_r", "id", "open", "closed", "x",
    ]);
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..5).prop_map(|pairs| {
                let pairs = pairs.into_iter();
                Value::Object(pairs.map(|(key, value)| (key.to_owned(), value)).collect())
            }),
        ]
    })
}

fn waiting<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Whatever is signed as a cookie or a token: no 500, and nobody but ann sees what is hers.
    // Proves: AUTH-13, AUTH-14, AUTH-15, TOK-12, TOK-16, TOK-18
    #[test]
    fn any_payload_is_harmless(payloads in prop::collection::vec(json_text(), 8), limits in json_text()) {
        waiting(async {
            let site = site().await;
            for payload in payloads {
                let text = payload.to_string();
                let limited = json!({"a": "root", "t": payload.clone(), "_r": limits.clone()});
                let acting = json!({"a": {"id": "root", "_r": limits.clone(), "x": payload}});
                let cookie = |text: String| ("cookie", format!("ds_actor={}", plain("actor", text)));
                let bearer = |text: String| {
                    ("authorization", format!("Bearer dstok_{}", plain("token", text)))
                };
                for (name, value) in [
                    cookie(text.clone()),
                    cookie(acting.to_string()),
                    bearer(text),
                    bearer(limited.to_string()),
                ] {
                    for answer in answers(&site, &[(name, &value)]).await {
                        prop_assert!([200, 401, 403].contains(&answer.status), "{} {}", value, answer.text());
                        prop_assert!(!answer.text().contains("\"closed\"") || answer.status == 403);
                    }
                }
            }
            Ok::<_, TestCaseError>(())
        })?;
    }
}
