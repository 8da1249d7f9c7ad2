//! The words `cargo xtask spec` prints.

use super::proofs::Proofs;
use super::rows::Rows;

/// How many rows of one chapter and prefix are proven.
#[derive(Debug, PartialEq, Eq)]
struct Count {
    chapter: String,
    prefix: String,
    proven: usize,
    total: usize,
}

/// One line per chapter and prefix, and the sums.
pub(crate) fn counts(rows: &Rows, proofs: &Proofs) {
    let counts = count(rows, proofs);
    let mut chapter = "";
    for line in &counts {
        if line.chapter != chapter {
            chapter = &line.chapter;
            let of_chapter = || counts.iter().filter(|count| count.chapter == chapter);
            let proven: usize = of_chapter().map(|count| count.proven).sum();
            let total: usize = of_chapter().map(|count| count.total).sum();
            println!(
                "{chapter}: {proven} of {total} proven, {} not",
                total - proven
            );
        }
        println!(
            "  {:<8} {:>4} proven {:>4} not",
            line.prefix,
            line.proven,
            line.total - line.proven
        );
    }
    let proven = (0..rows.all.len())
        .filter(|index| proofs.prove(*index))
        .count();
    println!("all: {proven} of {} proven", rows.all.len());
    println!(
        "named beside tests: {}; in scenarios of the comparison: {} (a claim is worth what `cargo xtask test` says)",
        proofs.by_tests.len(),
        proofs.by_scenarios.len()
    );
}

/// The rows that nothing proves, with the first words of what they say.
pub(crate) fn unproven(rows: &Rows, proofs: &Proofs, prefix: &str) {
    for (index, row) in rows.all.iter().enumerate() {
        let wanted = prefix.is_empty() || row.id.prefix == prefix || row.id.text == prefix;
        if wanted && !proofs.prove(index) {
            println!(
                "{}/{}  {}",
                row.chapter,
                row.id.text,
                shortened(&row.behaviour)
            );
        }
    }
}

fn count(rows: &Rows, proofs: &Proofs) -> Vec<Count> {
    let mut counts: Vec<Count> = Vec::new();
    for (index, row) in rows.all.iter().enumerate() {
        let known = counts
            .iter()
            .position(|count| count.chapter == row.chapter && count.prefix == row.id.prefix);
        let at = known.unwrap_or_else(|| {
            counts.push(Count {
                chapter: row.chapter.clone(),
                prefix: row.id.prefix.clone(),
                proven: 0,
                total: 0,
            });
            counts.len() - 1
        });
        counts[at].total += 1;
        counts[at].proven += usize::from(proofs.prove(index));
    }
    counts
}

fn shortened(behaviour: &str) -> String {
    const MOST: usize = 100;
    if behaviour.chars().count() <= MOST {
        return behaviour.to_owned();
    }
    let mut text: String = behaviour.chars().take(MOST).collect();
    text.push('…');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::ledger::Missing;
    use crate::tree::Tree;

    #[test]
    fn rows_are_counted_by_chapter_and_prefix() {
        let tree = Tree::of(&[
            (
                "docs/spec/read.md",
                "| WIRE-01 | a |\n| PAGE-01 | b |\n| WIRE-02 | c |\n",
            ),
            ("a.rs", "// Proves: WIRE-02\n"),
        ]);
        let rows = Rows::read(&tree);
        let proofs = Proofs::read(&tree, &rows, &Missing::default());
        let counts: Vec<(String, usize, usize)> = count(&rows, &proofs)
            .into_iter()
            .map(|count| (count.prefix, count.proven, count.total))
            .collect();
        assert_eq!(
            counts,
            [("WIRE".to_owned(), 1, 2), ("PAGE".to_owned(), 0, 1)]
        );
    }

    #[test]
    fn long_statements_are_cut_between_letters() {
        assert_eq!(shortened(&"é".repeat(101)), format!("{}…", "é".repeat(100)));
        assert_eq!(shortened("short"), "short");
    }
}
