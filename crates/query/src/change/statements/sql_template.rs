//! First statements that are offered to those who may change a table (UI-45).

use std::collections::HashSet;

use datasette_core::identifier::quote;
use datasette_core::schema::{Column, Table};

/// The statement that is offered to those who may create tables.
pub const CREATE_TABLE: &str = "create table new_table (
  id integer primary key,
  name text
  -- created text default (datetime('now'))
)";

/// What a first statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SqlTemplate {
    /// Inserts a row.
    Insert,
    /// Changes the rows of a key.
    Update,
    /// Deletes the rows of a key.
    Delete,
}

impl SqlTemplate {
    /// All of them, in the order of their buttons.
    pub const ALL: [Self; 3] = [Self::Insert, Self::Update, Self::Delete];

    /// Its name in markup.
    pub fn name(self) -> &'static str {
        match self {
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    /// The words of its button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Insert => "Insert row",
            Self::Update => "Update rows",
            Self::Delete => "Delete rows",
        }
    }

    /// The statement for a table; `None` where no column of it can be written.
    pub fn sql(self, table: &Table) -> Option<String> {
        let columns: Vec<&Column> = table
            .columns
            .iter()
            .filter(|column| column.hidden == 0)
            .collect();
        let key = key_column(&table.name, &columns)?;
        let name = quote(&table.name);
        Some(match self {
            Self::Insert => insert(&name, &columns),
            Self::Update => update(&name, &columns, key),
            Self::Delete => {
                let parameters = parameters(&columns);
                format!(
                    "delete from {name}\nwhere {}",
                    equals(&columns, &parameters, key)
                )
            }
        })
    }
}

fn insert(table: &str, columns: &[&Column]) -> String {
    let automatic = automatic_key(columns);
    let given: Vec<&Column> = columns
        .iter()
        .copied()
        .filter(|column| Some(column.name.as_str()) != automatic)
        .collect();
    if given.is_empty() {
        return format!("insert into {table}\ndefault values");
    }
    let names: Vec<String> = given
        .iter()
        .map(|column| format!("  {}", quote(&column.name)))
        .collect();
    let values: Vec<String> = parameters(&given)
        .iter()
        .map(|parameter| format!("  :{parameter}"))
        .collect();
    let (names, values) = (names.join(",\n"), values.join(",\n"));
    format!("insert into {table} (\n{names}\n)\nvalues (\n{values}\n)")
}

fn update(table: &str, columns: &[&Column], key: usize) -> String {
    let parameters = parameters(columns);
    let condition = equals(columns, &parameters, key);
    let set: Vec<String> = (0..columns.len())
        .filter(|index| *index != key)
        .map(|index| equals(columns, &parameters, index))
        .collect();
    let set = match set.is_empty() {
        false => set.join(",\n    "),
        true => format!("{} = :new_{}", quote(&columns[key].name), parameters[key]),
    };
    format!("update {table}\nset {set}\nwhere {condition}")
}

fn equals(columns: &[&Column], parameters: &[String], index: usize) -> String {
    format!("{} = :{}", quote(&columns[index].name), parameters[index])
}

/// The column that most likely tells rows apart.
fn key_column(table: &str, columns: &[&Column]) -> Option<usize> {
    let called = |wanted: &str| {
        let mut columns = columns.iter();
        columns.position(|column| column.name.to_lowercase() == wanted)
    };
    called("id")
        .or_else(|| called(&format!("{}_id", table.to_lowercase())))
        .or((!columns.is_empty()).then_some(0))
}

/// The key that SQLite gives a value by itself.
fn automatic_key<'a>(columns: &[&'a Column]) -> Option<&'a str> {
    let mut keys = columns
        .iter()
        .filter(|column| column.primary_key_position > 0);
    let key = keys.next().filter(|_| keys.next().is_none())?;
    let is_integer = key.declared_type.eq_ignore_ascii_case("integer");
    is_integer.then_some(key.name.as_str())
}

/// Names of parameters that resemble those of columns, each another one.
fn parameters(columns: &[&Column]) -> Vec<String> {
    let mut known = HashSet::new();
    let unique = |column: &&Column| {
        let base = parameter(&column.name);
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let mut candidates = std::iter::once(base.clone()).chain(numbered);
        let name = candidates.find(|name| !known.contains(name));
        let name = name.unwrap_or(base);
        known.insert(name.clone());
        name
    };
    columns.iter().map(unique).collect()
}

fn parameter(column: &str) -> String {
    let mut name = String::new();
    for character in column.to_lowercase().chars() {
        let kept = character.is_ascii_lowercase() || character.is_ascii_digit();
        if kept || character == '_' {
            name.push(character);
        } else if !name.ends_with('\0') {
            // Each stretch of others becomes one underscore.
            name.push('\0');
        }
    }
    let name = name.replace('\0', "_");
    match name.trim_matches('_') {
        "" => "value".to_owned(),
        digits if digits.starts_with(|first: char| first.is_ascii_digit()) => format!("p_{digits}"),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasette_core::TableKind;
    use datasette_core::schema::Derivation;

    fn table(name: &str, columns: &[(&str, &str, u32, u8)]) -> Table {
        let column = |(name, declared_type, position, hidden): &(&str, &str, u32, u8)| Column {
            name: (*name).to_owned(),
            declared_type: (*declared_type).to_owned(),
            not_null: false,
            default: None,
            primary_key_position: *position,
            hidden: *hidden,
        };
        Table {
            name: name.to_owned(),
            kind: TableKind::Rowid,
            columns: columns.iter().map(column).collect(),
            primary_key: Vec::new(),
            root_page: 2,
            sql: String::new(),
            indexes: Vec::new(),
            foreign_key_parts: Vec::new(),
            outgoing: Vec::new(),
            incoming: Vec::new(),
            fts_table: None,
            hidden: false,
            derivation: Derivation::None,
            label_column: None,
        }
    }

    #[test]
    fn statements_name_what_can_be_written() {
        let dogs = table(
            "Dogs",
            &[
                ("ID", "INTEGER", 1, 0),
                ("name", "text", 0, 0),
                ("Name!", "text", 0, 0),
                ("2nd \"one\"", "", 0, 0),
                ("made", "", 0, 2),
            ],
        );
        let sql = |template: SqlTemplate| template.sql(&dogs).unwrap();
        assert_eq!(
            sql(SqlTemplate::Insert),
            "insert into \"Dogs\" (\n  \"name\",\n  \"Name!\",\n  \"2nd \"\"one\"\"\"\n)\n\
             values (\n  :name,\n  :name_2,\n  :p_2nd_one\n)"
        );
        assert_eq!(
            sql(SqlTemplate::Update),
            "update \"Dogs\"\nset \"name\" = :name,\n    \"Name!\" = :name_2,\n    \
             \"2nd \"\"one\"\"\" = :p_2nd_one\nwhere \"ID\" = :id"
        );
        assert_eq!(
            sql(SqlTemplate::Delete),
            "delete from \"Dogs\"\nwhere \"ID\" = :id"
        );
    }

    #[test]
    fn keys_are_guessed() {
        let only = table("t", &[("id", "integer", 1, 0)]);
        assert_eq!(
            SqlTemplate::Insert.sql(&only).unwrap(),
            "insert into \"t\"\ndefault values"
        );
        assert_eq!(
            SqlTemplate::Update.sql(&only).unwrap(),
            "update \"t\"\nset \"id\" = :new_id\nwhere \"id\" = :id"
        );
        let named = table("T", &[("é", "", 0, 0), ("t_ID", "", 0, 0)]);
        assert_eq!(
            SqlTemplate::Delete.sql(&named).unwrap(),
            "delete from \"T\"\nwhere \"t_ID\" = :t_id"
        );
        let first = table("T", &[("é", "", 0, 0), ("b", "", 0, 0)]);
        assert_eq!(
            SqlTemplate::Delete.sql(&first).unwrap(),
            "delete from \"T\"\nwhere \"é\" = :value"
        );
        let none = table("T", &[("made", "", 0, 3)]);
        assert_eq!(SqlTemplate::Insert.sql(&none), None);
    }
}
