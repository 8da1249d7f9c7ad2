//! API tokens that an answer holds: what they say, without the second they were made in.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::read::ZlibDecoder;
use serde_json::Value;

use super::{Context, replace_after};

const PREFIX: &str = "dstok_";

fn belongs(char: char) -> bool {
    char.is_ascii_alphanumeric() || "-_.".contains(char)
}

/// Each token of a page becomes its payload with the time replaced; so does the time where the
/// page shows the payload. Two streams of zlib may say the same.
pub(super) fn in_text(text: &mut String, _: &Context) -> usize {
    let (mut result, mut rest, mut fired) = (String::new(), text.as_str(), 0);
    while let Some(found) = rest.find(PREFIX) {
        let (before, after) = rest.split_at(found + PREFIX.len());
        result.push_str(before);
        let end = after.find(|char| !belongs(char)).unwrap_or(after.len());
        let token = &after[..end];
        match payload(token) {
            Some(mut said) => {
                if said.get("t").is_some_and(Value::is_u64) {
                    said["t"] = Value::from("TIME");
                }
                let said = said.to_string();
                result.push_str(&said.replace('&', "&amp;").replace('"', "&quot;"));
                fired += 1;
            }
            None => result.push_str(token),
        }
        rest = &after[end..];
    }
    result.push_str(rest);
    if fired > 0 {
        fired += replace_after(
            &mut result,
            "\"t\": ",
            |char| char.is_ascii_digit(),
            "\"TIME\"",
        );
    }
    *text = result;
    fired
}

/// What a token says.
fn payload(token: &str) -> Option<Value> {
    let (payload, _) = token.rsplit_once('.')?;
    let bytes = match payload.strip_prefix('.') {
        Some(packed) => {
            let mut bytes = Vec::new();
            let packed = URL_SAFE_NO_PAD.decode(packed).ok()?;
            ZlibDecoder::new(packed.as_slice())
                .read_to_end(&mut bytes)
                .ok()?;
            bytes
        }
        None => URL_SAFE_NO_PAD.decode(payload).ok()?,
    };
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_becomes_what_it_says() {
        let mut text = "<i value=\"dstok_eyJhIjoicm9vdCIsInQiOjE3MDAwMDAwMDB9.DMgjgZPqNxNrhzJF2s5nFdLGwuU\">{\"t\": 1700000000}".to_owned();
        assert_eq!(in_text(&mut text, &Context::default()), 2);
        assert_eq!(
            text,
            "<i value=\"dstok_{&quot;a&quot;:&quot;root&quot;,&quot;t&quot;:&quot;TIME&quot;}\">{\"t\": \"TIME\"}"
        );
        let mut packed = "dstok_.eJyrVkpUslIqys8vUdJRKlGyMjQ3gAIdpRQlK2MzECO-SMmqGqQwWqksE6iurEQpFixdrZSSn1wMFi9Uiq3VUSpCiIHp0tzUvBKwgswioMbSIqAqIAAAR5giBQ.uidlyFqFauzbSYqevZDpqFEB9Lk".to_owned();
        assert_eq!(in_text(&mut packed, &Context::default()), 1);
        assert!(packed.contains("&quot;documents&quot;:[&quot;ir&quot;,&quot;ur&quot;]"));
    }

    #[test]
    fn what_is_no_token_stays() {
        for text in ["dstok_nonsense", "dstok_a.b", "\"t\": 1700000000", "dstok_"] {
            let mut same = text.to_owned();
            assert_eq!(in_text(&mut same, &Context::default()), 0);
            assert_eq!(same, text);
        }
    }
}
