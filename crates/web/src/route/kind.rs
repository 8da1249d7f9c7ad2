//! The kinds of routes by name: whoever has to know all of them, as the tests of access do, can ask
//! for the list. A route without a name does not compile.

use super::{About, Change, Route, SchemaFormat, Tool, WritePage};

macro_rules! kinds {
    ($($pattern:pat => $name:literal,)*) => {
        /// The name of every kind of route.
        pub const KINDS: &[&str] = &[$($name),*];

        impl Route {
            /// The name of its kind, one of [`KINDS`].
            pub(crate) fn kind(&self) -> &'static str {
                match self {
                    $($pattern => $name,)*
                }
            }
        }
    };
}

kinds! {
    Self::Index { .. } => "index",
    Self::Favicon => "favicon",
    Self::Static { .. } => "static",
    Self::Mounted { .. } => "mounted",
    Self::Moved { .. } => "moved",
    Self::About { page: About::Versions, .. } => "versions",
    Self::About { page: About::Plugins, .. } => "plugins",
    Self::About { page: About::Settings, .. } => "settings",
    Self::About { page: About::Config, .. } => "config",
    Self::About { page: About::Databases, .. } => "databases",
    Self::About { page: About::Actor, .. } => "actor",
    Self::About { page: About::Actions, .. } => "actions",
    Self::About { page: About::Threads, .. } => "threads",
    Self::About { page: About::Tasks, .. } => "tasks",
    Self::Tool(Tool::Allowed { json: false }) => "allowed",
    Self::Tool(Tool::Allowed { json: true }) => "allowed.json",
    Self::Tool(Tool::Rules { json: false }) => "rules",
    Self::Tool(Tool::Rules { json: true }) => "rules.json",
    Self::Tool(Tool::Check { json: false }) => "check",
    Self::Tool(Tool::Check { json: true }) => "check.json",
    Self::Tool(Tool::Activity) => "permissions",
    Self::Tool(Tool::AllowDebug) => "allow-debug",
    Self::Tool(Tool::Messages) => "messages",
    Self::Tool(Tool::Patterns) => "patterns",
    Self::Tool(Tool::Explorer) => "api",
    Self::Jump => "jump",
    Self::AuthToken => "auth-token",
    Self::Logout => "logout",
    Self::CreateToken => "create-token",
    Self::Metrics => "metrics",
    Self::Schema { database: None, format: SchemaFormat::Html, .. } => "instance schema",
    Self::Schema { database: None, format: SchemaFormat::Json, .. } => "instance schema.json",
    Self::Schema { database: None, format: SchemaFormat::Markdown, .. } => "instance schema.md",
    Self::Schema { table: None, format: SchemaFormat::Html, .. } => "database schema",
    Self::Schema { table: None, format: SchemaFormat::Json, .. } => "database schema.json",
    Self::Schema { table: None, format: SchemaFormat::Markdown, .. } => "database schema.md",
    Self::Schema { format: SchemaFormat::Html, .. } => "table schema",
    Self::Schema { format: SchemaFormat::Json, .. } => "table schema.json",
    Self::Schema { format: SchemaFormat::Markdown, .. } => "table schema.md",
    Self::Download { .. } => "download",
    Self::Database { .. } => "database",
    Self::Query { .. } => "query",
    Self::QueryParameters { .. } => "query parameters",
    Self::DebugAutocomplete => "debug autocomplete",
    Self::Autocomplete { .. } => "autocomplete",
    Self::Fragment { .. } => "fragment",
    Self::Queries { database: None, .. } => "instance queries",
    Self::Queries { database: Some(_), .. } => "database queries",
    Self::Definition { .. } => "definition",
    Self::Count { .. } => "count",
    Self::Change(Change::Insert { .. }) => "insert",
    Self::Change(Change::Upsert { .. }) => "upsert",
    Self::Change(Change::Update { .. }) => "update",
    Self::Change(Change::Delete { .. }) => "delete",
    Self::Change(Change::CreateTable { .. }) => "create table",
    Self::Change(Change::AlterTable { .. }) => "alter table",
    Self::Change(Change::DropTable { .. }) => "drop table",
    Self::Change(Change::SetColumnType { .. }) => "set column type",
    Self::KeyTargets { .. } => "foreign key targets",
    Self::KeySuggestions { .. } => "foreign key suggestions",
    Self::Write { page: WritePage::Execute, .. } => "execute-write",
    Self::Write { page: WritePage::Analyze, .. } => "execute-write analyze",
    Self::Write { page: WritePage::Store, .. } => "store query",
    Self::Write { page: WritePage::AnalyzeQuery, .. } => "analyze query",
    Self::Write { page: WritePage::EditQuery(_), .. } => "edit query",
    Self::Write { page: WritePage::UpdateQuery(_), .. } => "update query",
    Self::Write { page: WritePage::DeleteQuery(_), .. } => "delete query",
    Self::Table { .. } => "table",
    Self::Row { .. } => "row",
    Self::Unknown => "unknown",
}
