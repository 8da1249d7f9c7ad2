//! The signed tokens themselves: payload in, actor out.

use std::time::Duration;

use datasette_core::Actor;
use datasette_hooks::{HookError, TokenRequest};
use serde_json::{Map, Number, Value, json};

use crate::signing::Signer;

/// What signed tokens start with (TOK-02).
const PREFIX: &str = "dstok_";
const NAMESPACE: &str = "token";
const DISABLED: &str = "Signed tokens are not enabled for this Datasette instance";

/// What the settings say about signed tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenLimits {
    /// `allow_signed_tokens` (TOK-07).
    pub enabled: bool,
    /// `max_signed_tokens_ttl` in seconds, 0 for no limit (TOK-06).
    pub longest: u64,
}

/// A signed token (TOK-02, TOK-39).
///
/// # Errors
/// Signed tokens are switched off.
pub fn create_token_value(
    signer: &Signer,
    limits: TokenLimits,
    now: Duration,
    request: &TokenRequest,
) -> Result<String, HookError> {
    if !limits.enabled {
        return Err(HookError::failed(DISABLED));
    }
    let mut payload = Map::new();
    payload.insert("a".to_owned(), request.actor_id.clone());
    payload.insert("t".to_owned(), json!(now.as_secs()));
    if let Some(seconds) = request.expires_after.filter(|seconds| *seconds != 0) {
        payload.insert("d".to_owned(), json!(seconds));
    }
    let restrictions = request.restrictions.as_ref();
    if let Some(restrictions) = restrictions.filter(|restrictions| !restrictions.is_empty()) {
        let limits = serde_json::to_value(restrictions)
            .map_err(|error| HookError::failed(error.to_string()))?;
        payload.insert("_r".to_owned(), limits);
    }
    let signed = signer.sign(&Value::Object(payload), NAMESPACE);
    Ok(format!("{PREFIX}{signed}"))
}

fn invalid(message: &str) -> HookError {
    HookError::TokenInvalid(message.to_owned())
}

/// A whole number, also true and false, which count as 1 and 0.
fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::Bool(truth) => Some(i128::from(*truth)),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// The actor of a token; `None` when it is not a signed one (TOK-03, TOK-08).
///
/// # Errors
/// [`HookError::TokenInvalid`] in the words and the order of TOK-11.
pub fn verify_token_value(
    signer: &Signer,
    limits: TokenLimits,
    now: Duration,
    token: &str,
) -> Result<Option<Actor>, HookError> {
    let Some(signed) = token.strip_prefix(PREFIX) else {
        return Ok(None);
    };
    if !limits.enabled {
        return Err(invalid(DISABLED));
    }
    let Some(Value::Object(mut payload)) = signer.unsign(signed, NAMESPACE) else {
        return Err(invalid("Invalid token signature"));
    };
    let Some(created) = payload.get("t") else {
        return Err(invalid("Invalid token: no timestamp"));
    };
    let created = whole(created).ok_or_else(|| invalid("Invalid token: invalid timestamp"))?;
    let duration = match payload.get("d") {
        None | Some(Value::Null) => None,
        Some(value) => {
            Some(whole(value).ok_or_else(|| invalid("Invalid token: invalid duration"))?)
        }
    };
    let longest = Some(i128::from(limits.longest)).filter(|longest| *longest != 0);
    let duration = match (duration, longest) {
        (None, longest) => longest,
        (Some(seconds), Some(longest)) => Some(seconds.min(longest)),
        (seconds, None) => seconds,
    };
    // A duration of zero never expires (TOK-05), whatever the limit (TOK-06).
    let duration = duration.filter(|seconds| *seconds != 0);
    if let Some(duration) = duration
        && is_over(now, created, duration)
    {
        return Err(invalid("Token has expired"));
    }
    let Some(id) = payload.remove("a") else {
        return Err(invalid("Invalid token signature"));
    };
    let mut properties = Map::new();
    properties.insert("id".to_owned(), id);
    properties.insert("token".to_owned(), json!("dstok"));
    if let Some(restrictions) = payload.remove("_r") {
        properties.insert("_r".to_owned(), restrictions);
    }
    if let Some(duration) = duration {
        let expires = created.saturating_add(duration);
        let expires = Number::from_i128(expires).map_or(Value::Null, Value::Number);
        properties.insert("token_expires".to_owned(), expires);
    }
    Ok(Some(Actor::new(properties)))
}

/// Whether more than `duration` seconds have passed since `created`, to the millisecond (TOK-04).
fn is_over(now: Duration, created: i128, duration: i128) -> bool {
    let now = i128::try_from(now.as_millis()).unwrap_or(i128::MAX);
    now > created.saturating_add(duration).saturating_mul(1000)
}

#[cfg(test)]
mod tests;
