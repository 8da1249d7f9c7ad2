//! The rows of the specification: the tables of `docs/spec`.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::tree::Tree;

/// Where the chapters lie.
const CHAPTERS: &str = "docs/spec";

/// The identifier of a row, such as `FILTER-07`: a prefix in capitals and a number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RowId {
    pub(crate) prefix: String,
    pub(crate) number: u32,
    /// As it is written; numbers have leading zeros.
    pub(crate) text: String,
}

impl RowId {
    /// Reads an identifier that fills the whole text.
    pub(crate) fn parse(text: &str) -> Option<RowId> {
        let (prefix, digits) = text.split_once('-')?;
        let is_prefix = prefix.len() >= 2
            && prefix.starts_with(|letter: char| letter.is_ascii_uppercase())
            && prefix
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        let is_number = digits.len() >= 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_prefix || !is_number {
            return None;
        }
        Some(RowId {
            prefix: prefix.to_owned(),
            number: digits.parse().ok()?,
            text: text.to_owned(),
        })
    }
}

/// One row: a statement the server must keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The file name of its chapter, without the ending.
    pub(crate) chapter: String,
    pub(crate) id: RowId,
    /// Its first words, for lists.
    pub(crate) behaviour: String,
}

/// All rows, in the order of the chapters' names and of the rows inside them.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) all: Vec<Row>,
    by_text: BTreeMap<String, Vec<usize>>,
}

/// Why a reference means no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unresolved {
    Unknown,
    /// Several chapters have a row of this name.
    Ambiguous(Vec<String>),
}

impl Rows {
    /// Reads the chapters of a tree. A row that is repeated inside its chapter counts once.
    pub(crate) fn read(tree: &Tree) -> Rows {
        let mut rows = Rows::default();
        for file in tree
            .with_extension(&["md"])
            .filter(|file| file.is_under(CHAPTERS))
        {
            let chapter = file.path[CHAPTERS.len() + 1..].trim_end_matches(".md");
            for line in file.text.lines() {
                if let Some((id, behaviour)) = row_of(line) {
                    rows.add(chapter, id, behaviour);
                }
            }
        }
        rows
    }

    fn add(&mut self, chapter: &str, id: RowId, behaviour: &str) {
        let same_text = self.by_text.entry(id.text.clone()).or_default();
        if same_text
            .iter()
            .any(|index| self.all[*index].chapter == chapter)
        {
            return;
        }
        same_text.push(self.all.len());
        self.all.push(Row {
            chapter: chapter.to_owned(),
            id,
            behaviour: behaviour.to_owned(),
        });
    }

    /// The row that `FILTER-07`, or `http-read/FILTER-07`, means: its place in `all`.
    pub(crate) fn resolve(&self, reference: &str) -> Result<usize, Unresolved> {
        let (chapter, text) = match reference.split_once('/') {
            Some((chapter, text)) => (Some(chapter), text),
            None => (None, reference),
        };
        let fitting: Vec<usize> = self
            .by_text
            .get(text)
            .into_iter()
            .flatten()
            .copied()
            .filter(|index| chapter.is_none_or(|chapter| self.all[*index].chapter == chapter))
            .collect();
        match fitting[..] {
            [] => Err(Unresolved::Unknown),
            [only] => Ok(only),
            _ => Err(Unresolved::Ambiguous(
                fitting
                    .iter()
                    .map(|index| self.all[*index].chapter.clone())
                    .collect(),
            )),
        }
    }

    /// The rows from one row to another of the same chapter and prefix, both included.
    pub(crate) fn between(&self, first: usize, last: usize) -> Option<Vec<usize>> {
        let (from, to) = (&self.all[first], &self.all[last]);
        let numbers: RangeInclusive<u32> = from.id.number..=to.id.number;
        if from.chapter != to.chapter || from.id.prefix != to.id.prefix || numbers.is_empty() {
            return None;
        }
        let inside = |row: &Row| {
            row.chapter == from.chapter
                && row.id.prefix == from.id.prefix
                && numbers.contains(&row.id.number)
        };
        Some(
            (0..self.all.len())
                .filter(|index| inside(&self.all[*index]))
                .collect(),
        )
    }
}

/// The identifier and the second cell of a table row whose first cell is an identifier.
fn row_of(line: &str) -> Option<(RowId, &str)> {
    let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
    let id = RowId::parse(cells.next()?.trim_matches('`'))?;
    Some((id, cells.next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Rows {
        Rows::read(&Tree::of(&[
            (
                "docs/spec/read.md",
                "| ID | behaviour |\n|---|---|\n| WIRE-01 | one | seed |\n| WIRE-03 | three |\n| TPL-01 | lookup |\n\n| WIRE-01 | again |\n| TABLE-29, QUERY-24 | both |\n",
            ),
            (
                "docs/spec/config.md",
                "| TPL-01 | search order |\n| CONF-02 | x |\n",
            ),
            ("docs/other.md", "| WIRE-99 | elsewhere |\n"),
        ]))
    }

    #[test]
    fn rows_are_read_once_per_chapter() {
        let texts: Vec<String> = rows().all.iter().map(|row| row.id.text.clone()).collect();
        assert_eq!(texts, ["WIRE-01", "WIRE-03", "TPL-01", "TPL-01", "CONF-02"]);
        assert_eq!(rows().all[0].behaviour, "one");
    }

    #[test]
    fn references_mean_one_row() {
        let rows = rows();
        assert_eq!(rows.resolve("WIRE-03"), Ok(1));
        assert_eq!(rows.resolve("config/TPL-01"), Ok(3));
        assert_eq!(rows.resolve("WIRE-99"), Err(Unresolved::Unknown));
        assert_eq!(rows.resolve("read/CONF-02"), Err(Unresolved::Unknown));
        assert!(matches!(
            rows.resolve("TPL-01"),
            Err(Unresolved::Ambiguous(_))
        ));
    }

    #[test]
    fn ranges_stay_inside_a_chapter_and_a_prefix() {
        let rows = rows();
        assert_eq!(rows.between(0, 1), Some(vec![0, 1]));
        assert_eq!(rows.between(1, 0), None);
        assert_eq!(rows.between(0, 2), None);
    }

    #[test]
    fn identifiers_have_a_form() {
        assert!(RowId::parse("DEBUG-31").is_some());
        assert!(RowId::parse("HOOK-101").is_some());
        assert!(RowId::parse("Debug-31").is_none());
        assert!(RowId::parse("UTF-8").is_none());
        assert!(RowId::parse("A-01").is_none());
    }
}
