//! `"{} {name:>8} {x!r}".format(...)`: as Python fills in values.

use minijinja::formatting::{self, FormatStyle};
use minijinja::value::{Kwargs, Value};
use minijinja::{Error, ErrorKind};

use super::markup;
use crate::html::printing::{printed, quoted};

/// The text with the values in place of what stands in braces. In markup they are escaped.
pub(super) fn format(text: &Value, values: &[Value], named: &Kwargs) -> Result<Value, Error> {
    let is_markup = text.is_safe();
    let whole = printed(text);
    let mut out = String::with_capacity(whole.len());
    let mut rest = whole.as_str();
    let mut next = 0;
    while let Some(place) = rest.find(['{', '}']) {
        out.push_str(&rest[..place]);
        let behind = &rest[place + 1..];
        let sign = &rest[place..=place];
        if let Some(behind) = behind.strip_prefix(sign) {
            out.push_str(sign);
            rest = behind;
            continue;
        }
        let end = (sign == "{").then(|| behind.find('}')).flatten();
        let Some(end) = end else {
            return Err(mistake("a brace is alone; {{ and }} are braces".to_owned()));
        };
        let (path, conversion, form) = parts(&behind[..end]);
        rest = &behind[end + 1..];
        let value = looked_up(path, values, named, &mut next)?;
        out.push_str(&filled(&value, conversion, form, is_markup)?);
    }
    out.push_str(rest);
    for name in named.args() {
        // Names that no field asks for are no mistake.
        let _asked: Value = named.get(name)?;
    }
    Ok(markup::text(out, is_markup))
}

/// What is shown, how it is converted (`!r`) and in which form (`:>8`).
fn parts(field: &str) -> (&str, Option<&str>, &str) {
    let (field, form) = field.split_once(':').unwrap_or((field, ""));
    match field.split_once('!') {
        Some((path, conversion)) => (path, Some(conversion), form),
        None => (field, None, form),
    }
}

fn looked_up(
    path: &str,
    values: &[Value],
    named: &Kwargs,
    next: &mut usize,
) -> Result<Value, Error> {
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let (name, mut rest) = path.split_at(end);
    let place = match name {
        "" => {
            *next += 1;
            Some(*next - 1)
        }
        name => name.parse::<usize>().ok(),
    };
    let mut value = match place {
        Some(place) => values
            .get(place)
            .cloned()
            .ok_or_else(|| mistake(format!("the format has no value for place {place}")))?,
        None => named
            .get(name)
            .map_err(|_| mistake(format!("the format has no value of the name {name}")))?,
    };
    while !rest.is_empty() {
        value = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((key, behind)) => {
                rest = behind;
                match key.parse::<i64>() {
                    Ok(place) => value.get_item(&Value::from(place))?,
                    Err(_) => value.get_item(&Value::from(key))?,
                }
            }
            None => {
                let attribute = rest.trim_start_matches('.');
                let end = attribute.find(['.', '[']).unwrap_or(attribute.len());
                let (attribute, behind) = attribute.split_at(end);
                rest = behind;
                value.get_attr(attribute)?
            }
        };
    }
    Ok(value)
}

fn filled(
    value: &Value,
    conversion: Option<&str>,
    form: &str,
    is_markup: bool,
) -> Result<String, Error> {
    let value = match (conversion, value.as_str()) {
        (None, _) => value.clone(),
        (Some("r" | "a"), Some(text)) => Value::from(quoted(text)),
        (Some("r" | "a" | "s"), _) => Value::from(printed(value)),
        (Some(other), _) => return Err(mistake(format!("there is no conversion !{other}"))),
    };
    if form.is_empty() {
        return Ok(markup::part(&value, is_markup));
    }
    let percent = form.strip_suffix('%');
    let (form, value) = match (percent, f64::try_from(value.clone())) {
        (Some(form), Ok(share)) => (format!("{form}f"), Value::from(share * 100.0)),
        _ => (form.to_owned(), value),
    };
    let text = formatting::format(
        FormatStyle::StrFormat,
        &format!("{{:{form}}}"),
        std::slice::from_ref(&value),
    )?;
    let text = format!("{text}{}", percent.map_or("", |_| "%"));
    Ok(match value.is_safe() {
        true => text,
        false => markup::part(&Value::from(text), is_markup),
    })
}

fn mistake(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str, values: &[Value]) -> Result<String, Error> {
        let named = Kwargs::from_iter([("n", Value::from("x"))]);
        let filled = format(&Value::from(text), values, &named)?;
        Ok(filled.as_str().unwrap_or_default().to_owned())
    }

    // What Python gives for the same.
    #[test]
    fn values_are_filled_in() {
        let list = Value::from(vec![Value::from_pairs([("a", 5)])]);
        for (text, value, expected) in [
            ("{}-{0}-{n} {{}}", Value::from(1), "1-1-x {}"),
            ("{:,}|{0:>9,.1f}", Value::from(1234.5), "1,234.5|  1,234.5"),
            ("{:.1%}", Value::from(0.256), "25.6%"),
            ("{!r}", Value::from("a"), "'a'"),
            ("{[0][a]} {0[0].a}", list, "5 5"),
            ("{:<4}|{0:^4}|{0:*>4}", Value::from("ab"), "ab  | ab |**ab"),
            ("{:05d}", Value::from(42), "00042"),
            ("{}", Value::from(()), "None"),
        ] {
            assert_eq!(given(text, &[value]).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told() {
        for text in ["{", "}", "{1}", "{other}", "{!x}", "{:d}"] {
            assert!(given(text, &[Value::from("a")]).is_err(), "{text}");
        }
    }
}
