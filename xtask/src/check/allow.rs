//! The reviewed exceptions, each with a reason. An entry that excuses nothing is itself a finding.

use anyhow::{Context, Result};
use serde::Deserialize;

use super::finding::Finding;

/// Where the list is kept.
pub(crate) const PATH: &str = "xtask/allow.toml";

/// One exception.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rule: String,
    file: String,
    /// A part of the excused line. Without it the whole file is excused from the rule.
    contains: Option<String>,
    reason: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    allow: Vec<Entry>,
}

/// The exceptions, and which of them were needed in this run.
#[derive(Debug, Default)]
pub(crate) struct AllowList {
    entries: Vec<Entry>,
    used: Vec<bool>,
}

impl AllowList {
    /// Reads the list. An entry without a reason is refused.
    pub(crate) fn parse(text: &str) -> Result<AllowList> {
        let document: Document = toml::from_str(text).context(PATH)?;
        for entry in &document.allow {
            anyhow::ensure!(
                entry.reason.split_whitespace().count() >= 3,
                "{PATH}: the exception for {} from `{}` needs a reason one can judge",
                entry.file,
                entry.rule
            );
        }
        Ok(AllowList {
            used: vec![false; document.allow.len()],
            entries: document.allow,
        })
    }

    /// The findings of one rule that no entry excuses.
    pub(crate) fn sift(&mut self, rule: &str, findings: Vec<Finding>) -> Vec<Finding> {
        findings
            .into_iter()
            .filter(|finding| !self.excuses(rule, finding))
            .collect()
    }

    fn excuses(&mut self, rule: &str, finding: &Finding) -> bool {
        let mut excused = false;
        for (entry, used) in self.entries.iter().zip(&mut self.used) {
            let fits = entry.rule == rule
                && entry.file == finding.path
                && entry
                    .contains
                    .as_deref()
                    .is_none_or(|part| finding.line_text.contains(part));
            *used |= fits;
            excused |= fits;
        }
        excused
    }

    /// Entries of these rules that excused nothing.
    pub(crate) fn unused(&self, rules: &[&str]) -> Vec<Finding> {
        self.entries
            .iter()
            .zip(&self.used)
            .filter(|(entry, used)| !**used && rules.contains(&entry.rule.as_str()))
            .map(|(entry, _)| {
                Finding::at(
                    PATH,
                    format!(
                        "the exception for {} from `{}` is no longer needed",
                        entry.file, entry.rule
                    ),
                    "delete the entry",
                )
            })
            .collect()
    }

    /// Entries that name a rule nobody runs.
    pub(crate) fn unknown(&self, rules: &[&str]) -> Vec<Finding> {
        self.entries
            .iter()
            .filter(|entry| !rules.contains(&entry.rule.as_str()))
            .map(|entry| {
                Finding::at(
                    PATH,
                    format!("there is no rule `{}`", entry.rule),
                    format!("name one of: {}", rules.join(", ")),
                )
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"
        [[allow]]
        rule = "panics"
        file = "crates/core/src/a.rs"
        contains = "Regex::new"
        reason = "a constant pattern that a test compiles"
    "#;

    fn finding(line_text: &str) -> Finding {
        Finding {
            line: Some(3),
            line_text: line_text.to_owned(),
            ..Finding::at("crates/core/src/a.rs", "unwrap", "return the error")
        }
    }

    #[test]
    fn an_entry_excuses_its_own_line_only() {
        let mut list = AllowList::parse(LIST).unwrap();
        let left = list.sift(
            "panics",
            vec![finding("Regex::new(x).unwrap()"), finding("y.unwrap()")],
        );
        assert_eq!(left, vec![finding("y.unwrap()")]);
        assert!(list.unused(&["panics"]).is_empty());
    }

    #[test]
    fn an_entry_of_another_rule_excuses_nothing_and_is_reported() {
        let mut list = AllowList::parse(LIST).unwrap();
        assert_eq!(
            list.sift("size", vec![finding("Regex::new(x).unwrap()")])
                .len(),
            1
        );
        assert_eq!(list.unused(&["panics"]).len(), 1);
        assert_eq!(list.unknown(&["size"]).len(), 1);
    }

    #[test]
    fn a_reason_is_required() {
        assert!(
            AllowList::parse("[[allow]]\nrule = \"size\"\nfile = \"a.rs\"\nreason = \"\"").is_err()
        );
        assert!(AllowList::parse("[[allow]]\nrule = \"size\"\nfile = \"a.rs\"").is_err());
    }
}
