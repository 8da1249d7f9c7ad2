//! Paths of every kind of page, each with `base_url` exactly once (ROUTE-40).

use datasette_core::{DatabaseRef, TableRef, tilde};

use crate::location::join;

/// Makes the paths of pages.
#[derive(Clone, Debug)]
pub struct Urls {
    base_url: String,
}

impl Urls {
    /// Paths below `base_url`, which starts and ends with `/`.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
        }
    }

    /// The setting.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Any path below the root.
    pub fn path(&self, path: &str) -> String {
        join(&self.base_url, path)
    }

    /// The index page.
    pub fn instance(&self) -> String {
        self.base_url.clone()
    }

    /// The page of a database.
    pub fn database(&self, database: &DatabaseRef) -> String {
        self.database_route(database.route())
    }

    /// The page of the database with this route.
    pub fn database_route(&self, route: &str) -> String {
        join(&self.base_url, &tilde::encode(route))
    }

    /// The page of a table or view.
    pub fn table(&self, table: &TableRef) -> String {
        self.child(table.database().route(), table.name())
    }

    /// The page of a table, view or stored query by names.
    pub fn child(&self, route: &str, name: &str) -> String {
        join(
            &self.base_url,
            &format!("{}/{}", tilde::encode(route), tilde::encode(name)),
        )
    }

    /// The page of a row; `identifier` is already in URL form (WIRE-20).
    pub fn row(&self, table: &TableRef, identifier: &str) -> String {
        format!("{}/{identifier}", self.table(table))
    }

    /// The download of one value of a row (CSV-19).
    pub fn blob(&self, table: &TableRef, identifier: &str, column: &str) -> String {
        let mut url = format!("{}.blob?_blob_column=", self.row(table, identifier));
        datasette_core::query_string::encode_form(&mut url, column);
        url
    }
}

/// A row identifier in URL form: values tilde-encoded and joined by commas (WIRE-20).
pub fn row_identifier<'a>(values: impl Iterator<Item = datasette_core::ValueRef<'a>>) -> String {
    let mut identifier = String::new();
    for (index, value) in values.enumerate() {
        if index > 0 {
            identifier.push(',');
        }
        identifier.push_str(&tilde::encode(&display_text(value)));
    }
    identifier
}

/// The text of any value where only text can stand; NULL is `None` and a blob its bytes as text.
pub fn display_text(value: datasette_core::ValueRef<'_>) -> std::borrow::Cow<'_, str> {
    use datasette_core::ValueRef;
    match value {
        ValueRef::Null => std::borrow::Cow::Borrowed("None"),
        ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes),
        other => other.as_text().unwrap_or_default(),
    }
}
