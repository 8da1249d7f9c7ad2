//! The cascade as the contract words it, one rule after the other: the oracle of the tests.

use std::collections::HashSet;

use datasette_hooks::{PermissionAnswer, PermissionRule, Restriction};

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

type Entry = (Option<String>, Option<String>);

/// What is in all lists.
fn in_common(restrictions: &[Restriction], folds: bool) -> Option<HashSet<Entry>> {
    let entries = |one: &Restriction| -> HashSet<Entry> {
        let fold = |(parent, child): &Entry| {
            let child = child.as_ref().map(|child| match folds {
                true => child.to_ascii_lowercase(),
                false => child.clone(),
            });
            (parent.clone(), child)
        };
        one.covers.iter().map(fold).collect()
    };
    let lists = restrictions.iter().map(entries);
    lists.reduce(|left, right| left.intersection(&right).cloned().collect())
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
    let left = in_common(&answer.restrictions, folds);
    let child = child.map(|child| match folds {
        true => child.to_ascii_lowercase(),
        false => child.to_owned(),
    });
    let covers = |(listed, listed_child): &Entry| {
        (listed.is_none() || listed.as_deref() == parent)
            && (listed_child.is_none() || *listed_child == child)
    };
    decisive.all(|rule| rule.allow) && left.is_none_or(|left| left.iter().any(covers))
}
