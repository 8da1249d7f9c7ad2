//! From a path to what it names: the whole site, pure and in the order in which it is tried.

mod change;
mod instance;
mod kind;
mod pattern;
mod schema;
mod segment;
#[cfg(test)]
mod tests;
mod tools;
mod vars;
mod write_page;

pub(crate) use change::Change;
pub(crate) use instance::{About, Tool};
pub use kind::KINDS;
pub(crate) use schema::SchemaFormat;
pub(crate) use write_page::WritePage;

use datasette_render::StaticMounts;
use datasette_render::static_mounts::MountedPath;

use change::row_change;
use instance::instance_page;
use segment::{is_word, name, suffixed};
use tools::{database_tool, table_tool};
use write_page::part_of_page;

/// What a path asks for. Names are tilde-decoded but not yet looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// `/`, `/.json`, `/-/`, `/-/.json` (ROUTE-01, ROUTE-02).
    Index { json: bool, built_in: bool },
    /// `/favicon.ico` (ROUTE-03).
    Favicon,
    /// `/-/static/{path}` (ROUTE-04).
    Static { path: String },
    /// A file of a folder that is mounted; the path as [`StaticMounts::open`] wants it (TPL-80).
    Mounted { mount: usize, path: String },
    /// A permanent redirect to a path below the root (ROUTE-02, ROUTE-05).
    Moved { to: String },
    /// A page about the instance: `/-/{name}` or `/-/{name}.json` (ROUTE-06).
    About { page: About, json: bool },
    /// A page with a form: `/-/{name}` (ROUTE-11), some of them with `.json`.
    Tool(Tool),
    /// `/-/jump` (ROUTE-08).
    Jump,
    /// `/-/auth-token` (ROUTE-11).
    AuthToken,
    /// `/-/logout` (ROUTE-11).
    Logout,
    /// `/-/create-token` (ROUTE-11).
    CreateToken,
    /// `/-/metrics`.
    Metrics,
    /// `/-/schema`, `/{db}/-/schema`, `/{db}/{table}/-/schema` (ROUTE-10).
    Schema {
        database: Option<String>,
        table: Option<String>,
        format: SchemaFormat,
    },
    /// `/{db}.db` (ROUTE-13).
    Download { database: String },
    /// `/{db}` (ROUTE-14).
    Database {
        database: String,
        format: Option<String>,
    },
    /// `/{db}/-/query` (ROUTE-15).
    Query {
        database: String,
        format: Option<String>,
    },
    /// `/{db}/-/query/parameters` (ROUTE-16).
    QueryParameters { database: String },
    /// `/-/debug/autocomplete` (ROUTE-12).
    DebugAutocomplete,
    /// `/{db}/{table}/-/autocomplete` (ROUTE-21).
    Autocomplete { database: String, table: String },
    /// `/{db}/{table}/-/fragment` (ROUTE-21).
    Fragment { database: String, table: String },
    /// `/-/queries` and `/{db}/-/queries` (ROUTE-09).
    Queries {
        database: Option<String>,
        json: bool,
    },
    /// `/{db}/{query}/-/definition` (ROUTE-17).
    Definition { database: String, query: String },
    /// `/{db}/{table}/-/count` (ROUTE-22).
    Count { database: String, table: String },
    /// A call that writes.
    Change(Change),
    /// `/{db}/-/foreign-key-targets` (WRITE-124).
    KeyTargets { database: String },
    /// `/{db}/{table}/-/foreign-key-suggestions` (WRITE-126).
    KeySuggestions { database: String, table: String },
    /// A page or a call where SQL is written to be run or kept.
    Write { database: String, page: WritePage },
    /// `/{db}/{name}` (ROUTE-18).
    Table {
        database: String,
        table: String,
        format: Option<String>,
    },
    /// `/{db}/{table}/{pks}` (ROUTE-20); the identifier is still tilde-encoded.
    Row {
        database: String,
        table: String,
        identifier: String,
        format: Option<String>,
    },
    /// No pattern matches (ERR-17).
    Unknown,
}

impl Route {
    /// Whether stored queries are looked for: by name or all of them.
    pub(crate) fn may_name_queries(&self) -> bool {
        matches!(
            self,
            Self::Index { .. }
                | Self::Tool(_)
                | Self::Jump
                | Self::Database { .. }
                | Self::Query { .. }
                | Self::Queries { .. }
                | Self::Definition { .. }
                | Self::Change(_)
                | Self::Write { .. }
                | Self::Table { .. }
        )
    }

    /// Reads the raw path below `base_url`. Mounts come before everything but the index and the
    /// built-in files (TPL-81).
    pub(crate) fn find(path: &str, mounts: &StaticMounts) -> Self {
        match Self::parse(path) {
            first @ (Self::Index { .. } | Self::Favicon | Self::Static { .. }) => first,
            other => match mounts.find(path) {
                Some(MountedPath { mount, path }) => Self::Mounted {
                    mount,
                    path: path.to_owned(),
                },
                None => other,
            },
        }
    }

    /// Reads the raw path below `base_url`; it starts with `/`.
    pub(crate) fn parse(path: &str) -> Self {
        match path {
            "/" => {
                return Self::Index {
                    json: false,
                    built_in: false,
                };
            }
            "/.json" => {
                return Self::Index {
                    json: true,
                    built_in: false,
                };
            }
            "/-/" => {
                return Self::Index {
                    json: false,
                    built_in: true,
                };
            }
            "/-/.json" => {
                return Self::Index {
                    json: true,
                    built_in: true,
                };
            }
            "/-" => {
                return Self::Moved {
                    to: "-/".to_owned(),
                };
            }
            "/favicon.ico" => return Self::Favicon,
            _ => {}
        }
        if let Some(file) = path.strip_prefix("/-/static/") {
            return Self::Static {
                path: file.to_owned(),
            };
        }
        if let Some(rest) = path.strip_prefix("/:memory:") {
            return Self::Moved {
                to: format!("_memory{rest}"),
            };
        }
        if let Some(route) = path.strip_prefix("/-/").and_then(instance_page) {
            return route;
        }
        let Some(rest) = path.strip_prefix('/') else {
            return Self::Unknown;
        };
        let segments: Vec<&str> = rest.split('/').collect();
        if segments.iter().any(|segment| segment.is_empty()) {
            return Self::Unknown;
        }
        match segments.as_slice() {
            [database] => database_page(database),
            [database, table] => match (name(database), suffixed(table)) {
                (Some(database), Some((table, format))) => Self::Table {
                    database,
                    table,
                    format,
                },
                _ => Self::Unknown,
            },
            [database, "-", page] => match name(database) {
                Some(database) => database_tool(database, page).unwrap_or_else(|| row(&segments)),
                None => Self::Unknown,
            },
            [database, "-", "query", "parameters"] => match name(database) {
                Some(database) => Self::QueryParameters { database },
                None => Self::Unknown,
            },
            [database, "-", page, part] if part_of_page(page, part).is_some() => {
                match (name(database), part_of_page(page, part)) {
                    (Some(database), Some(page)) => Self::Write { database, page },
                    _ => Self::Unknown,
                }
            }
            [database, table, "-", page] => match (name(database), name(table)) {
                (Some(database), Some(table)) => table_tool(database, table, page),
                _ => Self::Unknown,
            },
            [_, _, _] => row(&segments),
            [database, table, identifier, "-", verb] => match (name(database), name(table)) {
                (Some(database), Some(table)) => row_change(database, table, identifier, verb),
                _ => Self::Unknown,
            },
            _ => Self::Unknown,
        }
    }
}

fn database_page(segment: &str) -> Route {
    match suffixed(segment) {
        Some((database, Some(format))) if format == "db" => Route::Download { database },
        Some((database, format)) => Route::Database { database, format },
        None => Route::Unknown,
    }
}

fn row(segments: &[&str]) -> Route {
    let [database, table, last] = segments else {
        return Route::Unknown;
    };
    let (Some(database), Some(table)) = (name(database), name(table)) else {
        return Route::Unknown;
    };
    // The last `.word` is the format when something is left before it (ROUTE-20).
    let (identifier, format) = match last.rsplit_once('.') {
        Some((identifier, format)) if !identifier.is_empty() && is_word(format) => {
            (identifier, Some(format.to_owned()))
        }
        _ => (*last, None),
    };
    Route::Row {
        database,
        table,
        identifier: identifier.to_owned(),
        format,
    }
}
