//! From a path to what it names: the whole site, pure and in the order in which it is tried.

use datasette_core::tilde;

/// What a path asks for. Names are tilde-decoded but not yet looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// `/`, `/.json`, `/-/`, `/-/.json` (ROUTE-01, ROUTE-02).
    Index { json: bool, built_in: bool },
    /// `/favicon.ico` (ROUTE-03).
    Favicon,
    /// `/-/static/{path}` (ROUTE-04).
    Static { path: String },
    /// A permanent redirect to a path below the root (ROUTE-02, ROUTE-05).
    Moved { to: String },
    /// A page about the instance: `/-/{name}` or `/-/{name}.json` (ROUTE-06).
    About { page: About, json: bool },
    /// `/-/jump` (ROUTE-08).
    Jump,
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
    /// `/{db}/{table}/-/count` (ROUTE-22).
    Count { database: String, table: String },
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

/// Pages that describe the running instance (ROUTE-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// `/-/versions`.
    Versions,
    /// `/-/plugins`.
    Plugins,
    /// `/-/settings`.
    Settings,
    /// `/-/config`.
    Config,
    /// `/-/databases`.
    Databases,
    /// `/-/actor`.
    Actor,
    /// `/-/actions`.
    Actions,
}

impl About {
    /// Every page, with the name it has in its URL.
    pub(crate) const ALL: [(Self, &'static str); 7] = [
        (Self::Versions, "versions"),
        (Self::Plugins, "plugins"),
        (Self::Settings, "settings"),
        (Self::Config, "config"),
        (Self::Databases, "databases"),
        (Self::Actor, "actor"),
        (Self::Actions, "actions"),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(page, _)| *page)
    }

    /// The name in the URL.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(page, _)| *page == self)
            .map_or("", |(_, name)| name)
    }
}

/// The spellings of a schema page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SchemaFormat {
    /// A page.
    Html,
    /// `.json`.
    Json,
    /// `.md`.
    Markdown,
}

impl Route {
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
            [database, table, "-", page] => match (name(database), name(table)) {
                (Some(database), Some(table)) => table_tool(database, table, page),
                _ => Self::Unknown,
            },
            [_, _, _] => row(&segments),
            _ => Self::Unknown,
        }
    }
}

impl Route {
    /// The named parts of the path, undecoded, as plugins see them (API-100).
    pub(crate) fn url_vars(&self, path: &str) -> Vec<(String, String)> {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let stem = |at: usize| {
            let segment = segments.get(at).copied().unwrap_or_default();
            segment.split('.').next().unwrap_or_default().to_owned()
        };
        let mut vars = Vec::new();
        let mut add = |name: &str, value: String| vars.push((name.to_owned(), value));
        match self {
            Self::Schema {
                database: Some(_),
                table,
                ..
            } => {
                add("database", stem(0));
                if table.is_some() {
                    add("table", stem(1));
                }
            }
            Self::Download { .. }
            | Self::Database { .. }
            | Self::Query { .. }
            | Self::QueryParameters { .. } => add("database", stem(0)),
            Self::Count { .. } | Self::Table { .. } => {
                add("database", stem(0));
                add("table", stem(1));
            }
            Self::Row { identifier, .. } => {
                add("database", stem(0));
                add("table", stem(1));
                add("pks", identifier.clone());
            }
            _ => return vars,
        }
        let format = match self {
            Self::Database { format, .. }
            | Self::Query { format, .. }
            | Self::Table { format, .. }
            | Self::Row { format, .. } => format.clone(),
            _ => None,
        };
        if let Some(format) = format {
            add("format", format);
        }
        vars
    }
}

fn instance_page(name: &str) -> Option<Route> {
    if matches!(name, "jump" | "jump.json") {
        return Some(Route::Jump);
    }
    if let Some(format) = schema_format(name) {
        return Some(Route::Schema {
            database: None,
            table: None,
            format,
        });
    }
    if let Some(page) = name.strip_suffix(".json").and_then(About::named) {
        return Some(Route::About { page, json: true });
    }
    About::named(name).map(|page| Route::About { page, json: false })
}

fn database_page(segment: &str) -> Route {
    match suffixed(segment) {
        Some((database, Some(format))) if format == "db" => Route::Download { database },
        Some((database, format)) => Route::Database { database, format },
        None => Route::Unknown,
    }
}

fn database_tool(database: String, page: &str) -> Option<Route> {
    if let Some(format) = schema_format(page) {
        return Some(Route::Schema {
            database: Some(database),
            table: None,
            format,
        });
    }
    match suffixed(page) {
        Some((name, format)) if name == "query" => Some(Route::Query { database, format }),
        _ => None,
    }
}

fn table_tool(database: String, table: String, page: &str) -> Route {
    if let Some(format) = schema_format(page) {
        return Route::Schema {
            database: Some(database),
            table: Some(table),
            format,
        };
    }
    match page {
        "count" => Route::Count { database, table },
        _ => Route::Unknown,
    }
}

fn schema_format(page: &str) -> Option<SchemaFormat> {
    match page {
        "schema" => Some(SchemaFormat::Html),
        "schema.json" => Some(SchemaFormat::Json),
        "schema.md" => Some(SchemaFormat::Markdown),
        _ => None,
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

/// A name segment: one or more characters other than `.`, decoded.
fn name(segment: &str) -> Option<String> {
    let valid = !segment.is_empty() && !segment.contains('.');
    valid.then(|| tilde::decode(segment).into_owned())
}

/// A name with an optional `.word` after it.
fn suffixed(segment: &str) -> Option<(String, Option<String>)> {
    match segment.split_once('.') {
        None => Some((name(segment)?, None)),
        Some((stem, format)) if is_word(format) => Some((name(stem)?, Some(format.to_owned()))),
        Some(_) => None,
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(database: &str, table: &str, format: Option<&str>) -> Route {
        Route::Table {
            database: database.to_owned(),
            table: table.to_owned(),
            format: format.map(str::to_owned),
        }
    }

    fn row(database: &str, table: &str, identifier: &str, format: Option<&str>) -> Route {
        Route::Row {
            database: database.to_owned(),
            table: table.to_owned(),
            identifier: identifier.to_owned(),
            format: format.map(str::to_owned),
        }
    }

    // Proves: ROUTE-01, ROUTE-02, ROUTE-03, ROUTE-05
    #[test]
    fn fixed_paths() {
        assert_eq!(
            Route::parse("/"),
            Route::Index {
                json: false,
                built_in: false
            }
        );
        assert_eq!(
            Route::parse("/-/.json"),
            Route::Index {
                json: true,
                built_in: true
            }
        );
        assert_eq!(
            Route::parse("/-"),
            Route::Moved {
                to: "-/".to_owned()
            }
        );
        assert_eq!(
            Route::parse("/:memory:/x.json"),
            Route::Moved {
                to: "_memory/x.json".to_owned()
            }
        );
        assert_eq!(Route::parse("/favicon.ico"), Route::Favicon);
    }

    // Proves: ROUTE-13, ROUTE-14, ROUTE-15, ROUTE-16, ROUTE-28
    #[test]
    fn database_paths() {
        let database = |format: Option<&str>| Route::Database {
            database: "data".to_owned(),
            format: format.map(str::to_owned),
        };
        assert_eq!(Route::parse("/data"), database(None));
        assert_eq!(Route::parse("/data.json"), database(Some("json")));
        assert_eq!(
            Route::parse("/data.db"),
            Route::Download {
                database: "data".to_owned()
            }
        );
        assert_eq!(
            Route::parse("/my~2Edots"),
            Route::Database {
                database: "my.dots".to_owned(),
                format: None
            }
        );
        assert_eq!(
            Route::parse("/data/-/query.csv"),
            Route::Query {
                database: "data".to_owned(),
                format: Some("csv".to_owned())
            }
        );
        assert_eq!(
            Route::parse("/data/-/query/parameters"),
            Route::QueryParameters {
                database: "data".to_owned()
            }
        );
        assert_eq!(Route::parse("/my.dots/t"), Route::Unknown);
    }

    // Proves: ROUTE-18, ROUTE-20
    #[test]
    fn table_and_row_paths() {
        assert_eq!(Route::parse("/data/t"), table("data", "t", None));
        assert_eq!(
            Route::parse("/data/a~2Fb.json"),
            table("data", "a/b", Some("json"))
        );
        assert_eq!(Route::parse("/data/t/1"), row("data", "t", "1", None));
        assert_eq!(
            Route::parse("/data/t/1.5.json"),
            row("data", "t", "1.5", Some("json"))
        );
        assert_eq!(
            Route::parse("/data/t/a~2Cb,c.blob"),
            row("data", "t", "a~2Cb,c", Some("blob"))
        );
        assert_eq!(Route::parse("/data/t/"), Route::Unknown);
        assert_eq!(Route::parse("/data/t/1/2"), Route::Unknown);
    }

    // Proves: ROUTE-06, ROUTE-08, ROUTE-10, ROUTE-22
    #[test]
    fn tools() {
        assert_eq!(
            Route::parse("/-/versions.json"),
            Route::About {
                page: About::Versions,
                json: true
            }
        );
        assert_eq!(Route::parse("/-/jump"), Route::Jump);
        assert_eq!(
            Route::parse("/data/t/-/schema.md"),
            Route::Schema {
                database: Some("data".to_owned()),
                table: Some("t".to_owned()),
                format: SchemaFormat::Markdown
            }
        );
        assert_eq!(
            Route::parse("/data/t/-/count"),
            Route::Count {
                database: "data".to_owned(),
                table: "t".to_owned()
            }
        );
        assert_eq!(
            Route::parse("/data/-/nothing"),
            row("data", "-", "nothing", None)
        );
    }
}
