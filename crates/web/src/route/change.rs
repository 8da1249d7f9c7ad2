//! Calls that write: the verb after `-` at the end of a path.

use super::Route;

/// What a call changes. Names are decoded, identifiers are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// `/{db}/{table}/-/insert` (WRITE-22).
    Insert { database: String, table: String },
    /// `/{db}/{table}/-/upsert` (WRITE-42).
    Upsert { database: String, table: String },
    /// `/{db}/{table}/{pks}/-/update` (WRITE-51).
    Update {
        database: String,
        table: String,
        identifier: String,
    },
    /// `/{db}/{table}/{pks}/-/delete` (WRITE-63).
    Delete {
        database: String,
        table: String,
        identifier: String,
    },
    /// `/{db}/-/create` (WRITE-69).
    CreateTable { database: String },
    /// `/{db}/{table}/-/alter` (WRITE-93).
    AlterTable { database: String, table: String },
    /// `/{db}/{table}/-/drop` (WRITE-110).
    DropTable { database: String, table: String },
    /// `/{db}/{table}/-/set-column-type` (WRITE-115).
    SetColumnType { database: String, table: String },
}

impl Change {
    /// The identifier of the row, where it is about one.
    pub(super) fn identifier(&self) -> Option<&str> {
        match self {
            Self::Update { identifier, .. } | Self::Delete { identifier, .. } => Some(identifier),
            _ => None,
        }
    }

    pub(super) fn pattern(&self) -> &'static str {
        match self {
            Self::Insert { .. } => r"/(?P<database>[^\/\.]+)/(?P<table>[^\/\.]+)/-/insert$",
            Self::Upsert { .. } => r"/(?P<database>[^\/\.]+)/(?P<table>[^\/\.]+)/-/upsert$",
            Self::CreateTable { .. } => r"/(?P<database>[^\/\.]+)/-/create$",
            Self::AlterTable { .. } => r"/(?P<database>[^\/\.]+)/(?P<table>[^\/\.]+)/-/alter$",
            Self::DropTable { .. } => r"/(?P<database>[^\/\.]+)/(?P<table>[^\/\.]+)/-/drop$",
            Self::SetColumnType { .. } => {
                r"/(?P<database>[^\/\.]+)/(?P<table>[^\/\.]+)/-/set-column-type$"
            }
            Self::Update { .. } => {
                r"/(?P<database>[^\/\.]+)/(?P<table>[^/]+?)/(?P<pks>[^/]+?)/-/update$"
            }
            Self::Delete { .. } => {
                r"/(?P<database>[^\/\.]+)/(?P<table>[^/]+?)/(?P<pks>[^/]+?)/-/delete$"
            }
        }
    }
}

/// `/{db}/{table}/-/{verb}`.
pub(super) fn table_change(database: String, table: String, verb: &str) -> Route {
    Route::Change(match verb {
        "insert" => Change::Insert { database, table },
        "upsert" => Change::Upsert { database, table },
        "alter" => Change::AlterTable { database, table },
        "drop" => Change::DropTable { database, table },
        "set-column-type" => Change::SetColumnType { database, table },
        _ => return Route::Unknown,
    })
}

/// `/{db}/{table}/{pks}/-/{verb}`.
pub(super) fn row_change(database: String, table: String, identifier: &str, verb: &str) -> Route {
    let identifier = identifier.to_owned();
    Route::Change(match verb {
        "update" => Change::Update {
            database,
            table,
            identifier,
        },
        "delete" => Change::Delete {
            database,
            table,
            identifier,
        },
        _ => return Route::Unknown,
    })
}
