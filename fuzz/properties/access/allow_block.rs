//! Allow blocks against a model made of the words of the contract.

use datasette_config::AllowBlock;
use datasette_core::Actor;
use serde_json::Value;

/// Two JSON texts with a line break between them: a block, and an actor or null. A text that is
/// read without complaint decides what the contract says, and nothing makes it fail.
pub(crate) fn allow_block(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (block, actor) = text.split_once('\n').unwrap_or((&text, "null"));
    allow_texts(block, actor);
}

/// The same for two texts.
pub(crate) fn allow_texts(block: &str, actor: &str) {
    let (Ok(block), Ok(actor)) = (serde_json::from_str(block), serde_json::from_str(actor)) else {
        return;
    };
    let actor = match actor {
        Value::Null => None,
        Value::Object(properties) => Some(Actor::new(properties)),
        _ => return,
    };
    let shown = format!("{block} {actor:?}");
    match (
        AllowBlock::from_json(&block),
        expected(&block, actor.as_ref()),
    ) {
        // What is no block is refused where it stands (PERM-10).
        (Err(_), verdict) => assert!(verdict.is_none() && !block.is_object(), "{shown}"),
        (Ok(None), _) => assert!(block.is_null(), "{shown}"),
        (Ok(Some(read)), verdict) => {
            let verdict = verdict.unwrap_or_else(|| panic!("no block: {shown}"));
            assert_eq!(read.allows(actor.as_ref()), verdict, "{shown}");
            // Whoever is not signed in needs words that say so (PERM-01, PERM-09).
            let open =
                block.as_bool() == Some(true) || block.as_u64() == Some(1) || is_anonymous(&block);
            assert!(open || !read.allows(None), "{shown}");
        }
    }
}

fn is_anonymous(block: &Value) -> bool {
    matches!(block.get("unauthenticated"), Some(Value::Bool(true)))
}

/// The verdict; `None` for what is no block.
fn expected(block: &Value, actor: Option<&Actor>) -> Option<bool> {
    match block {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) => match number.to_string().as_str() {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        },
        Value::Object(keys) => {
            let Some(actor) = actor else {
                return Some(matches!(
                    keys.get("unauthenticated"),
                    Some(Value::Bool(true))
                ));
            };
            let held = actor.properties();
            Some(
                keys.iter().any(|(key, wanted)| {
                    held.get(key).is_some_and(|held| key_matches(wanted, held))
                }),
            )
        }
        _ => None,
    }
}

fn key_matches(wanted: &Value, held: &Value) -> bool {
    if wanted.as_str() == Some("*") {
        return true;
    }
    let held: &[Value] = match held {
        Value::Null => return false,
        Value::Array(values) => values,
        one => std::slice::from_ref(one),
    };
    let wanted: &[Value] = match wanted {
        Value::Array(values) => values,
        one => std::slice::from_ref(one),
    };
    held.iter()
        .any(|held| wanted.iter().any(|wanted| same(wanted, held)))
}

fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Null, Value::Null) => true,
        (Value::String(one), Value::String(other)) => one == other,
        _ => amount(one).is_some_and(|one| amount(other).is_some_and(|other| one == other)),
    }
}

/// A number or truth as sign, digits without zeros at either end, and the power of ten of the first
/// digit. Numbers that only a double can hold are taken as the double that they become.
fn amount(value: &Value) -> Option<(bool, String, i64)> {
    let text = match value {
        Value::Bool(truth) => u8::from(*truth).to_string(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let text = match text.contains(['.', 'e', 'E']) {
        true => {
            let double = text.parse::<f64>().ok()?;
            if double.is_infinite() {
                return Some((double < 0.0, "infinite".to_owned(), i64::MAX));
            }
            format!("{double:.1100}")
        }
        false => text,
    };
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.as_str()),
    };
    let whole = digits.split('.').next()?.len() as i64;
    let digits: String = digits.chars().filter(|digit| *digit != '.').collect();
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Some((false, String::new(), 0));
    }
    let power = whole - (digits.len() - significant.len()) as i64;
    Some((
        negative,
        significant.trim_end_matches('0').to_owned(),
        power,
    ))
}
