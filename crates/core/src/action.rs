//! What can be done to what.

use std::sync::Arc;

use crate::catalogue::{DatabaseRef, TableRef};
use crate::stored_query::StoredQuery;

/// What an action is done to, as permission rules see it.
pub trait Resource {
    /// The database's name; `None` for the instance itself.
    fn parent(&self) -> Option<&str>;
    /// The table's, view's or stored query's name.
    fn child(&self) -> Option<&str>;
    /// The table or view, where it is one: rules also look at what it derives from (PERM-55).
    fn as_table(&self) -> Option<&TableRef> {
        None
    }
    /// The stored query, where it is one: rules also look at its owner (PERM-64).
    fn as_query(&self) -> Option<&QueryRef> {
        None
    }
}

/// The whole instance, the resource of actions that concern no database.
#[derive(Clone, Copy, Debug, Default)]
pub struct Instance;

impl Resource for Instance {
    fn parent(&self) -> Option<&str> {
        None
    }
    fn child(&self) -> Option<&str> {
        None
    }
}

impl Resource for DatabaseRef {
    fn parent(&self) -> Option<&str> {
        Some(self.name())
    }
    fn child(&self) -> Option<&str> {
        None
    }
}

impl Resource for TableRef {
    fn parent(&self) -> Option<&str> {
        Some(self.database().name())
    }
    fn child(&self) -> Option<&str> {
        Some(self.name())
    }
    fn as_table(&self) -> Option<&TableRef> {
        Some(self)
    }
}

/// A stored query that exists, with what is known about it.
#[derive(Clone, Debug)]
pub struct QueryRef {
    database: DatabaseRef,
    stored: Arc<StoredQuery>,
}

impl QueryRef {
    /// A stored query of `database`. Made where the stored query was found.
    pub fn new(database: DatabaseRef, stored: Arc<StoredQuery>) -> Self {
        Self { database, stored }
    }

    /// All that is known about it.
    pub fn stored(&self) -> &StoredQuery {
        &self.stored
    }

    /// The database it belongs to.
    pub fn database(&self) -> &DatabaseRef {
        &self.database
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.stored.name
    }
}

impl Resource for QueryRef {
    fn parent(&self) -> Option<&str> {
        Some(self.database.name())
    }
    fn child(&self) -> Option<&str> {
        Some(self.name())
    }
    fn as_query(&self) -> Option<&QueryRef> {
        Some(self)
    }
}

/// The level of the resource that an action is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The instance.
    Instance,
    /// A database.
    Database,
    /// A table or view.
    Table,
    /// A stored query.
    Query,
}

/// One action of the table in PERM-13.
#[derive(Clone, Copy, Debug)]
pub struct ActionDescription {
    /// The full name, for instance `view-table`.
    pub name: &'static str,
    /// The abbreviation that tokens use, where there is one.
    pub abbreviation: Option<&'static str>,
    /// One sentence.
    pub description: &'static str,
    /// What it is done to.
    pub level: Level,
    /// Whether everybody may unless a rule says otherwise (PERM-26).
    pub allowed_by_default: bool,
    /// The action that must be allowed too, on the same database (PERM-24).
    pub also_requires: Option<&'static str>,
}

/// An action as a type, so that a permit for one cannot stand for another.
pub trait Action: Send + Sync + 'static {
    /// The full name, for instance `view-table`.
    const NAME: &'static str;
    /// What it is done to.
    type Resource: Resource + Clone + Send + Sync;
}

macro_rules! actions {
    ($($type:ident, $name:literal, $abbreviation:expr, $level:ident, $resource:ty, $default:literal, $requires:expr, $description:literal;)*) => {
        $(
            #[doc = $description]
            #[derive(Clone, Copy, Debug)]
            pub struct $type;
            impl Action for $type {
                const NAME: &'static str = $name;
                type Resource = $resource;
            }
        )*
        /// Every built-in action in registration order (PERM-14).
        pub static BUILT_IN: &[ActionDescription] = &[
            $(ActionDescription {
                name: $name,
                abbreviation: $abbreviation,
                description: $description,
                level: Level::$level,
                allowed_by_default: $default,
                also_requires: $requires,
            },)*
        ];
    };
}

actions! {
    ViewInstance, "view-instance", Some("vi"), Instance, Instance, true, None, "View Datasette instance";
    PermissionsDebug, "permissions-debug", Some("pd"), Instance, Instance, false, None, "Access permission debug tool";
    DebugMenu, "debug-menu", Some("dm"), Instance, Instance, false, None, "View debug menu items";
    ViewDatabase, "view-database", Some("vd"), Database, DatabaseRef, true, None, "View database";
    ViewDatabaseDownload, "view-database-download", Some("vdd"), Database, DatabaseRef, true, Some("view-database"), "Download database file";
    ExecuteSql, "execute-sql", Some("es"), Database, DatabaseRef, true, Some("view-database"), "Execute read-only SQL queries";
    ExecuteWriteSql, "execute-write-sql", Some("ews"), Database, DatabaseRef, false, Some("view-database"), "Execute writable SQL queries";
    CreateTable, "create-table", Some("ct"), Database, DatabaseRef, false, None, "Create tables";
    CreateView, "create-view", Some("cv"), Database, DatabaseRef, false, None, "Create views";
    StoreQuery, "store-query", Some("sq"), Database, DatabaseRef, false, Some("execute-sql"), "Create stored queries";
    ViewTable, "view-table", Some("vt"), Table, TableRef, true, None, "View table";
    InsertRow, "insert-row", Some("ir"), Table, TableRef, false, None, "Insert rows";
    DeleteRow, "delete-row", Some("dr"), Table, TableRef, false, None, "Delete rows";
    UpdateRow, "update-row", Some("ur"), Table, TableRef, false, None, "Update rows";
    AlterTable, "alter-table", Some("at"), Table, TableRef, false, None, "Alter tables";
    SetColumnType, "set-column-type", Some("sct"), Table, TableRef, false, None, "Set column type";
    DropTable, "drop-table", Some("dt"), Table, TableRef, false, None, "Drop tables";
    DropView, "drop-view", Some("dv"), Table, TableRef, false, None, "Drop views";
    ViewQuery, "view-query", Some("vq"), Query, QueryRef, true, None, "View named query results";
    UpdateQuery, "update-query", Some("uq"), Query, QueryRef, false, None, "Update stored queries";
    DeleteQuery, "delete-query", Some("dq"), Query, QueryRef, false, None, "Delete stored queries";
}

/// The built-in action of that full name.
pub fn find(name: &str) -> Option<&'static ActionDescription> {
    BUILT_IN.iter().find(|action| action.name == name)
}
