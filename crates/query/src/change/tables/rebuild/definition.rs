//! What a `CREATE TABLE` statement says beyond what SQLite's pragmas tell.

/// A table as its statement declares it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) columns: Vec<ColumnDefinition>,
    /// The key, wherever it is declared.
    pub(super) key: Option<KeyDefinition>,
    /// All foreign keys in the order in which they are declared.
    pub(super) references: Vec<Reference>,
    /// All UNIQUE constraints: those of columns come with their columns.
    pub(super) uniques: Vec<Unique>,
    pub(super) checks: Vec<Check>,
    pub(super) strict: bool,
    pub(super) without_rowid: bool,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ColumnDefinition {
    pub(super) name: String,
    /// NOT NULL, with its conflict clause or an empty text.
    pub(super) not_null: Option<String>,
    pub(super) collation: Option<String>,
    /// `GENERATED ALWAYS AS (...)` as it was written.
    pub(super) generated: Option<String>,
    /// Comments before and after it.
    pub(super) before: String,
    pub(super) after: String,
}

/// A primary key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct KeyDefinition {
    pub(super) columns: Vec<IndexedColumn>,
    /// `ON CONFLICT ...`, or nothing.
    pub(super) conflict: String,
    pub(super) autoincrement: bool,
    /// Whether it stands with its column: only there does DESC keep an INTEGER from being the rowid.
    pub(super) is_with_column: bool,
}

/// A column of a key, of a UNIQUE constraint or of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct IndexedColumn {
    pub(super) name: String,
    pub(super) collation: Option<String>,
    pub(super) descends: Option<bool>,
}

/// A UNIQUE constraint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Unique {
    /// The constraint's name.
    pub(super) name: Option<String>,
    /// The column that it is declared with; `None` for the table.
    pub(super) owner: Option<String>,
    pub(super) columns: Vec<IndexedColumn>,
    pub(super) conflict: String,
}

/// A CHECK constraint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) name: Option<String>,
    pub(super) owner: Option<String>,
    /// What stands between the parentheses.
    pub(super) expression: String,
    /// `ON CONFLICT ...`, or nothing.
    pub(super) conflict: String,
}

/// A foreign key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reference {
    /// The referring columns.
    pub(super) columns: Vec<String>,
    pub(super) table: String,
    /// The columns referred to; empty for the key of that table.
    pub(super) other_columns: Vec<String>,
    /// `CASCADE` and the like; empty for none.
    pub(super) on_update: String,
    pub(super) on_delete: String,
    /// All else, such as `DEFERRABLE INITIALLY DEFERRED`, or nothing.
    pub(super) rest: String,
    /// Whether a request asks for it: names are then to be spelled exactly.
    pub(super) is_new: bool,
}
