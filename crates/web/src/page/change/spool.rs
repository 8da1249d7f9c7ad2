//! Receiving a body that may be large: small ones stay in memory, others go to a temporary file.

use std::io::Write;

use axum::body::Body;
use datasette_core::{Fault, FaultKind};
use datasette_engine::write::StreamQuestion;
use futures_util::StreamExt;
use tempfile::SpooledTempFile;

use super::body;
use crate::page::keyed::Digest;
use crate::visit::Visit;

/// Bodies up to this size need no file.
const IN_MEMORY: usize = 256 * 1024;

/// Counts rows while they come, so that a body without end is refused early.
struct Rows {
    quotes: bool,
    within_quotes: bool,
    ends: usize,
    /// Bytes since the last end.
    length: usize,
}

impl Rows {
    fn note(&mut self, part: &[u8]) {
        for byte in part {
            self.length += 1;
            match byte {
                b'"' if self.quotes => self.within_quotes = !self.within_quotes,
                b'\n' if !self.within_quotes => {
                    // A blank line is no row.
                    self.ends += usize::from(self.length > 2);
                    self.length = 0;
                }
                _ => {}
            }
        }
    }
}

/// The body, read whole. A row may be as long as `max_post_body_bytes` allows. A call with a key
/// begins then.
///
/// # Errors
/// 400 for more rows than are allowed, 413 for one that is too long; 409 where the call was begun
/// elsewhere.
pub(super) async fn receive(
    visit: &Visit,
    body: Body,
    question: &StreamQuestion,
) -> Result<SpooledTempFile, Fault> {
    let longest = body::most(visit);
    let mut rows = Rows {
        quotes: question.format.has_quotes(),
        within_quotes: false,
        ends: 0,
        length: 0,
    };
    // The line of column names is no row.
    let most = question.max_rows + usize::from(question.format.has_quotes());
    let mut spool = SpooledTempFile::new(IN_MEMORY);
    let mut digest = visit.call.as_ref().map(|_| Digest::of(visit));
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(body::broke_off)?;
        rows.note(&part);
        if let Some(digest) = &mut digest {
            digest.note(&part);
        }
        if rows.ends > most {
            return Err(question.too_many());
        }
        if rows.length > longest {
            let message = format!("A row exceeded maximum size of {longest} bytes");
            return Err(Fault::new(FaultKind::TooLarge, message));
        }
        // Into the page cache of a local file: not worth a thread of its own.
        spool.write_all(&part).map_err(|error| {
            Fault::unavailable("There is no room for a body of this size.").caused_by(error)
        })?;
    }
    if let Some((call, digest)) = visit.call.as_ref().zip(digest) {
        call.begin(digest.with_body()).await?;
    }
    Ok(spool)
}

#[cfg(test)]
mod tests {
    use super::Rows;

    #[test]
    fn ends_of_rows_are_counted_outside_of_quotes() {
        let count = |quotes, parts: &[&str]| {
            let mut rows = Rows {
                quotes,
                within_quotes: false,
                ends: 0,
                length: 0,
            };
            parts.iter().for_each(|part| rows.note(part.as_bytes()));
            (rows.ends, rows.length)
        };
        assert_eq!(count(true, &["a,b\n1,\"x\n", "y\"\n\r\n\n2,"]), (2, 2));
        assert_eq!(count(false, &["{\"a\": \"\n", "}\n", "\n{"]), (1, 1));
    }
}
