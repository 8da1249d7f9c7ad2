//! Paths of every kind of page, each with `base_url` exactly once (ROUTE-40).

use datasette_core::{DatabaseRef, TableRef, tilde};
use sha2::{Digest, Sha256};

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

    /// Where the tables are listed that columns of this table may refer to (WRITE-124).
    pub fn key_targets(&self, table: &TableRef) -> String {
        let mut url = self.database(table.database());
        url.push_str("/-/foreign-key-targets?table=");
        for byte in table.name().bytes() {
            match byte {
                b'_' | b'.' | b'-' | b'~' => url.push(char::from(byte)),
                other if other.is_ascii_alphanumeric() => url.push(char::from(other)),
                other => url.push_str(&format!("%{other:02X}")),
            }
        }
        url
    }

    /// The download of a value of a view, whose rows have no page of their own: it is found among
    /// the first rows of the view by its hash (BLOB-06).
    pub fn blob_by_hash(&self, view: &TableRef, column: &str, bytes: &[u8]) -> String {
        use std::fmt::Write as _;
        let mut url = format!("{}.blob?_size=max&_blob_column=", self.table(view));
        datasette_core::query_string::encode_form(&mut url, column);
        url.push_str("&_blob_hash=");
        for byte in Sha256::digest(bytes) {
            // Writing into a string cannot fail.
            let _ = write!(url, "{byte:02x}");
        }
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
        identifier.push_str(&tilde::encode(&value.printed()));
    }
    identifier
}

#[cfg(test)]
mod tests {
    use datasette_core::ValueRef;

    use super::*;

    // Proves: WIRE-20
    #[test]
    fn values_that_differ_have_identifiers_that_differ() {
        let of = |value| row_identifier([ValueRef::Integer(1), value].into_iter());
        assert_eq!(of(ValueRef::Text(b"a/b")), "1,a~2Fb");
        assert_eq!(of(ValueRef::Null), "1,None");
        assert_eq!(of(ValueRef::Blob(b"")), "1,b~27~27");
        assert_eq!(of(ValueRef::Blob(b"\x00\xff")), "1,b~27~5Cx00~5Cxff~27");
    }
}
