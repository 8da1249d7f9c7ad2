//! Rows from lines of text, one at a time.

use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

use datasette_core::schema::Affinity;
use datasette_core::{Fault, Given, TableRef, json_text};
use datasette_query::change::StreamFormat;
use serde_json::Value as Json;

/// A row and where it came from.
#[derive(Debug)]
pub(super) struct StreamedRow {
    /// Its line, from 1; that of its end, where it has several.
    pub(super) line: u64,
    /// The columns that it names. Rows in a row that name the same share them.
    pub(super) columns: Arc<[String]>,
    /// Their values.
    pub(super) values: Vec<Given>,
}

/// Reads rows.
pub(super) struct RowStream<R: Read> {
    source: Source<R>,
    columns: Arc<[String]>,
}

enum Source<R: Read> {
    Lines { reader: BufReader<R>, line: u64 },
    Records(Box<Records<R>>),
}

struct Records<R: Read> {
    reader: csv::Reader<R>,
    record: csv::StringRecord,
    /// By column: whether an empty cell is NULL.
    blank_is_null: Vec<bool>,
}

impl<R: Read> RowStream<R> {
    /// Begins to read; of CSV the line of column names.
    ///
    /// # Errors
    /// 400 when that line is missing or names a column twice.
    pub(super) fn new(format: StreamFormat, table: &TableRef, reader: R) -> Result<Self, Fault> {
        let delimiter = match format {
            StreamFormat::NewlineJson => {
                let reader = BufReader::with_capacity(64 * 1024, reader);
                return Ok(Self {
                    source: Source::Lines { reader, line: 0 },
                    columns: Arc::new([]),
                });
            }
            StreamFormat::Csv => b',',
            StreamFormat::Tsv => b'\t',
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .buffer_capacity(64 * 1024)
            .from_reader(reader);
        let header = reader.headers().map_err(|error| broken(&error))?;
        let names = header.iter().enumerate().map(|(place, name)| match place {
            // A mark of the byte order that spreadsheets write.
            0 => name.trim_start_matches('\u{feff}').to_owned(),
            _ => name.to_owned(),
        });
        let columns: Arc<[String]> = names.collect();
        if columns.is_empty() {
            return Err(Fault::bad_request("There is no line of column names"));
        }
        for (place, name) in columns.iter().enumerate() {
            if columns[..place].contains(name) {
                return Err(Fault::bad_request(format!("Duplicate column: {name}")));
            }
        }
        let is_number = |name: &String| {
            let affinity = table.column(name).map(|column| column.affinity());
            let numeric = [Affinity::Integer, Affinity::Real, Affinity::Numeric];
            affinity.is_some_and(|affinity| numeric.contains(&affinity))
        };
        let blank_is_null = columns.iter().map(is_number).collect();
        let records = Records {
            reader,
            record: csv::StringRecord::new(),
            blank_is_null,
        };
        Ok(Self {
            source: Source::Records(Box::new(records)),
            columns,
        })
    }

    /// The next row.
    ///
    /// # Errors
    /// 400 for a line that is no row; the message names it.
    pub(super) fn next(&mut self) -> Result<Option<StreamedRow>, Fault> {
        match &mut self.source {
            Source::Lines { reader, line } => next_line(reader, line, &mut self.columns),
            Source::Records(records) => records.next(&self.columns),
        }
    }
}

fn next_line(
    reader: &mut impl BufRead,
    line: &mut u64,
    columns: &mut Arc<[String]>,
) -> Result<Option<StreamedRow>, Fault> {
    let mut text = String::new();
    loop {
        *line += 1;
        text.clear();
        let refuse =
            |words: &dyn std::fmt::Display| Fault::bad_request(format!("Line {line}: {words}"));
        match reader.read_line(&mut text) {
            Ok(0) => return Ok(None),
            Ok(_) if text.trim().is_empty() => continue,
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                return Err(refuse(&"not UTF-8"));
            }
            Err(error) => return Err(Fault::internal(error)),
        }
        let document = json_text::read_with_infinity(text.trim_end_matches(['\r', '\n']));
        let row = match document.map_err(|mistake| refuse(&mistake))? {
            Json::Object(row) => row,
            _ => return Err(refuse(&"a row must be a JSON object")),
        };
        if !row.keys().eq(columns.iter()) {
            *columns = row.keys().cloned().collect();
        }
        let mut values = Vec::with_capacity(row.len());
        for value in row.into_values() {
            values.push(Given::decode(value).map_err(|fault| refuse(&fault))?);
        }
        return Ok(Some(StreamedRow {
            line: *line,
            columns: Arc::clone(columns),
            values,
        }));
    }
}

impl<R: Read> Records<R> {
    fn next(&mut self, columns: &Arc<[String]>) -> Result<Option<StreamedRow>, Fault> {
        let more = self.reader.read_record(&mut self.record);
        if !more.map_err(|error| broken(&error))? {
            return Ok(None);
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        if self.record.len() != columns.len() {
            return Err(Fault::bad_request(format!(
                "Line {line} has {} values, but {} columns are named",
                self.record.len(),
                columns.len()
            )));
        }
        let values = self.record.iter().zip(&self.blank_is_null);
        let values = values.map(|(text, blank_is_null)| match text {
            "" if *blank_is_null => Given::Json(Json::Null),
            text => Given::Json(Json::String(text.to_owned())),
        });
        Ok(Some(StreamedRow {
            line,
            columns: Arc::clone(columns),
            values: values.collect(),
        }))
    }
}

fn broken(error: &csv::Error) -> Fault {
    match error.kind() {
        csv::ErrorKind::Utf8 { pos, .. } => {
            let line = pos.as_ref().map_or(1, csv::Position::line);
            Fault::bad_request(format!("Line {line}: not UTF-8"))
        }
        csv::ErrorKind::Io(_) => Fault::internal(error.to_string()),
        _ => Fault::bad_request(format!("The rows cannot be read: {error}")),
    }
}
