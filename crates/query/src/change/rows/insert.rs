//! What insert and upsert are asked.

use datasette_core::{Fault, Given, GivenRow, TableRef};
use serde_json::{Map, Value as Json};

use super::streamed::too_many;
use crate::change::body::Body;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsertKind {
    /// `POST /{db}/{table}/-/insert` (WRITE-22).
    Insert,
    /// `POST /{db}/{table}/-/upsert` (WRITE-42).
    Upsert,
}

/// What happens with rows that are there already.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Insert or upsert.
    pub kind: InsertKind,
    /// Whether rows that conflict are skipped.
    pub ignore: bool,
    /// Whether rows that conflict replace those that are there.
    pub replace: bool,
}

impl Manner {
    /// Refuses what contradicts itself (WRITE-25).
    ///
    /// # Errors
    /// 400 when conflicting rows are to be skipped and to replace others.
    pub(super) fn check_contradiction(self) -> Result<(), Fault> {
        if self.ignore && self.replace {
            return Err(Fault::bad_request(
                "Cannot use \"ignore\" and \"replace\" at the same time",
            ));
        }
        Ok(())
    }

    /// Refuses what an upsert does not do: the mistake that is looked for last (WRITE-43).
    ///
    /// # Errors
    /// 400 for an upsert that is to ignore or replace.
    pub fn check_upsert(self) -> Result<(), Fault> {
        if self.kind == InsertKind::Upsert && (self.ignore || self.replace) {
            return Err(Fault::bad_request(
                "Upsert does not support ignore or replace",
            ));
        }
        Ok(())
    }
}

/// A body of `-/insert` or `-/upsert` that makes sense for its table.
#[derive(Clone, Debug)]
pub struct InsertQuestion {
    /// What happens with rows that are there already.
    pub manner: Manner,
    /// The rows in their order.
    pub rows: Vec<GivenRow>,
    /// Whether missing columns are added.
    pub alter: bool,
    /// Whether the rows are wanted back. Rows are then inserted with their own columns each, so that
    /// defaults apply (WRITE-38).
    pub wants_rows: bool,
}

impl InsertQuestion {
    /// Reads a body (WRITE-24 to WRITE-28, WRITE-43, WRITE-44).
    ///
    /// # Errors
    /// 400 with the first mistake of the body, or with one message per mistake of a row.
    pub fn parse(
        kind: InsertKind,
        json: Json,
        table: &TableRef,
        max_rows: usize,
    ) -> Result<Self, Fault> {
        let mut body = Body::new(json)?;
        let single = body.has("row");
        let rows = rows(&mut body)?;
        if rows.len() > max_rows {
            return Err(too_many(max_rows));
        }
        let unknown = body.unknown(&["return", "ignore", "replace", "alter"]);
        if !unknown.is_empty() {
            let message = format!("Invalid parameter: \"{}\"", unknown.join("\", \""));
            return Err(Fault::bad_request(message));
        }
        let manner = Manner {
            kind,
            ignore: body.flag("ignore"),
            replace: body.flag("replace"),
        };
        manner.check_contradiction()?;
        let alter = body.flag("alter");
        check_rows(kind, table, alter, &rows)?;
        let rows: Result<_, _> = rows.into_iter().map(Given::decode_row).collect();
        Ok(Self {
            manner,
            rows: rows?,
            alter,
            wants_rows: single || body.flag("return"),
        })
    }
}

fn rows(body: &mut Body) -> Result<Vec<Map<String, Json>>, Fault> {
    let refuse = |message: &str| Err(Fault::bad_request(message));
    let listed = match (body.take("row"), body.take("rows")) {
        (None, None) => return refuse("JSON must have one or other of \"row\" or \"rows\""),
        (Some(_), Some(_)) => return refuse("Cannot use \"row\" and \"rows\" at the same time"),
        (Some(Json::Object(row)), None) => return Ok(vec![row]),
        (Some(_), None) => return refuse("\"row\" must be a dictionary"),
        (None, Some(Json::Array(listed))) => listed,
        (None, Some(_)) => return refuse("\"rows\" must be a list"),
    };
    let mut rows = Vec::with_capacity(listed.len());
    for row in listed {
        match row {
            Json::Object(row) => rows.push(row),
            _ => return refuse("\"rows\" must be a list of dictionaries"),
        }
    }
    Ok(rows)
}

/// Every mistake of every row (WRITE-27, WRITE-44).
fn check_rows(
    kind: InsertKind,
    table: &TableRef,
    alter: bool,
    rows: &[Map<String, Json>],
) -> Result<(), Fault> {
    let keys = table.row_key_names();
    let quoted = |names: &[&str]| format!("\"{}\"", names.join("\", \""));
    let mut mistakes = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if kind == InsertKind::Upsert {
            let with = |wanted: fn(Option<&Json>) -> bool| -> Vec<&str> {
                let names = keys.iter().copied();
                names.filter(|name| wanted(row.get(*name))).collect()
            };
            let missing = with(|value| value.is_none());
            if !missing.is_empty() {
                let names = quoted(&missing);
                mistakes.push(format!(
                    "Row {index} is missing primary key column(s): {names}"
                ));
            }
            let null = with(|value| value.is_some_and(Json::is_null));
            if !null.is_empty() {
                let names = quoted(&null);
                mistakes.push(format!(
                    "Row {index} has null primary key column(s): {names}"
                ));
            }
        }
        if alter {
            continue;
        }
        let is_known = |name: &str| table.column_index(name).is_some() || keys.contains(&name);
        let names = row.keys().map(String::as_str);
        let mut unknown: Vec<&str> = names.filter(|name| !is_known(name)).collect();
        if !unknown.is_empty() {
            unknown.sort_unstable();
            let names = unknown.join(", ");
            mistakes.push(format!("Row {index} has invalid columns: {names}"));
        }
    }
    let mut mistakes = mistakes.into_iter();
    match mistakes.next() {
        None => Ok(()),
        Some(first) => Err(mistakes.fold(Fault::bad_request(first), Fault::and)),
    }
}
