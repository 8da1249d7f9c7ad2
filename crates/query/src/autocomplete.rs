//! Rows that a few typed characters may mean: what completes the value of a foreign key.

use datasette_core::{ColumnRef, Fault, QueryString, TableRef, Value, identifier};

use crate::binding::Params;
use crate::column_name::rowid_name;

/// The most rows of one answer (DEBUG-52).
pub const ROWS: usize = 10;

/// Which rows of a table are looked for.
#[derive(Clone, Debug)]
pub struct AutocompleteQuestion {
    table: TableRef,
    label: Option<ColumnRef>,
    sought: Sought,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Sought {
    /// Nothing was typed and nothing is to be shown for it.
    Nothing,
    /// Something to begin with.
    Initial,
    /// This text, which is not empty.
    Text(String),
}

impl AutocompleteQuestion {
    /// Reads `q` and `_initial`; `label` is the label column of the table (LABEL-08).
    ///
    /// # Errors
    /// 400 for a view (DEBUG-57), and for an `_initial` outside the boolean grammar where it
    /// matters (DEBUG-58).
    pub fn parse(
        table: &TableRef,
        label: Option<ColumnRef>,
        arguments: &QueryString,
    ) -> Result<Self, Fault> {
        if table.is_view() {
            return Err(Fault::bad_request(
                "Autocomplete is only available for tables",
            ));
        }
        let sought = match arguments.get("q").unwrap_or_default() {
            "" => initial(arguments.get("_initial"))?,
            text => Sought::Text(text.to_owned()),
        };
        Ok(Self {
            table: table.clone(),
            label,
            sought,
        })
    }

    /// Names of the columns that identify a row, in key order.
    pub fn key_names(&self) -> Vec<&str> {
        if self.table.uses_rowid() {
            vec![rowid_name(&self.table)]
        } else {
            self.table.primary_key_names().collect()
        }
    }

    /// Where in the rows of the statements the label is; `None` without a label column.
    pub fn label_place(&self) -> Option<usize> {
        let label = self.label.as_ref()?;
        let keys = self.key_names();
        // A key that is its own label is read once.
        let place = keys.iter().position(|key| *key == label.name());
        Some(place.unwrap_or(keys.len()))
    }
}

fn initial(argument: Option<&str>) -> Result<Sought, Fault> {
    match argument.unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "off" | "false" | "0" => Ok(Sought::Nothing),
        "on" | "true" | "1" => Ok(Sought::Initial),
        _ => Err(Fault::bad_request(
            "_initial must be on, off, true, false, 1 or 0",
        )),
    }
}

/// The statements that find the rows. Both give the key columns in key order, then the label.
#[derive(Clone, Debug, PartialEq)]
pub struct AutocompletePlan {
    /// The search (DEBUG-54, DEBUG-55).
    pub sql: String,
    /// What is tried when that takes too long: values of the first key column that begin with the
    /// text, which an index can find (DEBUG-56).
    pub fallback_sql: String,
    /// The values of both.
    pub params: Params,
}

/// Writes the statements; `None` when there is nothing to look for (DEBUG-53).
pub fn plan_autocomplete(question: &AutocompleteQuestion) -> Option<AutocompletePlan> {
    let text = match &question.sought {
        Sought::Nothing => return None,
        Sought::Initial => "",
        Sought::Text(text) => text,
    };
    let names = question.key_names();
    let keys: Vec<String> = names.iter().map(|name| quote(name)).collect();
    let label = question.label.as_ref().map(|column| quote(column.name()));
    let mut columns = keys.clone();
    columns.extend(label.clone().filter(|label| !keys.contains(label)));
    let select = format!(
        "select {} from {}",
        columns.join(", "),
        quote(question.table.name())
    );
    let sql = if question.sought == Sought::Initial {
        let rest = keys[1..].iter().map(|key| format!(", {key}"));
        let rest: String = rest.collect();
        format!("{select} order by {} desc{rest} limit {ROWS}", keys[0])
    } else {
        let matching: Vec<String> = columns.iter().map(|column| like(column, "like")).collect();
        format!(
            "{select} where {} order by {} limit {ROWS}",
            matching.join(" or "),
            order(&keys, label.as_deref())
        )
    };
    let mut params = vec![
        ("q".to_owned(), Value::from(text)),
        (
            "like".to_owned(),
            Value::from(format!("%{}%", escape(text))),
        ),
        (
            "prefix".to_owned(),
            Value::from(format!("{}%", escape(text))),
        ),
    ];
    let first = &keys[0];
    let mut beginning = like(first, "prefix");
    if let Some(end) = prefix_end(text) {
        params.push(("prefix_end".to_owned(), Value::from(end)));
        beginning = format!("{first} >= :q and {first} < :prefix_end and {beginning}");
    }
    Some(AutocompletePlan {
        sql,
        fallback_sql: format!(
            "{select} where {beginning} order by {} limit {ROWS}",
            keys.join(", ")
        ),
        params,
    })
}

fn quote(name: &str) -> String {
    identifier::quote_if_needed(name).into_owned()
}

fn like(column: &str, parameter: &str) -> String {
    format!("{column} like :{parameter} escape '\\'")
}

/// A key that is the text itself, then rows whose label has it, short labels first (DEBUG-55).
fn order(keys: &[String], label: Option<&str>) -> String {
    let mut terms = Vec::new();
    if let [key] = keys {
        terms.push(format!(
            "case when cast({key} as text) = :q then 0 else 1 end"
        ));
    }
    match label {
        Some(label) => {
            let matches = like(label, "like");
            terms.push(format!("case when {matches} then 0 else 1 end"));
            terms.push(format!(
                "case when {matches} then length(cast({label} as text)) end"
            ));
        }
        None => terms.push(format!("length(cast({} as text))", keys[0])),
    }
    terms.extend(keys.iter().cloned());
    terms.join(", ")
}

/// Text in which no character of a LIKE pattern means anything but itself.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '%' | '_') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// The least text that is greater than all that begin with `prefix`; `None` when there is none.
fn prefix_end(prefix: &str) -> Option<String> {
    let (at, next) = prefix
        .char_indices()
        .rev()
        .find_map(|(at, last)| Some((at, following(last)?)))?;
    let mut end = prefix[..at].to_owned();
    end.push(next);
    Some(end)
}

/// The character after this one; code points that are no characters are passed over.
fn following(character: char) -> Option<char> {
    (u32::from(character) + 1..=u32::from(char::MAX)).find_map(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::{escape, prefix_end};

    #[test]
    fn wildcards_are_ordinary_characters() {
        assert_eq!(escape(r"50%_of\"), r"50\%\_of\\");
        assert_eq!(escape("é"), "é");
    }

    #[test]
    fn a_prefix_ends_before_the_next_text() {
        let end = |text: &str| prefix_end(text);
        assert_eq!(end("abc").as_deref(), Some("abd"));
        assert_eq!(end("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(end("\u{d7ff}").as_deref(), Some("\u{e000}"));
        assert_eq!(end("\u{10ffff}"), None);
        assert_eq!(end(""), None);
    }
}
