//! The body of `/{db}/{table}/-/alter`, read (WRITE-94 to WRITE-100).

use datasette_core::Fault;
use serde_json::Value as Json;

use super::create_question::{default, default_expression, is_table_name, refuse};
use super::default_text::NewDefault;
use super::members::{Members, Mistakes};
use super::python_text;
use crate::change::column_kind::ColumnKind;

/// What to do to a table, in the order of the request.
#[derive(Clone, Debug)]
pub struct AlterQuestion {
    /// At least one.
    pub operations: Vec<Operation>,
}

/// One operation (WRITE-95).
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// `add_column`.
    AddColumn {
        /// The new column's name.
        name: String,
        /// Its type.
        kind: ColumnKind,
        /// Whether it refuses NULL.
        not_null: bool,
        /// Its default, where one was given.
        default: Option<NewDefault>,
    },
    /// `rename_column`.
    RenameColumn {
        /// The column.
        name: String,
        /// Its new name; an empty one changes nothing.
        to: String,
    },
    /// `rename_table`.
    RenameTable {
        /// The new name.
        to: String,
    },
    /// `alter_column`.
    AlterColumn {
        /// The column.
        name: String,
        /// Another type.
        kind: Option<ColumnKind>,
        /// Whether it shall refuse NULL.
        not_null: Option<bool>,
        /// Another default; the value null takes it away.
        default: Option<NewDefault>,
    },
    /// `drop_column`.
    DropColumn {
        /// The column.
        name: String,
    },
    /// `set_primary_key`.
    SetPrimaryKey {
        /// The columns of the key, at least one.
        columns: Vec<String>,
    },
    /// `reorder_columns`.
    ReorderColumns {
        /// The columns that come first, at least one.
        columns: Vec<String>,
    },
    /// `add_foreign_key`.
    AddForeignKey(NewForeignKey),
    /// `drop_foreign_key`.
    DropForeignKey {
        /// A column of the keys to drop.
        column: String,
    },
    /// `set_foreign_keys`.
    SetForeignKeys(Vec<NewForeignKey>),
}

/// A foreign key to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewForeignKey {
    /// The referring column.
    pub column: String,
    /// The table referred to.
    pub table: String,
    /// The column referred to; `None` for the only column of that table's key.
    pub other_column: Option<String>,
}

impl AlterQuestion {
    /// Reads a body.
    ///
    /// # Errors
    /// 400 with all mistakes, each with its path (WRITE-96 to WRITE-100).
    pub fn parse(body: &Json) -> Result<Self, Fault> {
        let Some(object) = body.as_object() else {
            return Err(Fault::bad_request("JSON must be a dictionary"));
        };
        let members = Members::new(object, "");
        let mut mistakes = Mistakes::default();
        let listed = members.filled_list("operations", &mut mistakes);
        let listed = listed.unwrap_or_default().iter().enumerate();
        let operations = listed
            .filter_map(|(place, json)| {
                operation(json, &format!("operations.{place}"), &mut mistakes)
            })
            .collect();
        members.refuse_others(&["operations"], &mut mistakes);
        refuse(mistakes)?;
        Ok(Self { operations })
    }
}

/// All operations with what their arguments are called in messages.
const OPERATIONS: [(&str, &str); 10] = [
    ("add_column", "AddColumnArgs"),
    ("rename_column", "RenameColumnArgs"),
    ("rename_table", "RenameTableArgs"),
    ("alter_column", "AlterColumnArgs"),
    ("drop_column", "DropColumnArgs"),
    ("set_primary_key", "SetPrimaryKeyArgs"),
    ("reorder_columns", "ReorderColumnsArgs"),
    ("add_foreign_key", "ForeignKeyArgs"),
    ("drop_foreign_key", "DropForeignKeyArgs"),
    ("set_foreign_keys", "SetForeignKeysArgs"),
];

fn operation(json: &Json, path: &str, mistakes: &mut Mistakes) -> Option<Operation> {
    let Some(object) = json.as_object() else {
        mistakes.add(
            path,
            "Input should be a valid dictionary or object to extract fields from",
        );
        return None;
    };
    let Some(tag) = object.get("op") else {
        mistakes.add(path, "Unable to extract tag using discriminator 'op'");
        return None;
    };
    let known = OPERATIONS.iter().find(|(name, _)| tag == name);
    let Some((name, arguments)) = known else {
        let names: Vec<String> = OPERATIONS
            .iter()
            .map(|(name, _)| format!("'{name}'"))
            .collect();
        let tag = python_text::plain(tag);
        let names = names.join(", ");
        mistakes.add(
            path,
            &format!(
                "Input tag '{tag}' found using 'op' does not match any of the expected tags: {names}"
            ),
        );
        return None;
    };
    let members = Members::new(object, format!("{path}.{name}"));
    let given = members.required("args", mistakes);
    let read = given.and_then(|given| {
        let given = object_at(given, &members.path_of("args"), arguments, mistakes)?;
        arguments_of(name, &given, mistakes)
    });
    members.refuse_others(&["op", "args"], mistakes);
    read
}

fn object_at<'a>(
    json: &'a Json,
    path: &str,
    called: &str,
    mistakes: &mut Mistakes,
) -> Option<Members<'a>> {
    let object = json.as_object();
    if object.is_none() {
        let words = format!("Input should be a valid dictionary or instance of {called}");
        mistakes.add(path, &words);
    }
    Some(Members::new(object?, path))
}

fn arguments_of(name: &str, given: &Members<'_>, mistakes: &mut Mistakes) -> Option<Operation> {
    match name {
        "add_column" => add_column(given, mistakes),
        "rename_column" => {
            let column = given.text("name", mistakes);
            let to = given.text("to", mistakes);
            given.refuse_others(&["name", "to"], mistakes);
            Some(Operation::RenameColumn {
                name: column?.to_owned(),
                to: to?.to_owned(),
            })
        }
        "rename_table" => {
            let to = given.text("to", mistakes);
            if to.is_some_and(|to| !is_table_name(to)) {
                mistakes.add(&given.path_of("to"), "Invalid table name");
            }
            given.refuse_others(&["to"], mistakes);
            Some(Operation::RenameTable { to: to?.to_owned() })
        }
        "alter_column" => alter_column(given, mistakes),
        "drop_column" => {
            let name = given.text("name", mistakes);
            given.refuse_others(&["name"], mistakes);
            Some(Operation::DropColumn {
                name: name?.to_owned(),
            })
        }
        "set_primary_key" | "reorder_columns" => {
            let columns = given.filled_texts("columns", mistakes);
            given.refuse_others(&["columns"], mistakes);
            Some(match name {
                "set_primary_key" => Operation::SetPrimaryKey { columns },
                _ => Operation::ReorderColumns { columns },
            })
        }
        "add_foreign_key" => foreign_key(given, mistakes).map(Operation::AddForeignKey),
        "drop_foreign_key" => {
            let column = given.text("column", mistakes);
            given.refuse_others(&["column"], mistakes);
            Some(Operation::DropForeignKey {
                column: column?.to_owned(),
            })
        }
        _ => set_foreign_keys(given, mistakes),
    }
}

fn kind(given: &Members<'_>, may_be_null: bool, mistakes: &mut Mistakes) -> Option<ColumnKind> {
    let value = given.get("type")?;
    if value.is_null() && may_be_null {
        return None;
    }
    let kind = value.as_str().and_then(ColumnKind::named);
    if kind.is_none() {
        mistakes.add(
            &given.path_of("type"),
            "Input should be 'text', 'integer', 'float' or 'blob'",
        );
    }
    kind
}

const COLUMN_KEYS: [&str; 5] = ["default", "default_expr", "name", "type", "not_null"];

fn add_column(given: &Members<'_>, mistakes: &mut Mistakes) -> Option<Operation> {
    let before = mistakes.count();
    default_expression(given, mistakes);
    let name = given.text("name", mistakes);
    let kind = kind(given, false, mistakes);
    let not_null = given.flag("not_null", mistakes);
    given.refuse_others(&COLUMN_KEYS, mistakes);
    let default = unless_wrong(before, given, mistakes)?;
    Some(Operation::AddColumn {
        name: name?.to_owned(),
        kind: kind.unwrap_or(ColumnKind::Text),
        not_null: not_null.unwrap_or_default(),
        default,
    })
}

fn alter_column(given: &Members<'_>, mistakes: &mut Mistakes) -> Option<Operation> {
    let before = mistakes.count();
    default_expression(given, mistakes);
    let name = given.text("name", mistakes);
    let kind = kind(given, true, mistakes);
    let not_null = given.optional_flag("not_null", mistakes);
    given.refuse_others(&COLUMN_KEYS, mistakes);
    let default = unless_wrong(before, given, mistakes)?;
    let changes = ["type", "not_null", "default", "default_expr"];
    if !changes.iter().any(|key| given.has(key)) {
        mistakes.add(
            given.path(),
            "Value error, At least one of type, not_null, default or default_expr must be provided",
        );
        return None;
    }
    Some(Operation::AlterColumn {
        name: name?.to_owned(),
        kind,
        not_null,
        default,
    })
}

/// The default, once nothing else is wrong with the arguments.
fn unless_wrong(
    before: usize,
    given: &Members<'_>,
    mistakes: &mut Mistakes,
) -> Option<Option<NewDefault>> {
    if mistakes.count() > before {
        return None;
    }
    let read = default(given);
    read.map_err(|words| mistakes.add(given.path(), words)).ok()
}

fn foreign_key(given: &Members<'_>, mistakes: &mut Mistakes) -> Option<NewForeignKey> {
    let before = mistakes.count();
    let column = given.text("column", mistakes);
    let some = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    let table = some(given.optional_text("fk_table", mistakes));
    let other_column = some(given.optional_text("fk_column", mistakes));
    given.refuse_others(&["column", "fk_table", "fk_column"], mistakes);
    if mistakes.count() > before {
        return None;
    }
    let Some(table) = table else {
        let words = match other_column {
            Some(_) => "fk_column requires fk_table",
            None => "fk_table is required",
        };
        mistakes.add(given.path(), words);
        return None;
    };
    Some(NewForeignKey {
        column: column?.to_owned(),
        table,
        other_column,
    })
}

fn set_foreign_keys(given: &Members<'_>, mistakes: &mut Mistakes) -> Option<Operation> {
    let listed = given.list("foreign_keys", mistakes);
    let path = given.path_of("foreign_keys");
    let mut keys = Vec::new();
    for (place, json) in listed.unwrap_or_default().iter().enumerate() {
        let members = object_at(json, &format!("{path}.{place}"), "ForeignKeyArgs", mistakes);
        keys.extend(members.and_then(|members| foreign_key(&members, mistakes)));
    }
    given.refuse_others(&["foreign_keys"], mistakes);
    Some(Operation::SetForeignKeys(keys))
}
