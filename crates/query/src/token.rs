//! `_next` tokens: where a page starts.
//!
//! The forms of PAGE-03 to PAGE-08 hold column values as text, which is enough wherever the
//! column's affinity turns that text back into the value. For other values, and for rows that no
//! comparison can name, there are forms that start with `$`, a byte that encoded text never has:
//! `$null`, `$integer.5`, `$real.0.5`, `$blob.00ff`, `$text.x`, and `$skip.100` as last component.

use datasette_core::schema::Affinity;
use datasette_core::{Column, Fault, TableRef, Value, ValueRef, tilde};

use crate::number;
use crate::sort::Sort;

/// Where a page starts.
#[derive(Clone, Debug, PartialEq)]
pub enum NextToken {
    /// After that many rows of a view (PAGE-08).
    Offset(i64),
    /// After a row of a table.
    After {
        /// The row; `None` is the beginning.
        position: Option<Position>,
        /// Rows to leave out after it: used while the last row of a page has NULL in its key or
        /// another value that cannot be compared with.
        skip: u64,
    },
}

/// A row in the order of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// Its value in the sort column; `None` without a sort.
    pub sort: Option<Value>,
    /// Its key, as many values as the key has columns.
    pub key: Vec<Value>,
    text: String,
}

impl Position {
    /// The token of this position.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

impl NextToken {
    /// Reads a token that is not blank. `None` for one that does not fit the table and is ignored
    /// (PAGE-20).
    ///
    /// # Errors
    /// 400 for a view when it is not an integer (PAGE-22), and for a sorted table when it has the
    /// wrong number of components (PAGE-21).
    pub fn parse(table: &TableRef, sort: Option<&Sort>, text: &str) -> Result<Option<Self>, Fault> {
        if table.is_view() {
            return number::integer(text)
                .map(|offset| Some(Self::Offset(offset)))
                .ok_or_else(|| Fault::bad_request("_next must be an integer"));
        }
        let (text, skip) = split_skip(text);
        if text.is_empty() {
            let position = None;
            return Ok((skip > 0).then_some(Self::After { position, skip }));
        }
        let mut components: Vec<&str> = text.split(',').collect();
        let sort = match sort {
            None => None,
            Some(_) if components.len() == 1 => Some(Value::Null),
            Some(_) => Some(match components.remove(0) {
                "$null" => Value::Null,
                component => decode(component),
            }),
        };
        let expected = if table.uses_rowid() {
            components.truncate(1);
            1
        } else {
            table.primary_key.len()
        };
        if components.len() != expected {
            return match sort {
                None => Ok(None),
                Some(_) => Err(Fault::invalid_sql("near \")\": syntax error")),
            };
        }
        let position = Some(Position {
            sort,
            key: components.into_iter().map(decode).collect(),
            text: text.to_owned(),
        });
        Ok(Some(Self::After { position, skip }))
    }
}

fn split_skip(text: &str) -> (&str, u64) {
    let (rest, last) = text.rsplit_once(',').unwrap_or(("", text));
    match last.strip_prefix("$skip.").map(str::parse) {
        // Beyond what SQLite can count there are no rows either.
        Some(Ok(skip)) if skip <= i64::MAX as u64 => (rest, skip),
        _ => (text, 0),
    }
}

fn decode(component: &str) -> Value {
    let marked = component.strip_prefix('$').and_then(|marked| {
        let (kind, payload) = marked.split_once('.')?;
        match kind {
            "integer" => payload.parse().ok().map(Value::Integer),
            "real" => payload.parse().ok().map(Value::Real),
            "blob" => bytes(payload).map(Value::Blob),
            "text" => Some(Value::Text(tilde::decode(payload).into_owned())),
            _ => None,
        }
    });
    marked.unwrap_or_else(|| Value::Text(tilde::decode(component).into_owned()))
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let nibbles: Option<Vec<u8>> = digits
        .chars()
        .map(|digit| digit.to_digit(16).map(|nibble| nibble as u8))
        .collect();
    let nibbles = nibbles?;
    let pairs = nibbles.chunks_exact(2);
    pairs
        .remainder()
        .is_empty()
        .then(|| pairs.map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// Spells a value of a column so that [`NextToken::parse`] gives a value that compares the same.
/// `column` is `None` for the rowid. `None` when no spelling can.
pub(crate) fn encode(column: Option<&Column>, value: ValueRef<'_>) -> Option<String> {
    Some(match value {
        ValueRef::Null => "$null".to_owned(),
        // A replacement character may stand for bytes that are not UTF-8 and cannot be compared
        // with.
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes).ok()?;
            (!text.contains('\u{fffd}')).then(|| tilde::encode(text).into_owned())?
        }
        ValueRef::Blob(bytes) => {
            let mut digits = String::from("$blob.");
            for byte in bytes {
                digits.push_str(&format!("{byte:02x}"));
            }
            digits
        }
        ValueRef::Integer(_) | ValueRef::Real(_) => {
            let text = value.as_text()?;
            let finite = !matches!(value, ValueRef::Real(number) if !number.is_finite());
            if finite && column.is_none_or(turns_text_into_numbers) {
                tilde::encode(&text).into_owned()
            } else if matches!(value, ValueRef::Integer(_)) {
                format!("$integer.{text}")
            } else {
                format!("$real.{text}")
            }
        }
    })
}

/// Whether comparing the column with text that looks like a number compares numbers. `ANY` is
/// numeric in ordinary tables and without affinity in strict ones.
fn turns_text_into_numbers(column: &Column) -> bool {
    let numeric = matches!(
        column.affinity(),
        Affinity::Integer | Affinity::Real | Affinity::Numeric
    );
    numeric && !column.declared_type.eq_ignore_ascii_case("any")
}

/// A key that is one empty text makes an empty token, which would be ignored (PAGE-23).
pub(crate) fn never_empty(token: String) -> String {
    if token.is_empty() {
        "$text.".to_owned()
    } else {
        token
    }
}
