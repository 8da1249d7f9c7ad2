//! The built-in `csv` format.

use std::io::Write;

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};
use datasette_core::{Row, RowSink, SinkClosed, ValueRef, real};
use sha2::{Digest, Sha256};

use crate::chunks::ChunkWriter;
use crate::location::append;

/// What stands for a BLOB, which CSV cannot hold.
pub enum BlobUrls {
    /// The URL of the row's `.blob`: everything up to the row identifier, then everything from it
    /// to the column name (CSV-19), and where the identifying values are.
    Rows {
        /// `{origin}/{db}/{table}/`
        prefix: String,
        /// Positions of the row key.
        row_key: Vec<usize>,
    },
    /// The URL of the same query as `.blob`, to which column and hash are added (CSV-20).
    Query {
        /// `{origin}/{db}/-/query.blob?sql=...`
        url: String,
    },
}

/// What the client asked of CSV.
pub struct CsvOptions {
    /// Whether the first line names the columns (CSV-06).
    pub header: bool,
    /// Names of the columns that get a `{name}_label` column beside them (CSV-09).
    pub labelled: Vec<String>,
    /// The links for BLOBs.
    pub blobs: BlobUrls,
    /// The largest output in bytes; `None` is unlimited (CSV-16).
    pub limit: Option<u64>,
    /// Whether the text stands in a page, to look at (CSV-24).
    pub in_page: bool,
}

/// What comes before the text in a page. Browsers drop the line break behind the tag.
const PAGE_START: &[u8] = b"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>CSV debug</title></head>\n<body><textarea aria-label=\"CSV\" readonly style=\"width: 90%; height: 70vh\">\n";
/// What comes after it.
const PAGE_END: &[u8] = b"</textarea></body></html>";

/// The sink that writes rows as CSV while SQLite steps through them.
pub struct CsvRows {
    writer: Writer<ChunkWriter>,
    options: CsvOptions,
    names: Vec<String>,
    labelled: Vec<bool>,
    number: String,
    failed: bool,
}

impl CsvRows {
    /// Rows written to `target`. Lines end in CRLF (CSV-04); a field is quoted only where it must
    /// be (CSV-05).
    pub fn new(mut target: ChunkWriter, options: CsvOptions) -> Self {
        let mut failed = false;
        if options.in_page {
            failed = target.write_all(PAGE_START).is_err();
            target.set_escaping(true);
        }
        let writer = WriterBuilder::new()
            .terminator(Terminator::CRLF)
            .quote_style(QuoteStyle::Necessary)
            .flexible(true)
            .from_writer(target);
        Self {
            writer,
            options,
            names: Vec::new(),
            labelled: Vec::new(),
            number: String::new(),
            failed,
        }
    }

    /// Whether the reader has been given anything.
    pub fn has_begun(&self) -> bool {
        self.writer.get_ref().has_begun()
    }

    /// Ends the body and gives the target back; `None` when its reader has gone.
    pub fn finish(self) -> Option<ChunkWriter> {
        let mut target = self.writer.into_inner().ok()?;
        if self.options.in_page {
            target.set_escaping(false);
            target.write_all(PAGE_END).ok()?;
        }
        target.finish().ok()?;
        Some(target)
    }

    fn write_header(&mut self) -> csv::Result<()> {
        for index in 0..self.names.len() {
            self.writer.write_field(&self.names[index])?;
            if self.labelled[index] {
                let label = format!("{}_label", self.names[index]);
                self.writer.write_field(label)?;
            }
        }
        self.writer.write_record(None::<&[u8]>)
    }

    fn write_row(&mut self, row: &dyn Row) -> csv::Result<()> {
        for index in 0..row.len() {
            self.write_value(row, index, row.value(index))?;
            if self.labelled.get(index).copied().unwrap_or(false) {
                self.write_value(row, index, row.label(index).unwrap_or(ValueRef::Null))?;
            }
        }
        self.writer.write_record(None::<&[u8]>)
    }

    fn write_value(&mut self, row: &dyn Row, index: usize, value: ValueRef<'_>) -> csv::Result<()> {
        match value {
            ValueRef::Null => self.writer.write_field(b""),
            ValueRef::Integer(number) => {
                use std::fmt::Write as _;
                self.number.clear();
                let _ = write!(self.number, "{number}");
                self.writer.write_field(&self.number)
            }
            ValueRef::Real(number) => {
                self.number.clear();
                real::write(&mut self.number, number);
                self.writer.write_field(&self.number)
            }
            ValueRef::Text(text) => match std::str::from_utf8(text) {
                Ok(_) => self.writer.write_field(text),
                Err(_) => self
                    .writer
                    .write_field(String::from_utf8_lossy(text).as_bytes()),
            },
            ValueRef::Blob(bytes) => {
                let url = self.blob_url(row, index, bytes);
                self.writer.write_field(url)
            }
        }
    }

    fn blob_url(&self, row: &dyn Row, index: usize, bytes: &[u8]) -> String {
        use datasette_core::query_string::encode_form;
        let name = self.names.get(index).map_or("", String::as_str);
        match &self.options.blobs {
            BlobUrls::Rows { prefix, row_key } => {
                let identifier =
                    crate::urls::row_identifier(row_key.iter().map(|place| row.value(*place)));
                let mut url = format!("{prefix}{identifier}.blob?_blob_column=");
                encode_form(&mut url, name);
                url
            }
            BlobUrls::Query { url } => {
                let mut argument = String::from("_blob_column=");
                encode_form(&mut argument, name);
                let mut url = append(url, &argument);
                url.push_str("&_blob_hash=");
                for byte in Sha256::digest(bytes) {
                    use std::fmt::Write as _;
                    let _ = write!(url, "{byte:02x}");
                }
                url
            }
        }
    }

    fn over_limit(&mut self) -> bool {
        let Some(limit) = self.options.limit else {
            return false;
        };
        if self.writer.get_ref().written() <= limit {
            return false;
        }
        let note = format!("CSV contains more than {limit} bytes");
        tracing::warn!("{note}");
        self.failed = self.writer.write_record([note]).is_err();
        true
    }
}

impl RowSink for CsvRows {
    fn columns(&mut self, names: &[String]) {
        self.names = names.to_vec();
        self.labelled = names
            .iter()
            .map(|name| self.options.labelled.contains(name))
            .collect();
        if self.options.header {
            self.failed = self.write_header().is_err();
        }
    }

    fn row(&mut self, row: &dyn Row) -> Result<(), SinkClosed> {
        if self.failed || self.over_limit() || self.write_row(row).is_err() {
            return Err(SinkClosed);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasette_core::Value;

    fn options(header: bool) -> CsvOptions {
        let blobs = BlobUrls::Rows {
            prefix: "http://localhost/d/t/".to_owned(),
            row_key: vec![0],
        };
        CsvOptions {
            header,
            labelled: Vec::new(),
            blobs,
            limit: None,
            in_page: false,
        }
    }

    fn written(options: CsvOptions, names: &[&str], rows: &[Vec<Value>]) -> String {
        let mut sink = CsvRows::new(ChunkWriter::collecting(), options);
        sink.columns(
            &names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>(),
        );
        for row in rows {
            sink.row(row).unwrap();
        }
        String::from_utf8(sink.finish().unwrap().into_bytes()).unwrap()
    }

    // Proves: CSV-04, CSV-05, CSV-06, CSV-07, CSV-08
    #[test]
    fn fields_are_quoted_only_where_needed() {
        let row = vec![
            Value::Integer(1),
            Value::Real(f64::NEG_INFINITY),
            Value::Null,
            Value::from("[\"a\"]"),
            Value::from("x y"),
            Value::from("l\nm"),
        ];
        assert_eq!(
            written(options(true), &["a", "b", "c", "d", "e", "f"], &[row]),
            "a,b,c,d,e,f\r\n1,-inf,,\"[\"\"a\"\"]\",x y,\"l\nm\"\r\n"
        );
        assert_eq!(
            written(options(false), &["a"], &[vec![Value::Null]]),
            "\"\"\r\n"
        );
    }

    // Proves: CSV-19, CSV-21
    #[test]
    fn blobs_become_links() {
        let row = vec![Value::from("a/b"), Value::Blob(vec![1])];
        assert_eq!(
            written(options(false), &["id", "my data"], &[row]),
            "a/b,http://localhost/d/t/a~2Fb.blob?_blob_column=my+data\r\n"
        );
    }

    // Proves: CSV-20
    #[test]
    fn blobs_of_queries_carry_their_hash() {
        let blobs = BlobUrls::Query {
            url: "http://localhost/d/-/query.blob?sql=x".to_owned(),
        };
        let options = CsvOptions {
            header: false,
            labelled: Vec::new(),
            blobs,
            limit: None,
            in_page: false,
        };
        let text = written(options, &["data"], &[vec![Value::Blob(Vec::new())]]);
        assert!(text.contains("&_blob_column=data&_blob_hash=e3b0c442"));
    }
}
