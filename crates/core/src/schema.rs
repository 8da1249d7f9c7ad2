//! An inert description of what a database file holds, as introspection found it.

use std::sync::Arc;

use indexmap::IndexMap;

/// Storage affinity of a declared column type (TABLE-36).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Affinity {
    /// `INTEGER`.
    Integer,
    /// `TEXT`.
    Text,
    /// `BLOB`, also the affinity of a column without a type.
    Blob,
    /// `REAL`.
    Real,
    /// `NUMERIC`.
    Numeric,
}

impl Affinity {
    /// The affinity of a declared type (TABLE-36).
    pub fn of(declared_type: &str) -> Self {
        let upper = declared_type.to_ascii_uppercase();
        let has = |part: &str| upper.contains(part);
        if upper.is_empty() {
            Self::Blob
        } else if has("INT") {
            Self::Integer
        } else if has("CHAR") || has("CLOB") || has("TEXT") {
            Self::Text
        } else if has("BLOB") {
            Self::Blob
        } else if has("REAL") || has("FLOA") || has("DOUB") {
            Self::Real
        } else {
            Self::Numeric
        }
    }

    /// The upper-case name, as `column_details` reports it (EXTRA-22).
    pub fn name(self) -> &'static str {
        match self {
            Self::Integer => "INTEGER",
            Self::Text => "TEXT",
            Self::Blob => "BLOB",
            Self::Real => "REAL",
            Self::Numeric => "NUMERIC",
        }
    }
}

/// One column as `PRAGMA table_xinfo` reports it.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The name.
    pub name: String,
    /// The declared type exactly as written, possibly empty.
    pub declared_type: String,
    /// Whether NOT NULL is declared.
    pub not_null: bool,
    /// The SQL text of the default.
    pub default: Option<String>,
    /// 0 when not part of the primary key, else its place from 1.
    pub primary_key_position: u32,
    /// 0 normal, 1 hidden column of a virtual table, 2 virtual generated, 3 stored generated.
    pub hidden: u8,
}

impl Column {
    /// The affinity of the declared type.
    pub fn affinity(&self) -> Affinity {
        Affinity::of(&self.declared_type)
    }
}

/// One row of `PRAGMA foreign_key_list`, uninterpreted: what the internal catalogue stores.
#[derive(Clone, Debug, PartialEq)]
pub struct ForeignKeyPart {
    /// Number of the foreign key within the table.
    pub id: i64,
    /// Place of this column within a compound key.
    pub sequence: i64,
    /// The referenced table as the declaration spells it.
    pub table: String,
    /// The referencing column.
    pub from: String,
    /// The referenced column, when declared.
    pub to: Option<String>,
    /// `ON UPDATE` action.
    pub on_update: String,
    /// `ON DELETE` action.
    pub on_delete: String,
    /// `MATCH` clause.
    pub match_clause: String,
}

/// A single-column foreign key whose target exists (LABEL-04 to LABEL-06), seen from one side.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignKey {
    /// The table on the other side, spelled as it is stored.
    pub other_table: String,
    /// This table's column.
    pub column: String,
    /// The other table's column.
    pub other_column: String,
}

/// One index as `PRAGMA index_list` and `index_xinfo` report it.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Place in `index_list`.
    pub sequence: i64,
    /// The name.
    pub name: String,
    /// Whether it is unique.
    pub unique: bool,
    /// `c`, `u` or `pk`.
    pub origin: String,
    /// Whether it has a WHERE clause.
    pub partial: bool,
    /// Indexed columns; `None` for an expression or the rowid.
    pub columns: Vec<Option<String>>,
    /// The `CREATE INDEX` statement; `None` for automatic indexes.
    pub sql: Option<String>,
}

/// What kind of thing answers to a table name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// An ordinary table with a rowid.
    Rowid,
    /// A `WITHOUT ROWID` table.
    WithoutRowid,
    /// A virtual table and its module, lower case.
    Virtual(String),
    /// A table that belongs to a virtual table's module.
    Shadow,
    /// A view.
    View,
}

impl TableKind {
    /// Whether what is read from it stays the same for as long as the database does. A view may
    /// look at the clock, and a module at anything; those of full-text search number each reading.
    pub fn is_steady(&self) -> bool {
        matches!(self, Self::Rowid | Self::WithoutRowid | Self::Shadow)
    }

    /// Whether the number of its rows stays the same for as long as the database does.
    pub fn has_steady_count(&self) -> bool {
        match self {
            Self::Virtual(module) => {
                ["fts3", "fts4", "fts5", "rtree", "rtree_i32", "geopoly"].contains(&module.as_str())
            }
            kind => kind.is_steady(),
        }
    }
}

/// From which other table this one's content comes, for permissions (HIDE-05, HIDE-06).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Derivation {
    /// Not derived.
    None,
    /// Derived from this table.
    From(String),
    /// Tells something about each of these tables.
    FromEach(Vec<String>),
    /// Derived from something that cannot be resolved: deny.
    Unresolvable,
}

/// A table or view.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The name as stored.
    pub name: String,
    /// The kind.
    pub kind: TableKind,
    /// Columns in schema order, generated and hidden ones included (TABLE-10).
    pub columns: Vec<Column>,
    /// Indexes into `columns` in primary key order (TABLE-08); empty for rowid tables and views.
    pub primary_key: Vec<usize>,
    /// The root page, 0 for views and virtual tables.
    pub root_page: i64,
    /// The `CREATE` statement.
    pub sql: String,
    /// Indexes in `index_list` order.
    pub indexes: Vec<Index>,
    /// Foreign keys as declared.
    pub foreign_key_parts: Vec<ForeignKeyPart>,
    /// Resolved single-column foreign keys in the order SQLite lists them (EXTRA-47).
    pub outgoing: Vec<ForeignKey>,
    /// Resolved single-column foreign keys of other tables that point here, sorted.
    pub incoming: Vec<ForeignKey>,
    /// The full-text table found for this one (SEARCH-01).
    pub fts_table: Option<String>,
    /// Hidden by its nature (HIDE-01, HIDE-02); configuration may hide more.
    pub hidden: bool,
    /// Where its content comes from.
    pub derivation: Derivation,
    /// Index of the label column found by LABEL-08, configuration aside.
    pub label_column: Option<usize>,
}

impl Table {
    /// Whether this is a view.
    pub fn is_view(&self) -> bool {
        self.kind == TableKind::View
    }

    /// Whether rows are identified by `rowid`: a table that declares no primary key (TABLE-06).
    pub fn uses_rowid(&self) -> bool {
        !self.is_view() && self.primary_key.is_empty()
    }

    /// The index of the column of that exact name.
    pub fn column_index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Names of the declared primary key columns in key order.
    pub fn primary_key_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.primary_key
            .iter()
            .map(|index| self.columns[*index].name.as_str())
    }

    /// Names of the columns that identify a row: the primary key or `rowid`; none for a view.
    pub fn row_key_names(&self) -> Vec<&str> {
        if self.uses_rowid() {
            vec!["rowid"]
        } else {
            self.primary_key_names().collect()
        }
    }
}

/// One row of the schema table: what schema pages print (DEBUG-24).
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaObject {
    /// `table`, `view`, `index` or `trigger`.
    pub kind: String,
    /// The object's name.
    pub name: String,
    /// The table it belongs to; for tables and views its own name.
    pub table: String,
    /// Its SQL.
    pub sql: String,
}

/// Everything introspection found in one database, for one value of `PRAGMA schema_version`.
#[derive(Clone, Debug, Default)]
pub struct DatabaseSchema {
    /// `PRAGMA schema_version` at the time.
    pub version: i64,
    /// Tables and views by name, in the order of the schema table.
    pub tables: IndexMap<String, Arc<Table>>,
    /// Objects that have SQL, in the order of the schema table.
    pub objects: Vec<SchemaObject>,
}

#[cfg(test)]
mod tests {
    use super::Affinity;

    // Proves: TABLE-36
    #[test]
    fn affinity_follows_the_declared_type() {
        let cases = [
            ("", Affinity::Blob),
            ("bigint", Affinity::Integer),
            ("varchar(10)", Affinity::Text),
            ("CHARINT", Affinity::Integer),
            ("blob", Affinity::Blob),
            ("double precision", Affinity::Real),
            ("FLOAT", Affinity::Real),
            ("datetime", Affinity::Numeric),
        ];
        for (declared, expected) in cases {
            assert_eq!(Affinity::of(declared), expected, "{declared}");
        }
    }
}
