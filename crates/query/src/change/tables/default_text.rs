//! Default values of columns as `CREATE TABLE` spells them (WRITE-76, WRITE-87, WRITE-88).

use datasette_core::given::is_integer;
use datasette_core::schema::Affinity;
use datasette_core::{Fault, real};
use serde_json::Value as Json;

use super::default_expression::DefaultExpression;
use super::python_text;
use crate::change::sql_tokens::{Kind, ends_in_line_comment, tokens};

/// The default that a request gives a column.
#[derive(Clone, Debug, PartialEq)]
pub enum NewDefault {
    /// A value.
    Literal(Json),
    /// One of the expressions that have a name.
    Expression(DefaultExpression),
}

impl NewDefault {
    /// The SQL after `DEFAULT`; `None` for the value null, which is no default.
    ///
    /// # Errors
    /// 400: the value is a list or an object, or a number that SQLite has no room for.
    pub(super) fn sql(&self) -> Result<Option<String>, Fault> {
        match self {
            Self::Literal(value) => literal(value),
            Self::Expression(known) => Ok(Some(known.sql.to_owned())),
        }
    }
}

fn literal(value: &Json) -> Result<Option<String>, Fault> {
    let unsupported = |kind: &str| {
        let words = format!("Error binding parameter 1: type '{kind}' is not supported");
        Err(Fault::bad_request(words))
    };
    match value {
        Json::Null => Ok(None),
        Json::Bool(flag) => Ok(Some(u8::from(*flag).to_string())),
        Json::String(text) => Ok(Some(text_literal(text))),
        Json::Array(_) => unsupported("list"),
        Json::Object(_) => unsupported("dict"),
        Json::Number(number) => {
            if let Some(whole) = number.as_i64() {
                return Ok(Some(whole.to_string()));
            }
            match number.as_str().parse() {
                Ok(fraction) if !is_integer(number) => Ok(Some(real_literal(fraction))),
                _ => Err(Fault::bad_request(
                    "Python int too large to convert to SQLite INTEGER",
                )),
            }
        }
    }
}

/// A text in quotes. SQL knows no way to spell a NUL in a literal.
fn text_literal(text: &str) -> String {
    if !text.contains('\0') {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let parts: Vec<String> = text
        .split('\0')
        .map(|part| format!("'{}'", part.replace('\'', "''")))
        .collect();
    format!("({})", parts.join(" || char(0) || "))
}

/// A number with a fraction as SQLite's `quote()` spells it.
fn real_literal(number: f64) -> String {
    if number.is_infinite() {
        let sign = if number < 0.0 { "-" } else { "" };
        return format!("{sign}9.0e+999");
    }
    let text = real::text(number);
    match text.split_once('e') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0e{exponent}"),
        _ => text,
    }
}

/// The default of a column that a rebuilt table keeps, from what SQLite says about it. Numbers come
/// out in quotes, as they always have, where the column makes numbers of them again; expressions in
/// parentheses.
pub(super) fn kept(default: &str, affinity: Affinity) -> String {
    let found = tokens(default);
    let meant: Vec<_> = found.iter().filter(|token| !token.is_trivia()).collect();
    let is_commented = found.iter().any(|token| token.kind == Kind::Comment);
    let is_number = match meant.as_slice() {
        _ if is_commented => false,
        [number] => number.kind == Kind::Number,
        [sign, number] => number.kind == Kind::Number && matches!(sign.text(default), "-" | "+"),
        _ => false,
    };
    match meant.as_slice() {
        [one] if matches!(one.kind, Kind::Text | Kind::Blob) => one.text(default).to_owned(),
        [one] if one.kind == Kind::Quoted && default.starts_with('"') => default.to_owned(),
        [one] if one.kind == Kind::Word && is_constant(one.text(default)) => {
            one.text(default).to_owned()
        }
        _ if is_number && affinity == Affinity::Blob => default.trim().to_owned(),
        _ if is_number => format!("'{}'", default.trim()),
        _ => {
            let newline = if ends_in_line_comment(default) {
                "\n"
            } else {
                ""
            };
            format!("({default}{newline})")
        }
    }
}

fn is_constant(word: &str) -> bool {
    const CONSTANTS: [&str; 6] = [
        "CURRENT_TIME",
        "CURRENT_DATE",
        "CURRENT_TIMESTAMP",
        "TRUE",
        "FALSE",
        "NULL",
    ];
    CONSTANTS
        .iter()
        .any(|constant| constant.eq_ignore_ascii_case(word))
}

/// The words about a column that gets a default and is not there.
pub(super) fn no_column<'a>(
    what: &str,
    named: impl IntoIterator<Item = &'a str>,
    columns: impl IntoIterator<Item = &'a str>,
) -> Fault {
    Fault::bad_request(format!(
        "{what} set {} includes items not in columns {}",
        python_text::set(named),
        python_text::set(columns)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sql(value: Json) -> Option<String> {
        NewDefault::Literal(value).sql().unwrap()
    }

    // Proves: WRITE-87
    #[test]
    fn values_become_literals() {
        assert_eq!(sql(json!("it's")).unwrap(), "'it''s'");
        assert_eq!(sql(json!("CURRENT_TIME")).unwrap(), "'CURRENT_TIME'");
        assert_eq!(sql(json!(true)).unwrap(), "1");
        assert_eq!(sql(json!(false)).unwrap(), "0");
        assert_eq!(sql(json!(-5)).unwrap(), "-5");
        assert_eq!(sql(json!(1.5)).unwrap(), "1.5");
        assert_eq!(sql(json!(1e20)).unwrap(), "1.0e+20");
        assert_eq!(sql(json!(1e-7)).unwrap(), "1.0e-07");
        assert_eq!(
            sql(serde_json::from_str("-1e999").unwrap()).unwrap(),
            "-9.0e+999"
        );
        assert_eq!(sql(json!(null)), None);
        assert_eq!(sql(json!("a\0b")).unwrap(), "('a' || char(0) || 'b')");
        for (value, words) in [
            (
                json!([1]),
                "Error binding parameter 1: type 'list' is not supported",
            ),
            (
                json!({}),
                "Error binding parameter 1: type 'dict' is not supported",
            ),
            (
                serde_json::from_str("9223372036854775808").unwrap(),
                "Python int too large to convert to SQLite INTEGER",
            ),
        ] {
            let fault = NewDefault::Literal(value).sql().unwrap_err();
            assert_eq!((fault.status(), fault.message().as_str()), (400, words));
        }
    }

    // Proves: WRITE-104
    #[test]
    fn a_rebuilt_table_keeps_its_defaults() {
        for (default, affinity, expected) in [
            ("5", Affinity::Integer, "'5'"),
            ("-5", Affinity::Integer, "'-5'"),
            ("5", Affinity::Blob, "5"),
            ("'a''b'", Affinity::Text, "'a''b'"),
            ("\"a\"", Affinity::Text, "\"a\""),
            ("x'00'", Affinity::Blob, "x'00'"),
            ("current_date", Affinity::Text, "current_date"),
            ("NULL", Affinity::Text, "NULL"),
            ("true", Affinity::Integer, "true"),
            ("datetime('now')", Affinity::Text, "(datetime('now'))"),
            ("1+1", Affinity::Text, "(1+1)"),
            ("'a' || 'b'", Affinity::Text, "('a' || 'b')"),
            ("1 -- one", Affinity::Text, "(1 -- one\n)"),
        ] {
            assert_eq!(kept(default, affinity), expected, "{default}");
        }
    }
}
