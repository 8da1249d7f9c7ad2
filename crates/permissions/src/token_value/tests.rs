use super::*;
use datasette_hooks::TokenRestrictions;

const OPEN: TokenLimits = TokenLimits {
    enabled: true,
    longest: 0,
};

fn signer() -> Signer {
    Signer::new("golden-secret")
}

fn token(payload: &Value) -> String {
    format!("{PREFIX}{}", signer().sign(payload, NAMESPACE))
}

fn verify_at(now: u64, limits: TokenLimits, payload: &Value) -> Result<Value, String> {
    let now = Duration::from_secs(now);
    match verify_token_value(&signer(), limits, now, &token(payload)) {
        Ok(Some(actor)) => Ok(Value::Object(actor.properties().clone())),
        Ok(None) => Err("not mine".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

// Proves: TOK-02, TOK-03, TOK-04, TOK-05
#[test]
fn a_token_becomes_an_actor() {
    let golden = "dstok_eyJhIjoicm9vdCIsInQiOjE3MDAwMDAwMDB9.DMgjgZPqNxNrhzJF2s5nFdLGwuU";
    let actor = verify_token_value(&signer(), OPEN, Duration::from_secs(9), golden).unwrap();
    let properties = Value::Object(actor.unwrap().properties().clone());
    assert_eq!(properties, json!({"id": "root", "token": "dstok"}));
    let full = json!({"a": "x", "t": 100, "d": 50, "_r": {"a": ["vi"]}, "other": 1});
    let actor = verify_at(150, OPEN, &full).unwrap();
    assert_eq!(
        actor.to_string(),
        r#"{"id":"x","token":"dstok","_r":{"a":["vi"]},"token_expires":150}"#
    );
    assert_eq!(
        verify_at(151, OPEN, &full).unwrap_err(),
        "Token has expired"
    );
    let age_of_the_world = "1000000000000000000000000000000";
    let long: Value =
        serde_json::from_str(&format!(r#"{{"a": "x", "t": 7, "d": {age_of_the_world}}}"#)).unwrap();
    assert_eq!(
        verify_at(150, OPEN, &long).unwrap()["token_expires"].to_string(),
        "1000000000000000000000000000007"
    );
    for forever in [json!(null), json!(0)] {
        let payload = json!({"a": "x", "t": 5, "d": forever});
        assert!(verify_at(1 << 40, OPEN, &payload).is_ok());
    }
    assert!(verify_at(0, OPEN, &json!({"a": "x", "t": 9_000_000_000u64, "d": 1})).is_ok());
}

// Proves: TOK-06
#[test]
fn the_longest_life_is_a_setting() {
    let limits = TokenLimits {
        enabled: true,
        longest: 60,
    };
    let endless = json!({"a": "x", "t": 100});
    assert_eq!(
        verify_at(160, limits, &endless).unwrap()["token_expires"],
        json!(160)
    );
    assert_eq!(
        verify_at(161, limits, &endless).unwrap_err(),
        "Token has expired"
    );
    let long = json!({"a": "x", "t": 100, "d": 600});
    assert_eq!(
        verify_at(161, limits, &long).unwrap_err(),
        "Token has expired"
    );
    let short = json!({"a": "x", "t": 100, "d": 10});
    assert_eq!(
        verify_at(110, limits, &short).unwrap()["token_expires"],
        json!(110)
    );
    let zero = json!({"a": "x", "t": 100, "d": 0});
    assert!(verify_at(10_000, limits, &zero).is_ok());
}

// Proves: TOK-11, TOK-12
#[test]
fn refusals_have_their_words() {
    let cases = [
        (json!({"a": "x"}), "Invalid token: no timestamp"),
        (
            json!({"a": "x", "t": "now"}),
            "Invalid token: invalid timestamp",
        ),
        (
            json!({"a": "x", "t": 1.5}),
            "Invalid token: invalid timestamp",
        ),
        (
            json!({"a": "x", "t": 1, "d": "1"}),
            "Invalid token: invalid duration",
        ),
        (json!({"a": "x", "t": 1, "d": 1}), "Token has expired"),
        (json!([1, 2]), "Invalid token signature"),
        (json!({"t": 1}), "Invalid token signature"),
    ];
    for (payload, words) in cases {
        assert_eq!(
            verify_at(1000, OPEN, &payload).unwrap_err(),
            words,
            "{payload}"
        );
    }
    let now = Duration::from_secs(5);
    let bad = verify_token_value(&signer(), OPEN, now, "dstok_x.y").unwrap_err();
    assert!(
        matches!(bad, HookError::TokenInvalid(message) if message == "Invalid token signature")
    );
    let closed = TokenLimits {
        enabled: false,
        longest: 0,
    };
    assert_eq!(
        verify_at(0, closed, &json!({"a": "x", "t": 1})).unwrap_err(),
        DISABLED
    );
}

// Proves: TOK-08
#[test]
fn other_tokens_are_not_ours() {
    let now = Duration::from_secs(5);
    for other in ["", "abc", "DSTOK_x", "dstok"] {
        assert!(
            verify_token_value(&signer(), OPEN, now, other)
                .unwrap()
                .is_none()
        );
    }
}

// Proves: TOK-39
#[test]
fn a_token_is_written_as_it_is_read() {
    let request = TokenRequest {
        actor_id: json!("root"),
        expires_after: Some(3600),
        restrictions: Some(TokenRestrictions {
            all: vec!["vi".to_owned()],
            ..TokenRestrictions::default()
        }),
    };
    let now = Duration::from_secs(1_700_000_000);
    let token = create_token_value(&signer(), OPEN, now, &request).unwrap();
    let payload = signer().unsign(&token[PREFIX.len()..], NAMESPACE).unwrap();
    assert_eq!(
        payload.to_string(),
        r#"{"a":"root","t":1700000000,"d":3600,"_r":{"a":["vi"]}}"#
    );
    let plain = TokenRequest {
        actor_id: json!("root"),
        expires_after: Some(0),
        restrictions: None,
    };
    let token = create_token_value(&signer(), OPEN, now, &plain).unwrap();
    assert_eq!(
        token,
        "dstok_eyJhIjoicm9vdCIsInQiOjE3MDAwMDAwMDB9.DMgjgZPqNxNrhzJF2s5nFdLGwuU"
    );
}
