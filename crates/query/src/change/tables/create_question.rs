//! The body of `/{db}/-/create`, read (WRITE-71 to WRITE-77, WRITE-92).

use datasette_core::truth::is_truthy;
use datasette_core::{Fault, FaultKind};
use serde_json::{Map, Value as Json};

use super::default_expression::{DefaultExpression, NO_EXPRESSION};
use super::default_text::NewDefault;
use super::members::{Members, Mistakes};
use super::python_text;
use crate::change::column_kind::ColumnKind;

/// A table to make, or rows for one.
#[derive(Clone, Debug)]
pub struct CreateQuestion {
    /// The table's name.
    pub table: String,
    /// What it is made of.
    pub content: CreateContent,
    /// `pk`: the only column of the key.
    pub key: Option<String>,
    /// `pks`: the columns of the key; empty without any.
    pub keys: Vec<String>,
    /// `ignore`, where it was said.
    pub ignore: Option<bool>,
    /// `replace`, where it was said.
    pub replace: Option<bool>,
    /// `alter`: whether columns may be added to a table that exists.
    pub alter: bool,
}

/// What a table is made of.
#[derive(Clone, Debug)]
pub enum CreateContent {
    /// Columns, at least one.
    Columns(Vec<NewColumn>),
    /// Rows, at least one, their values not yet looked at.
    Rows(Vec<Map<String, Json>>),
}

/// A column as a request describes it (WRITE-75).
#[derive(Clone, Debug)]
pub struct NewColumn {
    /// The name.
    pub name: String,
    /// The type.
    pub kind: ColumnKind,
    /// Whether it refuses NULL.
    pub not_null: bool,
    /// What stands in it when nothing is given.
    pub default: Option<NewDefault>,
    /// The table that it refers to and, where it was said, the column of that.
    pub reference: Option<(String, Option<String>)>,
}

/// All keys of the body.
const KEYS: [&str; 9] = [
    "table", "rows", "row", "columns", "pk", "pks", "ignore", "replace", "alter",
];

/// All keys of a column.
const COLUMN_KEYS: [&str; 7] = [
    "default",
    "default_expr",
    "name",
    "type",
    "fk_table",
    "fk_column",
    "not_null",
];

impl CreateQuestion {
    /// Reads a body.
    ///
    /// # Errors
    /// 400 with all mistakes of the first kind that there are (WRITE-72 to WRITE-74, WRITE-92).
    pub fn parse(body: &Json) -> Result<Self, Fault> {
        let Some(object) = body.as_object() else {
            return Err(Fault::bad_request("JSON must be an object"));
        };
        let mut unknown: Vec<&str> = object.keys().map(String::as_str).collect();
        unknown.retain(|key| !KEYS.contains(key));
        if !unknown.is_empty() {
            unknown.sort_unstable();
            let words = format!("Invalid keys: {}", unknown.join(", "));
            return Err(Fault::bad_request(words));
        }
        let members = Members::new(object, "");
        let mut mistakes = Mistakes::default();
        let columns = columns(&members, &mut mistakes);
        let ignore = members.optional_flag("ignore", &mut mistakes);
        let replace = members.optional_flag("replace", &mut mistakes);
        let alter = members.optional_flag("alter", &mut mistakes);
        refuse(mistakes)?;
        let table = table_name(&members)?;
        let content = content(&members, columns)?;
        let (key, keys) = keys(&members)?;
        let says = |key: &str| members.has(key);
        if ignore == Some(true) && replace == Some(true) {
            return wrong("ignore and replace are mutually exclusive");
        }
        if says("ignore") || says("replace") {
            if matches!(content, CreateContent::Columns(_)) {
                return wrong("ignore and replace require row or rows");
            }
            if key.as_deref().is_none_or(str::is_empty) && keys.is_empty() {
                return wrong("ignore and replace require pk or pks");
            }
        }
        Ok(Self {
            table,
            content,
            key,
            keys,
            ignore,
            replace,
            alter: alter.unwrap_or_default(),
        })
    }

    /// The columns of the key, as far as the request names one: `pks`, else `pk`.
    pub fn wanted_key(&self) -> Vec<String> {
        match (self.keys.as_slice(), &self.key) {
            ([], Some(key)) => vec![key.clone()],
            (keys, _) => keys.to_vec(),
        }
    }
}

/// A fault of all mistakes, if there are any.
pub(super) fn refuse(mistakes: Mistakes) -> Result<(), Fault> {
    let mut messages = mistakes.into_messages().into_iter();
    let Some(first) = messages.next() else {
        return Ok(());
    };
    let fault = Fault::new(FaultKind::BadRequest, first);
    Err(messages.fold(fault, Fault::and))
}

fn wrong<T>(words: &str) -> Result<T, Fault> {
    Err(Fault::bad_request(words))
}

/// Whether a table may be called so (WRITE-72). One newline at the very end has always passed.
pub(super) fn is_table_name(name: &str) -> bool {
    let line = name.strip_suffix('\n').unwrap_or(name);
    !line.is_empty() && !line.contains('\n') && !name.starts_with("sqlite_")
}

fn table_name(members: &Members<'_>) -> Result<String, Fault> {
    let table = members.get("table").filter(|table| is_truthy(table));
    match table {
        None => wrong("Table is required"),
        Some(Json::String(name)) if is_table_name(name) => Ok(name.clone()),
        Some(_) => wrong("Invalid table name"),
    }
}

fn content(members: &Members<'_>, columns: Vec<NewColumn>) -> Result<CreateContent, Fault> {
    let given = |key: &str| members.get(key).filter(|value| is_truthy(value));
    let (rows, row) = (given("rows"), given("row"));
    if columns.is_empty() && rows.is_none() && row.is_none() {
        return wrong("columns, rows or row is required");
    }
    if rows.is_some() && row.is_some() {
        return wrong("Cannot specify both rows and row");
    }
    if !columns.is_empty() && (rows.is_some() || row.is_some()) {
        return wrong("Cannot specify columns with rows or row");
    }
    refuse_twins(&columns)?;
    let rows = match (members.get("rows"), row) {
        (Some(Json::Array(rows)), None) => rows.as_slice(),
        (Some(Json::Null | Json::Array(_)) | None, Some(row)) => std::slice::from_ref(row),
        (Some(Json::Null) | None, None) => &[],
        (Some(_), _) => return wrong("rows must be a list"),
    };
    if !columns.is_empty() {
        return Ok(CreateContent::Columns(columns));
    }
    let rows: Option<Vec<_>> = rows.iter().map(|row| row.as_object().cloned()).collect();
    match rows {
        Some(rows) => Ok(CreateContent::Rows(rows)),
        None => wrong("rows must be a list of objects"),
    }
}

fn refuse_twins(columns: &[NewColumn]) -> Result<(), Fault> {
    let mut seen = std::collections::HashSet::new();
    let mut twins: Vec<&str> = Vec::new();
    for column in columns {
        if !seen.insert(column.name.as_str()) && !twins.contains(&column.name.as_str()) {
            twins.push(&column.name);
        }
    }
    match twins.as_slice() {
        [] => Ok(()),
        twins => wrong(&format!("Duplicate column name: {}", twins.join(", "))),
    }
}

fn keys(members: &Members<'_>) -> Result<(Option<String>, Vec<String>), Fault> {
    let key = match members.get("pk") {
        None | Some(Json::Null) => None,
        Some(Json::String(key)) => Some(key.clone()),
        Some(_) => return wrong("pk must be a string"),
    };
    let given = members.get("pks").filter(|keys| !keys.is_null());
    if key.as_deref().is_some_and(|key| !key.is_empty()) && given.is_some_and(is_truthy) {
        return wrong("Cannot specify both pk and pks");
    }
    let keys = match given {
        None => Vec::new(),
        Some(Json::Array(keys)) => {
            let keys = keys.iter().map(|key| key.as_str().map(str::to_owned));
            match keys.collect() {
                Some(keys) => keys,
                None => return wrong("pks must be a list of strings"),
            }
        }
        Some(_) => return wrong("pks must be a list"),
    };
    Ok((key, keys))
}

fn columns(members: &Members<'_>, mistakes: &mut Mistakes) -> Vec<NewColumn> {
    let listed = match members.get("columns") {
        None | Some(Json::Null) => return Vec::new(),
        Some(Json::Array(listed)) => listed,
        Some(_) => {
            mistakes.add("", "columns must be a list");
            return Vec::new();
        }
    };
    let objects: Option<Vec<_>> = listed.iter().map(Json::as_object).collect();
    let Some(objects) = objects else {
        mistakes.add("", "columns must be a list of objects");
        return Vec::new();
    };
    let columns = objects
        .into_iter()
        .enumerate()
        .filter_map(|(place, object)| {
            column(&Members::new(object, format!("columns.{place}")), mistakes)
        });
    columns.collect()
}

fn column(members: &Members<'_>, mistakes: &mut Mistakes) -> Option<NewColumn> {
    let before = mistakes.count();
    default_expression(members, mistakes);
    let fk_table = members.optional_text("fk_table", mistakes);
    let fk_column = members.optional_text("fk_column", mistakes);
    let not_null = members.flag("not_null", mistakes);
    members.refuse_others(&COLUMN_KEYS, mistakes);
    if mistakes.count() > before {
        return None;
    }
    let default = match default(members) {
        Ok(default) => default,
        Err(words) => {
            mistakes.add(members.path(), words);
            return None;
        }
    };
    let Some(name) = members.get("name").and_then(Json::as_str) else {
        mistakes.add("", "Column name is required");
        return None;
    };
    if name.is_empty() {
        mistakes.add("", "Column name is required");
        return None;
    }
    let kind = match members.get("type").filter(|kind| is_truthy(kind)) {
        None => Some(ColumnKind::Text),
        Some(Json::String(named)) => ColumnKind::named(named),
        Some(_) => None,
    };
    let Some(kind) = kind else {
        let spelled = match members.get("type") {
            // The one value that the words of the original spell in another way than Python does.
            Some(Json::Bool(true)) => "1".to_owned(),
            Some(other) => python_text::plain(other),
            None => String::new(),
        };
        mistakes.add("", &format!("Unsupported column type: {spelled}"));
        return None;
    };
    let some = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    let reference = match (some(fk_table), some(fk_column)) {
        (Some(table), column) => Some((table, column)),
        (None, None) => None,
        (None, Some(_)) => {
            mistakes.add(members.path(), "fk_column requires fk_table");
            return None;
        }
    };
    Some(NewColumn {
        name: name.to_owned(),
        kind,
        not_null: not_null.unwrap_or_default(),
        default,
        reference,
    })
}

/// Looks at `default_expr` alone.
pub(super) fn default_expression(members: &Members<'_>, mistakes: &mut Mistakes) {
    let named = members.optional_text("default_expr", mistakes);
    if named.is_some_and(|name| DefaultExpression::named(name).is_none()) {
        mistakes.add(&members.path_of("default_expr"), NO_EXPRESSION);
    }
}

/// Reads `default` and `default_expr` once both are known to be of the right kind (WRITE-77).
pub(super) fn default(members: &Members<'_>) -> Result<Option<NewDefault>, &'static str> {
    match (members.get("default"), members.get("default_expr")) {
        (Some(_), Some(_)) => Err("Value error, default and default_expr cannot both be provided"),
        (None, Some(named)) => {
            let known = named.as_str().and_then(DefaultExpression::named);
            let known = known.ok_or("Value error, default_expr cannot be null")?;
            Ok(Some(NewDefault::Expression(known)))
        }
        (Some(value), None) => Ok(Some(NewDefault::Literal(value.clone()))),
        (None, None) => Ok(None),
    }
}
