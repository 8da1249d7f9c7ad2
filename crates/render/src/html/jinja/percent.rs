//! `"%s of %d" % (a, b)` and the filter `format`: as Python fills in values.

use std::borrow::Cow;

use minijinja::formatting::{self, FormatStyle};
use minijinja::value::{Kwargs, Rest, Value, ValueKind};
use minijinja::{Error, ErrorKind};

use super::markup;
use crate::html::printing::{printed, quoted};

/// The filter: values by place, or by name for `%(name)s`.
pub(super) fn filter(text: &Value, values: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    if values.is_empty() && named.args().next().is_some() {
        return format(text, &[Value::from(named)]);
    }
    named.assert_all_used()?;
    format(text, &values)
}

/// The text with the values in place of what begins with `%`. In markup they are escaped.
pub(super) fn format(text: &Value, values: &[Value]) -> Result<Value, Error> {
    let is_markup = text.is_safe();
    let text = printed(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    let (mut next, mut by_name) = (0, false);
    while let Some(place) = rest.find('%') {
        out.push_str(&rest[..place]);
        let field = Field::read(&rest[place + 1..])?;
        rest = &rest[place + 1 + field.length..];
        if field.conversion == '%' {
            out.push('%');
            continue;
        }
        let value = match field.name {
            Some(name) => {
                by_name = true;
                let mapping = values.first().cloned().unwrap_or_default();
                let value = mapping.get_attr(name)?;
                if value.is_undefined() {
                    return Err(mistake(format!("there is no value of the name {name}")));
                }
                value
            }
            None => {
                next += 1;
                let value = values.get(next - 1).cloned();
                value.ok_or_else(|| mistake("there are not enough values for the format"))?
            }
        };
        out.push_str(&field.filled(&value, is_markup)?);
    }
    let is_left = next < values.len() && values[next].kind() != ValueKind::Map;
    if !by_name && is_left {
        return Err(mistake("not all values have a place in the format"));
    }
    out.push_str(rest);
    Ok(markup::text(out, is_markup))
}

struct Field<'a> {
    name: Option<&'a str>,
    /// Flags, width and precision.
    form: &'a str,
    conversion: char,
    /// How much of the text it is.
    length: usize,
}

impl<'a> Field<'a> {
    /// What stands behind the `%`.
    fn read(text: &'a str) -> Result<Self, Error> {
        let (name, form) = match text.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            Some((name, form)) => (Some(name), form),
            None => (None, text),
        };
        let end = form.find(|char: char| !matches!(char, '#' | '0'..='9' | '-' | ' ' | '+' | '.'));
        let conversion = end.and_then(|end| form[end..].chars().next());
        let (Some(end), Some(conversion)) = (end, conversion) else {
            return Err(mistake("the format ends behind %; %% is a percent sign"));
        };
        Ok(Self {
            name,
            form: &form[..end],
            conversion,
            length: text.len() - form.len() + end + conversion.len_utf8(),
        })
    }

    fn filled(&self, value: &Value, is_markup: bool) -> Result<String, Error> {
        let (conversion, value) = match self.conversion {
            's' => ('s', Value::from(markup::part(value, is_markup))),
            'r' | 'a' => {
                let text = match value.as_str() {
                    Some(text) => quoted(text),
                    None => printed(value),
                };
                (
                    's',
                    Value::from(markup::part(&Value::from(text), is_markup)),
                )
            }
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' if value.kind() == ValueKind::Number => {
                ('d', whole(value))
            }
            other => (other, value.clone()),
        };
        let conversion = match self.conversion {
            'x' | 'X' | 'o' => self.conversion,
            _ => conversion,
        };
        let form: Cow<'_, str> = format!("%{}{conversion}", self.form).into();
        formatting::format(FormatStyle::Printf, &form, &[value])
    }
}

/// A number without what stands behind its point.
fn whole(value: &Value) -> Value {
    match f64::try_from(value.clone()) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "numbers that large are not counted"
        )]
        Ok(number) if !value.is_integer() => Value::from(number.trunc() as i64),
        _ => value.clone(),
    }
}

fn mistake(message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    // What Python gives for the same.
    #[test]
    fn values_are_filled_in() {
        let given = |text: &str, values: &[Value]| format(&Value::from(text), values).unwrap();
        let number = Value::from(3.7);
        for (text, value, expected) in [
            ("%s|%%", Value::from("<"), "<|%"),
            ("%r", Value::from("it's"), "\"it's\""),
            ("%d %%", number.clone(), "3 %"),
            ("%05d", Value::from(42), "00042"),
            ("%x", Value::from(255), "ff"),
            ("%.1f", number.clone(), "3.7"),
            ("%5s|", Value::from("a"), "    a|"),
            ("%-5s|", Value::from("a"), "a    |"),
            ("%s", Value::from(()), "None"),
            ("%s", Value::from(true), "True"),
        ] {
            assert_eq!(given(text, &[value]).as_str(), Some(expected), "{text}");
        }
        let named = Value::from_pairs([("a", 1)]);
        assert_eq!(given("%(a)03d", &[named]).as_str(), Some("001"));
    }

    #[test]
    fn markup_escapes_what_is_filled_in() {
        let text = Value::from_safe_string("<i>%s</i>".to_owned());
        let filled = format(&text, &[Value::from("<")]).unwrap();
        assert!(filled.is_safe());
        assert_eq!(filled.as_str(), Some("<i>&lt;</i>"));
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let told = |text: &str, values: &[Value]| {
            format(&Value::from(text), values).unwrap_err().to_string()
        };
        assert!(told("%s %s", &[Value::from(1)]).contains("not enough"));
        assert!(told("%s", &[Value::from(1), Value::from(2)]).contains("not all"));
        assert!(told("100%", &[Value::from(1)]).contains("%%"));
        assert!(told("%(b)s", &[Value::from_pairs([("a", 1)])]).contains("name b"));
    }
}
