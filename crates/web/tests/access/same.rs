//! Answers without what chance makes different in each of them.

use datasette_testkit::Answer;

/// The answer without the number that its policy for scripts draws.
pub(crate) fn without_chance(answer: &Answer) -> Answer {
    let mut plain = answer.clone();
    let policy = answer.header("content-security-policy").unwrap_or_default();
    let drawn = policy
        .split_once("'nonce-")
        .and_then(|(_, rest)| rest.split_once('\''));
    let Some((nonce, _)) = drawn else {
        return plain;
    };
    for (_, value) in &mut plain.headers {
        *value = value.replace(nonce, "");
    }
    if let Ok(text) = String::from_utf8(plain.body.clone()) {
        let escaped = nonce.replace('/', "&#x2f;").replace('+', "&#43;");
        let partly = nonce.replace('/', "&#x2f;");
        let text = text
            .replace(nonce, "")
            .replace(&escaped, "")
            .replace(&partly, "");
        plain.body = text.into_bytes();
    }
    plain
}
