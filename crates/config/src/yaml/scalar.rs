//! What an unquoted YAML 1.1 word means (CONF-02).

use serde_json::Value;

use crate::number;

/// The meaning of an unquoted word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Resolved {
    /// Itself.
    Text,
    /// A date or a time.
    Date,
    /// Null, a truth or a number.
    Value(Value),
}

/// The meaning that the form of the word gives it.
pub(super) fn resolve(word: &str) -> Resolved {
    if is_null(word) {
        Resolved::Value(Value::Null)
    } else if let Some(truth) = truth(word) {
        Resolved::Value(Value::Bool(truth))
    } else if let Some(value) = integer(word).or_else(|| float(word)) {
        Resolved::Value(value)
    } else if is_date(word) {
        Resolved::Date
    } else {
        Resolved::Text
    }
}

/// The meaning that an explicit `!!kind` gives it; `None` when the word does not have that form
/// or the kind is not plain data.
pub(super) fn resolve_as(word: &str, kind: &str) -> Option<Resolved> {
    let value = match kind {
        "null" => Value::Null,
        "bool" => Value::Bool(truth(word)?),
        "int" => integer(word)?,
        "float" => match integer(word) {
            Some(whole) => number::from_double(whole.as_f64()?),
            None => float(word).or_else(|| word.parse().ok().map(number::from_double))?,
        },
        "timestamp" => return is_date(word).then_some(Resolved::Date),
        _ => return None,
    };
    Some(Resolved::Value(value))
}

fn is_null(word: &str) -> bool {
    matches!(word, "" | "~" | "null" | "Null" | "NULL")
}

fn truth(word: &str) -> Option<bool> {
    match word {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

fn split_sign(word: &str) -> (bool, &str) {
    match word.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, word.strip_prefix('+').unwrap_or(word)),
    }
}

fn only(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'_' || allowed(byte))
}

/// Decimal, `0b`, `0x`, a leading zero for octal, and `1:30` in base sixty.
fn integer(word: &str) -> Option<Value> {
    let (negative, body) = split_sign(word);
    if let Some(digits) = body.strip_prefix("0b") {
        return radix(digits, 2, negative);
    }
    if let Some(digits) = body.strip_prefix("0x") {
        return radix(digits, 16, negative);
    }
    let first = body.bytes().next()?;
    if first == b'0' && body.len() > 1 {
        return radix(body, 8, negative);
    }
    if let Some((head, tail)) = body.split_once(':') {
        if !matches!(first, b'1'..=b'9') || !only(head, |byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut total: i128 = head.replace('_', "").parse().ok()?;
        for part in tail.split(':') {
            total = total.checked_mul(60)?.checked_add(sixtieth(part)?.into())?;
        }
        let total = if negative { -total } else { total };
        return number::from_digits(&total.to_string());
    }
    if !first.is_ascii_digit() || !only(body, |byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = body.replace('_', "");
    let minus = if negative && digits != "0" { "-" } else { "" };
    number::from_digits(&format!("{minus}{digits}"))
}

fn radix(digits: &str, base: u32, negative: bool) -> Option<Value> {
    if !only(digits, |byte| char::from(byte).is_digit(base)) {
        return None;
    }
    let value = i128::from_str_radix(&digits.replace('_', ""), base).ok()?;
    let value = if negative { -value } else { value };
    number::from_digits(&value.to_string())
}

/// One or two digits below sixty.
fn sixtieth(part: &str) -> Option<u8> {
    if !matches!(part.len(), 1 | 2) || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    part.parse().ok().filter(|value| *value < 60)
}

/// A dot is required, and the sign of an exponent; `1:30.5` is in base sixty.
fn float(word: &str) -> Option<Value> {
    let (negative, body) = split_sign(word);
    match body {
        ".inf" | ".Inf" | ".INF" => {
            let infinity = if negative {
                f64::NEG_INFINITY
            } else {
                f64::INFINITY
            };
            return Some(number::from_double(infinity));
        }
        ".nan" | ".NaN" | ".NAN" if body.len() == word.len() => {
            return Some(number::from_double(f64::NAN));
        }
        _ => {}
    }
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (body, None),
    };
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-'])?;
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
    }
    let (whole, fraction) = mantissa.split_once('.')?;
    if !fraction
        .bytes()
        .all(|byte| byte == b'_' || byte.is_ascii_digit())
    {
        return None;
    }
    let magnitude = if whole.is_empty() {
        // Without a digit before the dot there must be one after it, and no sign.
        let starts_with_digit = fraction.bytes().next()?.is_ascii_digit();
        (starts_with_digit && body.len() == word.len())
            .then(|| parse(&format!("0{body}")))
            .flatten()?
    } else if let Some((head, tail)) = whole.split_once(':') {
        if exponent.is_some() || !starts_with_digit(head) {
            return None;
        }
        let mut total = parse(head)?;
        for part in tail.split(':') {
            total = total * 60.0 + f64::from(sixtieth(part)?);
        }
        total + parse(&format!("0.{fraction}0"))?
    } else if starts_with_digit(whole) {
        parse(body)?
    } else {
        return None;
    };
    Some(number::from_double(if negative {
        -magnitude
    } else {
        magnitude
    }))
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && only(text, |byte| byte.is_ascii_digit())
}

fn parse(text: &str) -> Option<f64> {
    text.replace('_', "").parse().ok()
}

/// `2026-11-22`, or a date and a time of day with an optional zone.
fn is_date(word: &str) -> bool {
    let mut rest = word;
    if digits(&mut rest, 4, 4).is_none() || !take(&mut rest, '-') {
        return false;
    }
    let Some(month) = digits(&mut rest, 1, 2) else {
        return false;
    };
    if !take(&mut rest, '-') {
        return false;
    }
    let Some(day) = digits(&mut rest, 1, 2) else {
        return false;
    };
    if rest.is_empty() {
        return month == 2 && day == 2;
    }
    time(&mut rest).is_some() && rest.is_empty()
}

fn time(rest: &mut &str) -> Option<()> {
    if !(take(rest, 'T') || take(rest, 't')) {
        blanks(rest).then_some(())?;
    }
    digits(rest, 1, 2)?;
    take(rest, ':').then_some(())?;
    digits(rest, 2, 2)?;
    take(rest, ':').then_some(())?;
    digits(rest, 2, 2)?;
    if take(rest, '.') {
        digits(rest, 0, usize::MAX)?;
    }
    blanks(rest);
    if take(rest, 'Z') || rest.is_empty() {
        return Some(());
    }
    (take(rest, '+') || take(rest, '-')).then_some(())?;
    digits(rest, 1, 2)?;
    if take(rest, ':') {
        digits(rest, 2, 2)?;
    }
    Some(())
}

fn take(rest: &mut &str, wanted: char) -> bool {
    match rest.strip_prefix(wanted) {
        Some(after) => {
            *rest = after;
            true
        }
        None => false,
    }
}

fn blanks(rest: &mut &str) -> bool {
    let after = rest.trim_start_matches([' ', '\t']);
    let any = after.len() < rest.len();
    *rest = after;
    any
}

/// Takes as many digits as there are up to `most`; `None` when fewer than `least`.
fn digits(rest: &mut &str, least: usize, most: usize) -> Option<usize> {
    let count = rest
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    *rest = &rest[count..];
    (count >= least).then_some(count)
}

#[cfg(test)]
mod tests;
