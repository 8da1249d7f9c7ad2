//! Which rows are proven, and by what: comments beside tests, and scenarios.

use std::collections::BTreeSet;

use super::ledger::Missing;
use super::rows::{Rows, Unresolved};
use super::scenario::Scenario;
use crate::check::Finding;
use crate::tree::{TextFile, Tree};

/// Where the scenarios of the comparison lie.
const SCENARIOS: &str = "compat/scenarios";
/// The words that open a claim, in the comment styles of our languages.
const OPENINGS: [&str; 2] = ["// Proves:", "# Proves:"];

/// The proven rows, by their place in the list of rows, and the claims that mean nothing.
#[derive(Debug, Default)]
pub(crate) struct Proofs {
    pub(crate) by_tests: BTreeSet<usize>,
    pub(crate) by_scenarios: BTreeSet<usize>,
    pub(crate) findings: Vec<Finding>,
}

impl Proofs {
    /// Whether a test or a scenario proves this row.
    pub(crate) fn prove(&self, row: usize) -> bool {
        self.by_tests.contains(&row) || self.by_scenarios.contains(&row)
    }

    /// Collects the claims of tests and of scenarios. A scenario that `missing` names proves
    /// nothing: its answer is known to differ because the behaviour is not there yet.
    pub(crate) fn read(tree: &Tree, rows: &Rows, missing: &Missing) -> Proofs {
        let mut proofs = Proofs::default();
        for file in tree.with_extension(&["rs", "py", "js", "mjs", "ts"]) {
            for (line, claims) in claims_in(&file.text) {
                for claim in claims {
                    let found = proofs.take(file, line, claim, rows);
                    proofs.by_tests.extend(found);
                }
            }
        }
        for file in tree
            .with_extension(&["toml"])
            .filter(|file| file.is_under(SCENARIOS))
        {
            let name = file.path[SCENARIOS.len() + 1..].trim_end_matches(".toml");
            match Scenario::parse(&file.text) {
                Ok(scenario) => {
                    let counts = scenario.is_played() && !missing.concerns(tree, name);
                    for claim in &scenario.rows {
                        let line = line_with(&file.text, claim);
                        let found = proofs.take(file, line, claim, rows);
                        if counts {
                            proofs.by_scenarios.extend(found);
                        }
                    }
                }
                Err(error) => proofs.findings.push(Finding::at(
                    &file.path,
                    format!("is not TOML: {}", error.message()),
                    "mend the file",
                )),
            }
        }
        proofs
    }

    /// The rows of a claim; one that means nothing is noted.
    fn take(&mut self, file: &TextFile, line: usize, claim: &str, rows: &Rows) -> Vec<usize> {
        meaning(claim, rows).unwrap_or_else(|(what, instead)| {
            self.findings.push(Finding::on(file, line, what, instead));
            Vec::new()
        })
    }
}

/// The rows that one claim means: `FILTER-07`, `FILTER-01..FILTER-22`, `http-read/TPL-01`.
fn meaning(claim: &str, rows: &Rows) -> Result<Vec<usize>, (String, String)> {
    let one = |reference: &str| {
        rows.resolve(reference).map_err(|reason| match reason {
            Unresolved::Unknown => (
                format!("there is no row `{reference}`"),
                "name a row of docs/spec, in the form `// Proves: FILTER-01, FILTER-04..FILTER-09`"
                    .to_owned(),
            ),
            Unresolved::Ambiguous(chapters) => (
                format!("several chapters have a row `{reference}`"),
                format!("write which one: `{}/{reference}`", chapters.join(" or ")),
            ),
        })
    };
    let Some((first, last)) = claim.split_once("..") else {
        return Ok(vec![one(claim)?]);
    };
    let (first, last) = (one(first)?, one(last)?);
    rows.between(first, last).ok_or_else(|| {
        (
            format!("`{claim}` is no range"),
            "name two rows of the same chapter and prefix, the smaller number first".to_owned(),
        )
    })
}

/// The claims of a source file with the line they open on. A list that ends in a comma goes on
/// in the next comment line.
fn claims_in(text: &str) -> Vec<(usize, Vec<&str>)> {
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        let Some(mut list) = OPENINGS
            .iter()
            .find_map(|opening| line.trim_start().strip_prefix(opening))
        else {
            continue;
        };
        let mut claims: Vec<&str> = names_in(list).collect();
        while list.trim_end().ends_with(',') {
            let Some(more) = lines.peek().and_then(|(_, next)| comment_words(next)) else {
                break;
            };
            claims.extend(names_in(more));
            list = more;
            lines.next();
        }
        found.push((index + 1, claims));
    }
    found
}

fn names_in(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .map(|name| name.trim().trim_end_matches('.'))
        .filter(|name| !name.is_empty())
}

fn comment_words(line: &str) -> Option<&str> {
    let line = line.trim_start();
    line.strip_prefix("//").or_else(|| line.strip_prefix('#'))
}

fn line_with(text: &str, part: &str) -> usize {
    text.lines()
        .position(|line| line.contains(part))
        .map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAPTER: (&str, &str) = (
        "docs/spec/read.md",
        "| WIRE-01 | a |\n| WIRE-02 | b |\n| WIRE-04 | c |\n| PAGE-01 | d |\n",
    );

    fn proofs(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let mut all = vec![CHAPTER];
        all.extend(files);
        let tree = Tree::of(&all);
        let rows = Rows::read(&tree);
        let missing = Missing::read(&tree).unwrap();
        let proofs = Proofs::read(&tree, &rows, &missing);
        (
            (0..rows.all.len())
                .filter(|index| proofs.prove(*index))
                .map(|index| rows.all[index].id.text.clone())
                .collect(),
            proofs
                .findings
                .into_iter()
                .map(|finding| finding.what)
                .collect(),
        )
    }

    #[test]
    fn comments_beside_tests_prove_rows() {
        let (proven, findings) = proofs(&[
            (
                "crates/a/src/a.rs",
                "    // Proves: WIRE-01, PAGE-01.\n    #[test]\n",
            ),
            (
                "python/tests/a.py",
                "# Proves: WIRE-02,\n#   WIRE-04\ndef test(): pass\n",
            ),
        ]);
        assert_eq!(proven, ["WIRE-01", "WIRE-02", "WIRE-04", "PAGE-01"]);
        assert_eq!(findings, Vec::<String>::new());
    }

    #[test]
    fn ranges_name_all_rows_between() {
        let (proven, _) = proofs(&[("a.rs", "// Proves: WIRE-01..WIRE-04\n")]);
        assert_eq!(proven, ["WIRE-01", "WIRE-02", "WIRE-04"]);
        let (_, findings) = proofs(&[("a.rs", "// Proves: WIRE-01..PAGE-01\n")]);
        assert_eq!(findings, ["`WIRE-01..PAGE-01` is no range"]);
    }

    #[test]
    fn unknown_rows_and_loose_words_are_findings() {
        let (proven, findings) = proofs(&[("a.rs", "// Proves: WIRE-09, the rest\n")]);
        assert!(proven.is_empty());
        assert_eq!(
            findings,
            ["there is no row `WIRE-09`", "there is no row `the rest`"]
        );
    }

    #[test]
    fn scenarios_prove_rows_unless_listed_as_missing() {
        let json = (
            "compat/scenarios/json/plain.toml",
            "rows = [\"WIRE-01\"]\n[[request]]\nget = \"/a\"\n",
        );
        let page = (
            "compat/scenarios/page/next.toml",
            "rows = [\"PAGE-01\", \"PAGE-77\"]\n[[request]]\nget = \"/b\"\n",
        );
        let ledger = (
            "compat/deviations.toml",
            "[[deviation]]\nscenario = \"page/*\"\nat = [\"**\"]\nstatus = \"missing\"\n",
        );
        assert_eq!(proofs(&[json, page]).0, ["WIRE-01", "PAGE-01"]);
        let (proven, findings) = proofs(&[json, page, ledger]);
        assert_eq!(proven, ["WIRE-01"]);
        assert_eq!(findings, ["there is no row `PAGE-77`"]);
    }
}
