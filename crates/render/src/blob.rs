//! The built-in `blob` format: one value of a result as a download.

use datasette_core::{Fault, Row, RowSink, SinkClosed, Value, ValueRef};
use sha2::{Digest, Sha256};

use crate::css_class::css_class;

/// What the client asked of a blob.
#[derive(Clone, Debug)]
pub struct BlobOptions {
    /// `_blob_column`.
    pub column: String,
    /// `_blob_hash`.
    pub hash: Option<String>,
}

impl BlobOptions {
    /// Reads the arguments.
    ///
    /// # Errors
    /// 400 without a column (BLOB-02).
    pub fn parse(query: &datasette_core::QueryString) -> Result<Self, Fault> {
        let column = query
            .get("_blob_column")
            .ok_or_else(|| Fault::bad_request("?_blob_column= is required"))?;
        let hash = query.get("_blob_hash").map(str::to_owned);
        Ok(Self {
            column: column.to_owned(),
            hash,
        })
    }

    /// The file name of the download (BLOB-04). `identifier` is the row's as it stands in the URL.
    pub fn file_name(&self, table: Option<&str>, identifier: Option<&str>) -> String {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(table.map(|table| css_class(table).into_owned()));
        parts.extend(identifier.map(str::to_owned));
        parts.push(css_class(&self.column).into_owned());
        parts.extend(
            self.hash
                .as_ref()
                .map(|hash| hash.chars().take(6).collect()),
        );
        format!("{}.blob", parts.join("-"))
    }
}

/// Takes the first value that fits and ends the query.
#[derive(Debug)]
pub struct BlobSink {
    options: BlobOptions,
    place: Option<usize>,
    found: Option<Value>,
}

impl BlobSink {
    /// A sink for these options.
    pub fn new(options: BlobOptions) -> Self {
        Self {
            options,
            place: None,
            found: None,
        }
    }

    /// The bytes: those of a blob or text, the text of a number, nothing for NULL (BLOB-08,
    /// BLOB-09).
    ///
    /// # Errors
    /// 400 for a column the result does not have (BLOB-02), and when no row has the value any
    /// more (BLOB-07).
    pub fn into_bytes(self) -> Result<Vec<u8>, Fault> {
        if self.place.is_none() {
            return Err(Fault::bad_request(format!(
                "{} is not a valid column",
                self.options.column
            )));
        }
        match self.found {
            None => Err(Fault::bad_request(
                "Link has expired - the requested binary content has changed or could not be found.",
            )),
            Some(Value::Blob(bytes)) => Ok(bytes),
            Some(Value::Null) => Ok(Vec::new()),
            Some(other) => Ok(other
                .as_ref()
                .as_text()
                .unwrap_or_default()
                .into_owned()
                .into_bytes()),
        }
    }

    fn fits(&self, value: ValueRef<'_>) -> bool {
        let Some(hash) = &self.options.hash else {
            return true;
        };
        let bytes = match value {
            ValueRef::Blob(bytes) | ValueRef::Text(bytes) => bytes,
            _ => return false,
        };
        let digest = Sha256::digest(bytes);
        let mut text = String::with_capacity(64);
        for byte in digest {
            text.push_str(&format!("{byte:02x}"));
        }
        text == *hash
    }
}

impl RowSink for BlobSink {
    fn columns(&mut self, names: &[String]) {
        self.place = names.iter().position(|name| *name == self.options.column);
    }

    fn row(&mut self, row: &dyn Row) -> Result<(), SinkClosed> {
        if let (Some(place), None) = (self.place, &self.found) {
            let value = row.value(place);
            if self.fits(value) {
                self.found = Some(value.to_value());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasette_core::QueryString;

    fn read(arguments: &str, rows: &[Value]) -> Result<Vec<u8>, Fault> {
        let mut sink = BlobSink::new(BlobOptions::parse(&QueryString::parse(arguments))?);
        sink.columns(&["data".to_owned()]);
        for value in rows {
            sink.row(&vec![value.clone()]).unwrap();
        }
        sink.into_bytes()
    }

    // Proves: BLOB-02, BLOB-05, BLOB-06, BLOB-07, BLOB-08, BLOB-09
    #[test]
    fn the_first_fitting_value_is_taken() {
        let rows = [Value::Null, Value::Integer(5), Value::Blob(b"hi".to_vec())];
        assert_eq!(read("_blob_column=data", &rows).unwrap(), b"");
        let hash = "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4";
        assert_eq!(
            read(&format!("_blob_column=data&_blob_hash={hash}"), &rows).unwrap(),
            b"hi"
        );
        assert_eq!(read("_blob_column=data", &rows[1..]).unwrap(), b"5");
        let expired = read("_blob_column=data&_blob_hash=00", &rows).unwrap_err();
        assert!(expired.message().starts_with("Link has expired"));
        assert_eq!(
            read("_blob_column=x", &rows).unwrap_err().message(),
            "x is not a valid column"
        );
        assert_eq!(
            read("", &rows).unwrap_err().message(),
            "?_blob_column= is required"
        );
        assert!(read("_blob_column=data", &[]).is_err());
    }

    // Proves: BLOB-04
    #[test]
    fn downloads_are_named_after_what_they_hold() {
        let options = |hash: Option<&str>| BlobOptions {
            column: "data".to_owned(),
            hash: hash.map(str::to_owned),
        };
        let table = Some("binary_data");
        assert_eq!(
            options(None).file_name(table, Some("1")),
            "binary_data-1-data.blob"
        );
        assert_eq!(
            options(Some("f30889aa")).file_name(table, None),
            "binary_data-data-f30889.blob"
        );
        assert_eq!(
            options(Some("f30889aa")).file_name(None, None),
            "data-f30889.blob"
        );
    }
}
