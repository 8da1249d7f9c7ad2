//! What a streamed insert or upsert is asked: rows as lines of text, options in the query string.

use datasette_core::{Fault, QueryString};

use super::insert::{InsertKind, Manner};

/// How rows are written in a body that is read as it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamFormat {
    /// One JSON object per line.
    NewlineJson,
    /// Comma-separated values under a line of column names.
    Csv,
    /// The same with tabs.
    Tsv,
}

impl StreamFormat {
    /// The format that a `Content-Type` names; `None` for all others, which are read as one JSON
    /// document (WRITE-01).
    pub fn of_content_type(content_type: &str) -> Option<Self> {
        let kind = content_type.split(';').next().unwrap_or_default().trim();
        match kind.to_ascii_lowercase().as_str() {
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => {
                Some(Self::NewlineJson)
            }
            "text/csv" => Some(Self::Csv),
            "text/tab-separated-values" => Some(Self::Tsv),
            _ => None,
        }
    }

    /// Whether quotes may hold line ends.
    pub fn has_quotes(self) -> bool {
        self != Self::NewlineJson
    }
}

/// A streamed call (WRITE-153).
#[derive(Clone, Copy, Debug)]
pub struct StreamQuestion {
    /// How the rows are written.
    pub format: StreamFormat,
    /// What happens with rows that are there already.
    pub manner: Manner,
    /// Whether missing columns are added.
    pub alter: bool,
    /// The most rows.
    pub max_rows: usize,
}

impl StreamQuestion {
    /// Reads the query string.
    ///
    /// # Errors
    /// 400 for options that contradict each other.
    pub fn parse(
        format: StreamFormat,
        kind: InsertKind,
        query: &QueryString,
        max_rows: usize,
    ) -> Result<Self, Fault> {
        let flag = |name: &str| {
            let value = query.get(name).unwrap_or_default();
            !matches!(value, "" | "0" | "off" | "false")
        };
        let manner = Manner {
            kind,
            ignore: flag("_ignore"),
            replace: flag("_replace"),
        };
        manner.check_contradiction()?;
        manner.check_upsert()?;
        Ok(Self {
            format,
            manner,
            alter: flag("_alter"),
            max_rows,
        })
    }

    /// The refusal of more rows than that (WRITE-25).
    pub fn too_many(&self) -> Fault {
        too_many(self.max_rows)
    }
}

pub(super) fn too_many(max_rows: usize) -> Fault {
    Fault::bad_request(format!("Too many rows, maximum allowed is {max_rows}"))
}
