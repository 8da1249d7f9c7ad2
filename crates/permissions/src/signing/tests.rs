use super::*;
use proptest::prelude::*;
use serde_json::json;

const ROOT: &str = "eyJhIjp7ImlkIjoicm9vdCJ9fQ.LH8Ux22pLQTgAaxDn4-6vDOxtDI";

fn golden() -> Signer {
    Signer::new("golden-secret")
}

/// Namespace, payload, signed form.
fn vectors() -> Vec<(&'static str, Value, &'static str)> {
    let limits = json!({"a": ["vi", "vt"], "d": {"docs": ["vq"]},
                        "r": {"docs": {"documents": ["ir", "ur"]}}});
    vec![
        ("actor", json!({"a": {"id": "root"}}), ROOT),
        (
            "actor",
            json!({"a": {"id": "root"}, "e": "BrDBeq"}),
            "eyJhIjp7ImlkIjoicm9vdCJ9LCJlIjoiQnJEQmVxIn0.VbgTNtoV09qKq1kzx2sgqg96pMc",
        ),
        (
            "actor",
            json!({"a": {"id": "cleopaws", "name": "Cléo 🐶"}}),
            "eyJhIjp7ImlkIjoiY2xlb3Bhd3MiLCJuYW1lIjoiQ2zDqW8g8J-QtiJ9fQ.\
             jLyfVIZ8eb0iyfCriw6DpxYasEY",
        ),
        (
            "messages",
            json!([["You are now logged out", 2]]),
            "W1siWW91IGFyZSBub3cgbG9nZ2VkIG91dCIsMl1d.xNBqVVCHnIY9x0GmLcpBta_r9Ng",
        ),
        (
            "token",
            json!({"a": "root", "t": 1700000000}),
            "eyJhIjoicm9vdCIsInQiOjE3MDAwMDAwMDB9.DMgjgZPqNxNrhzJF2s5nFdLGwuU",
        ),
        (
            "token",
            json!({"a": "root", "t": 1700000000, "d": 3600}),
            "eyJhIjoicm9vdCIsInQiOjE3MDAwMDAwMDAsImQiOjM2MDB9.QYqaF1fA6aTabQdgOSz06kTZx0Y",
        ),
        (
            "default",
            json!("hello"),
            "ImhlbGxvIg.ayPtazid59Sd_SICm-fQZVlMaYI",
        ),
        (
            "default",
            json!({"x": [1, 2.5, null, true]}),
            "eyJ4IjpbMSwyLjUsbnVsbCx0cnVlXX0.unam8l7BE0_Lh_ox6lf_1304mIU",
        ),
        (
            "messages",
            json!([["Hello World", 1], ["Hello World", 2], ["Hello World", 3]]),
            ".eJyLjlbySM3JyVcIzy_KSVHSMYzVQRMxwhAxjo0FAOwqEXM.4Rn5QoBy0k-0FNsAXfKiYdmLgWo",
        ),
        (
            "token",
            json!({"a": "root", "t": 1700000000, "d": 3600, "_r": limits}),
            ".eJyrVkpUslIqys8vUdJRKlGyMjQ3gAIdpRQlK2MzECO-SMmqGqQwWqksE6iurEQpFixdrZSSn1wMFi9Ui\
             q3VUSpCiIHp0tzUvBKwgswioMbSIqAqIAAAR5giBQ.uidlyFqFauzbSYqevZDpqFEB9Lk",
        ),
    ]
}

// Proves: AUTH-02, AUTH-03, AUTH-04, AUTH-05, AUTH-06, AUTH-10
#[test]
fn the_golden_vectors_hold() {
    let signer = golden();
    for (namespace, value, signed) in vectors() {
        assert_eq!(
            signer.unsign(signed, namespace).as_ref(),
            Some(&value),
            "{signed}"
        );
        if signed.starts_with('.') {
            let own = signer.sign(&value, namespace);
            assert!(own.starts_with('.'), "{own}");
            assert_eq!(signer.unsign(&own, namespace), Some(value));
        } else {
            assert_eq!(signer.sign(&value, namespace), signed);
        }
    }
}

// Proves: AUTH-02, AUTH-08, AUTH-10
#[test]
fn a_changed_text_does_not_verify() {
    let signer = golden();
    let broken = [
        ROOT[..ROOT.len() - 1].to_owned(),
        ROOT.replace('.', ".."),
        format!(".{ROOT}"),
        format!("{ROOT}.x"),
        format!("{ROOT} "),
        format!(" {ROOT}"),
        String::new(),
        "a.b".to_owned(),
        ROOT.replace("LH8", "LH9"),
        ROOT.replace('.', ""),
    ];
    for text in broken {
        assert_eq!(signer.unsign(&text, "actor"), None, "{text:?}");
    }
    let padded = format!("{ROOT}=");
    assert_eq!(
        signer.unsign(&padded, "actor"),
        Some(json!({"a": {"id": "root"}}))
    );
}

// Proves: AUTH-07
#[test]
fn a_namespace_is_a_world_of_its_own() {
    let signer = golden();
    for other in ["token", "messages", "default", ""] {
        assert_eq!(signer.unsign(ROOT, other), None);
    }
    assert_eq!(Signer::new("other").unsign(ROOT, "actor"), None);
}

#[test]
fn generated_secrets_are_hexadecimal_and_differ() {
    let one = generate_secret().unwrap();
    assert_eq!(one.len(), 64);
    assert!(
        one.bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    );
    assert_ne!(one, generate_secret().unwrap());
}

#[test]
fn a_payload_that_unpacks_to_too_much_is_refused() {
    let signer = golden();
    let value = Value::String("a".repeat(LARGEST_PAYLOAD as usize));
    let signed = signer.sign(&value, "default");
    assert!(signed.len() < 10_000);
    assert_eq!(signer.unsign(&signed, "default"), None);
}

proptest! {
    // Proves: AUTH-04
    #[test]
    fn whatever_is_signed_comes_back(text in ".{0,300}", namespace in "[a-z]{0,8}") {
        let signer = golden();
        let value = json!({"a": {"id": text}});
        let signed = signer.sign(&value, &namespace);
        prop_assert_eq!(signer.unsign(&signed, &namespace), Some(value));
    }

    #[test]
    fn no_text_makes_it_fail(text in any::<String>()) {
        prop_assert_eq!(golden().unsign(&text, "actor"), None);
    }
}
