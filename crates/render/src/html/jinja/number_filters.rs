//! Filters of numbers.

use std::borrow::Cow;

use minijinja::value::{Kwargs, Rest, Value};
use minijinja::{Environment, Error, ErrorKind};

use crate::html::given::Given;

/// Adds them.
pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_filter("filesizeformat", file_size);
    environment.add_filter("float", float);
    environment.add_filter("int", int);
}

fn mistake(message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

/// Also of text; the size in bytes.
fn file_size(value: &Value, rest: Rest<Value>, named: Kwargs) -> Result<String, Error> {
    let given = Given::new(rest, named);
    let binary = given.truth(0, "binary", false)?;
    given.end()?;
    let size = number(value).ok_or_else(|| mistake(format!("{} is no size", value.kind())))?;
    Ok(minijinja_contrib::filters::filesizeformat(
        size,
        Some(binary),
    ))
}

/// A number of a number or of text that spells one.
fn number(value: &Value) -> Option<f64> {
    match value.as_str() {
        Some(text) => text.trim().replace('_', "").parse().ok(),
        None => f64::try_from(value.clone()).ok(),
    }
}

/// What is no number is the default.
fn float(value: &Value, rest: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let given = Given::new(rest, named);
    let default = given.get(0, "default")?;
    given.end()?;
    Ok(number(value).map_or_else(|| default.unwrap_or_else(|| Value::from(0.0)), Value::from))
}

/// Of text in a base, or of anything that is a number; what is none is the default.
fn int(value: &Value, rest: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let given = Given::new(rest, named);
    let default = given.get(0, "default")?;
    let base = given.number(1, "base", 10)?;
    given.end()?;
    if value.is_integer() {
        return Ok(value.clone());
    }
    let whole = value.as_str().and_then(|text| whole_number(text, base));
    let whole = whole.or_else(|| {
        let number = number(value).filter(|number| number.is_finite())?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "larger numbers are the largest"
        )]
        Some(number.trunc() as i128)
    });
    Ok(whole.map_or_else(
        || default.unwrap_or_else(|| Value::from(0)),
        |whole| i64::try_from(whole).map_or_else(|_| Value::from(whole), Value::from),
    ))
}

/// `" -0x1f "` in base 16; base 0 goes by the prefix.
fn whole_number(text: &str, base: usize) -> Option<i128> {
    let text = text.trim().replace('_', "").to_ascii_lowercase();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let prefixes = [("0x", 16), ("0o", 8), ("0b", 2)];
    let prefix = prefixes.iter().find_map(|(prefix, of)| {
        let fits = base == *of || base == 0;
        fits.then(|| digits.strip_prefix(prefix))
            .flatten()
            .map(|rest| (rest, *of))
    });
    let (digits, base) = prefix.unwrap_or((digits, if base == 0 { 10 } else { base }));
    if digits.starts_with(['+', '-']) || !(2..=36).contains(&base) {
        return None;
    }
    let radix = u32::try_from(base).ok()?;
    Some(sign * i128::from_str_radix(digits, radix).ok()?)
}
