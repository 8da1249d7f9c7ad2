//! The cascade as the contract words it, one rule after the other: the oracle of the tests.

use datasette_hooks::{PermissionAnswer, PermissionRule};

use super::covered;

fn depth(rule: &PermissionRule) -> u8 {
    match (&rule.parent, &rule.child) {
        (_, Some(_)) => 2,
        (Some(_), None) => 1,
        (None, None) => 0,
    }
}

fn matches(rule: &PermissionRule, parent: Option<&str>, child: Option<&str>, folds: bool) -> bool {
    let fold = |name: &str| {
        if folds {
            name.to_ascii_lowercase()
        } else {
            name.to_owned()
        }
    };
    let parent_fits = rule.parent.as_deref().is_none_or(|own| Some(own) == parent);
    let child_fits = rule
        .child
        .as_deref()
        .is_none_or(|own| child.is_some_and(|child| fold(own) == fold(child)));
    parent_fits && child_fits
}

/// The verdict on one action, what it requires left aside.
pub(crate) fn allows(
    answer: &PermissionAnswer,
    parent: Option<&str>,
    child: Option<&str>,
    folds: bool,
) -> bool {
    let matching: Vec<_> = answer
        .rules
        .iter()
        .filter(|rule| matches(rule, parent, child, folds))
        .collect();
    let Some(deepest) = matching.iter().map(|rule| depth(rule)).max() else {
        return false;
    };
    let mut decisive = matching.iter().filter(|rule| depth(rule) == deepest);
    decisive.all(|rule| rule.allow)
        && answer
            .restrictions
            .iter()
            .all(|one| covered(one, parent, child, folds))
}
