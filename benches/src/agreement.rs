//! Whether all contestants really answered the same question.

use std::collections::HashMap;

use serde_json::Value;

use crate::data::{many, million};
use crate::fingerprint::Fingerprint;
use crate::measurements::Work;

/// Rows on the first page.
const PAGE: u64 = 100;

/// Remembers the first answer to each question and compares the others with it.
#[derive(Debug, Default)]
pub(crate) struct Agreement {
    rows: HashMap<String, Value>,
    export: Option<Fingerprint>,
}

impl Agreement {
    /// Compares the `rows` of JSON with those of the first contestant; looks in HTML for what
    /// the generator put into the file.
    ///
    /// # Errors
    /// What is missing or different.
    pub(crate) fn check(&mut self, work: Work, path: &str, body: &[u8]) -> Result<(), String> {
        match work {
            Work::Html => contains_all(path, body, (1..=PAGE).map(million::code)),
            Work::Database => {
                let names = (0..many::TABLES).map(many::table_name);
                contains_all(path, body, names.map(|name| format!("/many/{name}\"")))
            }
            _ => self.same_rows(path, body),
        }
    }

    /// Compares a whole export with that of the first contestant.
    ///
    /// # Errors
    /// Other bytes.
    pub(crate) fn check_export(&mut self, export: &Fingerprint) -> Result<(), String> {
        let first = self.export.get_or_insert_with(|| export.clone());
        if first == export {
            return Ok(());
        }
        Err(format!(
            "the CSV differs: {} bytes here, {} bytes from the first contestant",
            export.length(),
            first.length()
        ))
    }

    fn same_rows(&mut self, path: &str, body: &[u8]) -> Result<(), String> {
        let mut answer: Value =
            serde_json::from_slice(body).map_err(|error| format!("{path} is not JSON: {error}"))?;
        let rows = answer.get_mut("rows").map(Value::take).unwrap_or_default();
        if rows.as_array().is_none_or(Vec::is_empty) {
            return Err(format!("{path} has no rows"));
        }
        match self.rows.get(path) {
            None => {
                self.rows.insert(path.to_owned(), rows);
                Ok(())
            }
            Some(first) if *first == rows => Ok(()),
            Some(_) => Err(format!(
                "{path}: the rows differ from the first contestant's"
            )),
        }
    }
}

fn contains_all(
    path: &str,
    body: &[u8],
    mut markers: impl Iterator<Item = String>,
) -> Result<(), String> {
    let text = String::from_utf8_lossy(body);
    match markers.find(|marker| !text.contains(marker.as_str())) {
        None => Ok(()),
        Some(marker) => Err(format!("{path} does not show {marker:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_rows_agree_and_others_do_not() {
        let mut agreement = Agreement::default();
        let mut check = |body: &str| agreement.check(Work::Json, "/x.json", body.as_bytes());
        assert_eq!(
            check(r#"{"rows": [{"a": 1.50, "b": "\u00e9"}], "query_ms": 1}"#),
            Ok(())
        );
        assert_eq!(
            check(r#"{"rows": [{"a": 1.50, "b": "é"}], "query_ms": 2}"#),
            Ok(())
        );
        assert!(
            check(r#"{"rows": [{"a": 1.50, "b": "e"}]}"#)
                .unwrap_err()
                .contains("differ")
        );
        assert!(check(r#"{"rows": []}"#).unwrap_err().contains("no rows"));
        assert!(check("<html>").unwrap_err().contains("not JSON"));
    }

    #[test]
    fn pages_must_show_what_the_file_holds() {
        let mut agreement = Agreement::default();
        let codes: Vec<String> = (1..=100).map(million::code).collect();
        let page = codes.join(" ");
        assert_eq!(agreement.check(Work::Html, "/t", page.as_bytes()), Ok(()));
        let short = codes[..99].join(" ");
        assert!(agreement.check(Work::Html, "/t", short.as_bytes()).is_err());
    }

    #[test]
    fn exports_are_compared_by_fingerprint() {
        let of = |text: &[u8]| {
            let mut fingerprint = Fingerprint::default();
            fingerprint.feed(text);
            fingerprint
        };
        let mut agreement = Agreement::default();
        assert_eq!(agreement.check_export(&of(b"a\r\n")), Ok(()));
        assert_eq!(agreement.check_export(&of(b"a\r\n")), Ok(()));
        assert!(agreement.check_export(&of(b"b\r\n")).is_err());
    }
}
