//! The rule that hides SQLite's statistics, which hold samples of rows.

use std::borrow::Cow;

use crate::rule::{Effect, Rule, SOURCE as RULE_SOURCE};

/// The name of the plugin. Its rules go by the name that explanations have always shown.
pub(crate) const SOURCE: &str = "datasette.default_permissions.sqlite_statistics";

/// A child-level deny in every database, for everyone (PERM-31, HIDE-04).
pub(super) fn rules() -> Vec<Rule> {
    [
        "sqlite_stat1",
        "sqlite_stat2",
        "sqlite_stat3",
        "sqlite_stat4",
    ]
    .map(|name| Rule {
        action: Some(Cow::Borrowed("view-table")),
        parent: None,
        child: Some(name.to_owned()),
        effect: Effect::Deny,
        reason: "SQLite statistics tables are denied by default".to_owned(),
        source: Cow::Borrowed(RULE_SOURCE),
        allow_key: false,
    })
    .to_vec()
}
