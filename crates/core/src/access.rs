//! What a statement would touch, in words: operations, what they are done to, and in whose name.

/// What is done (WRITE-137, WRITE-143).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Operation {
    Read,
    Insert,
    Update,
    Delete,
    Select,
    Function,
    Create,
    Alter,
    Drop,
    Begin,
    Commit,
    Rollback,
    Savepoint,
    Attach,
    Detach,
    Pragma,
    Analyze,
    Reindex,
    Vacuum,
    Unknown,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::Read,
        Self::Insert,
        Self::Update,
        Self::Delete,
        Self::Select,
        Self::Function,
        Self::Create,
        Self::Alter,
        Self::Drop,
        Self::Begin,
        Self::Commit,
        Self::Rollback,
        Self::Savepoint,
        Self::Attach,
        Self::Detach,
        Self::Pragma,
        Self::Analyze,
        Self::Reindex,
        Self::Vacuum,
        Self::Unknown,
    ];

    /// The word that messages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Select => "select",
            Self::Function => "function",
            Self::Create => "create",
            Self::Alter => "alter",
            Self::Drop => "drop",
            Self::Begin => "begin",
            Self::Commit => "commit",
            Self::Rollback => "rollback",
            Self::Savepoint => "savepoint",
            Self::Attach => "attach",
            Self::Detach => "detach",
            Self::Pragma => "pragma",
            Self::Analyze => "analyze",
            Self::Reindex => "reindex",
            Self::Vacuum => "vacuum",
            Self::Unknown => "unknown",
        }
    }

    /// Whether rows of a table are read or changed.
    pub fn is_row_access(self) -> bool {
        matches!(
            self,
            Self::Read | Self::Insert | Self::Update | Self::Delete
        )
    }

    /// Whether the schema is changed.
    pub fn is_schema_change(self) -> bool {
        matches!(self, Self::Create | Self::Alter | Self::Drop)
    }
}

/// What it is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum TargetKind {
    Table,
    Index,
    View,
    Trigger,
    VirtualTable,
    Schema,
    Statement,
    Transaction,
    Database,
    Pragma,
    Function,
    Unknown,
}

impl TargetKind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Table,
        Self::Index,
        Self::View,
        Self::Trigger,
        Self::VirtualTable,
        Self::Schema,
        Self::Statement,
        Self::Transaction,
        Self::Database,
        Self::Pragma,
        Self::Function,
        Self::Unknown,
    ];

    /// The word that messages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Index => "index",
            Self::View => "view",
            Self::Trigger => "trigger",
            Self::VirtualTable => "virtual-table",
            Self::Schema => "schema",
            Self::Statement => "statement",
            Self::Transaction => "transaction",
            Self::Database => "database",
            Self::Pragma => "pragma",
            Self::Function => "function",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the schema table has a line for it.
    pub fn is_schema_object(self) -> bool {
        matches!(
            self,
            Self::Table | Self::Index | Self::View | Self::Trigger | Self::VirtualTable
        )
    }
}

/// What answers to the name of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccessedKind {
    /// An ordinary table.
    Table,
    /// A view.
    View,
    /// A virtual table.
    Virtual,
    /// A table that belongs to a virtual table's module.
    Shadow,
}

impl AccessedKind {
    /// The kind by the word of `PRAGMA table_list`.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "table" => Some(Self::Table),
            "view" => Some(Self::View),
            "virtual" => Some(Self::Virtual),
            "shadow" => Some(Self::Shadow),
            _ => None,
        }
    }
}

/// One thing a statement would do. Tables appear under the name SQLite resolved, never as the
/// statement spells them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// What is done.
    pub operation: Operation,
    /// What kind of thing it is done to.
    pub target: TargetKind,
    /// SQLite's name of the database: `main`, `temp` or that of an attached one; `None` for what
    /// concerns no database in particular.
    pub database: Option<String>,
    /// The table concerned: the one read or changed, or that an index or trigger belongs to.
    pub table: Option<String>,
    /// What answers to the name of the table that is read or changed; `None` for what the schema
    /// does not know, such as a table-valued function.
    pub kind: Option<AccessedKind>,
    /// The name of the target itself: table, index, function, pragma.
    pub name: Option<String>,
    /// Columns read or updated, sorted; empty where no particular one is.
    pub columns: Vec<String>,
    /// The trigger or view in whose name it happens (WRITE-138).
    pub source: Option<String>,
    /// SQLite's own bookkeeping for a change of the schema; needs no permission (WRITE-147).
    pub internal: bool,
}
