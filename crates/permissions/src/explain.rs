//! Why a decision is what it is (PERM-73 to PERM-76).

use std::cmp::Reverse;

use datasette_core::Actor;
use datasette_hooks::{PermissionAnswer, PermissionRule, PluginAction};
use serde::Serialize;

use crate::cascade::{Ownership, covered};
use crate::gate::{Target, is_about_queries};
use crate::rule::SOURCE;

/// The explanation of one action on one resource, in the keys of `/-/check.json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The action.
    pub action: String,
    /// What the rules say.
    pub rule_allowed: bool,
    /// What the restrictions say.
    pub restriction_allowed: bool,
    /// The level that decides: `resource`, `parent` or `global`.
    pub winning_scope: Option<&'static str>,
    /// Rules that match, the most specific first.
    pub matched_rules: Vec<MatchedRule>,
    /// Restrictions that were looked at.
    pub restrictions: Vec<RestrictionCheck>,
    /// The same for the action that must be allowed too.
    pub required_actions: Vec<Explanation>,
    /// The decision.
    pub allowed: bool,
    /// The decision in one sentence.
    pub summary: String,
}

/// A rule that matches the resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MatchedRule {
    /// Its level: `resource`, `parent` or `global`.
    pub scope: &'static str,
    /// `allow` or `deny`.
    pub effect: &'static str,
    /// The plugin it comes from.
    pub source: String,
    /// Why it is there.
    pub reason: String,
    /// Whether it decides.
    pub decisive: bool,
    /// Why it does not.
    pub ignored_because: Option<&'static str>,
}

/// A list that must cover the resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RestrictionCheck {
    /// The plugin it comes from.
    pub source: String,
    /// Whether it does.
    pub allowed: bool,
    /// The same in words.
    pub reason: String,
}

const COVERED: &str = "Resource is included in this restriction allowlist";
const NOT_COVERED: &str = "Resource is not included in this restriction allowlist";

fn scope(rule: &PermissionRule) -> &'static str {
    match (&rule.parent, &rule.child) {
        (_, Some(_)) => "resource",
        (Some(_), None) => "parent",
        (None, None) => "global",
    }
}

fn rank(scope: &str) -> u8 {
    match scope {
        "resource" => 2,
        "parent" => 1,
        _ => 0,
    }
}

/// How specific a rule is: the most specific ones decide (PERM-20).
pub(crate) fn specificity(rule: &PermissionRule) -> u8 {
    rank(scope(rule))
}

/// Whether a rule is about the resource or something above it.
pub(crate) fn matches(rule: &PermissionRule, target: Target<'_>, folds: bool) -> bool {
    let parent = rule.parent.is_none() || rule.parent.as_deref() == target.parent;
    parent
        && match (rule.child.as_deref(), target.child) {
            (None, _) => true,
            (Some(name), Some(child)) if folds => name.eq_ignore_ascii_case(child),
            (name, child) => name == child,
        }
}

fn matched_rules(
    answer: &PermissionAnswer,
    target: Target<'_>,
    ownership: Ownership,
    folds: bool,
) -> Vec<MatchedRule> {
    let rules = answer.rules.iter();
    let mut matched: Vec<_> = rules
        .filter(|rule| matches(rule, target, folds))
        .map(|rule| MatchedRule {
            scope: scope(rule),
            effect: if rule.allow { "allow" } else { "deny" },
            source: rule.source.clone(),
            reason: rule.reason.clone(),
            decisive: true,
            ignored_because: None,
        })
        .collect();
    if ownership.allows {
        matched.push(MatchedRule {
            scope: "resource",
            effect: "allow",
            source: SOURCE.to_owned(),
            reason: "query owner".to_owned(),
            decisive: true,
            ignored_because: None,
        });
    }
    matched.sort_by(|left, right| {
        let key = |rule: &MatchedRule| (Reverse(rank(rule.scope)), rule.effect == "allow");
        key(left)
            .cmp(&key(right))
            .then_with(|| left.source.cmp(&right.source))
            .then_with(|| left.reason.cmp(&right.reason))
    });
    matched
}

fn restrictions(
    action: &PluginAction,
    answer: &PermissionAnswer,
    target: Target<'_>,
    ownership: Ownership,
) -> Vec<RestrictionCheck> {
    let folds = action.case_insensitive_child;
    let words = |allowed: bool| if allowed { COVERED } else { NOT_COVERED }.to_owned();
    let mut checks: Vec<_> = answer
        .restrictions
        .iter()
        .map(|one| {
            let allowed = covered(one, target.parent, target.child, folds);
            let reason = if one.covers.is_empty() && one.source == SOURCE {
                format!("actor restrictions: {} not in allowlist", action.name)
            } else {
                words(allowed)
            };
            RestrictionCheck {
                source: one.source.clone(),
                allowed,
                reason,
            }
        })
        .collect();
    if is_about_queries(&action.name) {
        let allowed = target.query.is_some() && !ownership.excludes;
        let own = RestrictionCheck {
            source: SOURCE.to_owned(),
            allowed,
            reason: words(allowed),
        };
        // After those of plugins, before those of the actor.
        let place = checks.iter().position(|check| check.source == SOURCE);
        checks.insert(place.unwrap_or(checks.len()), own);
    }
    checks
}

/// Explains one action, given the explanation of the one it requires.
pub(crate) fn explain(
    action: &PluginAction,
    actor: Option<&Actor>,
    answer: &PermissionAnswer,
    target: Target<'_>,
    required: Option<Explanation>,
) -> Explanation {
    let ownership = target.query.map_or_else(Ownership::default, |query| {
        Ownership::of(query, &action.name, actor)
    });
    let folds = action.case_insensitive_child;
    let mut matched = matched_rules(answer, target, ownership, folds);
    let winning_scope = matched.first().map(|rule| rule.scope);
    // Sorted: if a deny is among the winning level, it comes first.
    let rule_allowed = matched.first().is_some_and(|rule| rule.effect == "allow");
    for rule in &mut matched {
        rule.ignored_because = if Some(rule.scope) != winning_scope {
            Some("A more specific rule matched")
        } else if !rule_allowed && rule.effect == "allow" {
            Some("A deny rule matched at the same scope")
        } else {
            None
        };
        rule.decisive = rule.ignored_because.is_none();
    }
    let restrictions = restrictions(action, answer, target, ownership);
    let restriction_allowed = restrictions.iter().all(|check| check.allowed);
    let required_allowed = required.as_ref().is_none_or(|required| required.allowed);
    let mut explanation = Explanation {
        action: action.name.clone(),
        rule_allowed,
        restriction_allowed,
        winning_scope,
        matched_rules: matched,
        restrictions,
        required_actions: required.into_iter().collect(),
        allowed: rule_allowed && restriction_allowed && required_allowed,
        summary: String::new(),
    };
    explanation.summary = summary(&explanation);
    explanation
}

fn summary(explanation: &Explanation) -> String {
    let mut required = explanation.required_actions.iter();
    if let Some(required) = required.find(|one| !one.allowed) {
        return format!(
            "Denied because {} also requires {}, which was denied.",
            explanation.action, required.action
        );
    }
    let Some(scope) = explanation.winning_scope else {
        return "Denied because no permission rule matched this actor and resource.".to_owned();
    };
    if !explanation.rule_allowed {
        return format!(
            "Denied by a {scope}-level rule. Deny rules take precedence over allow rules at the \
             same scope."
        );
    }
    if !explanation.restriction_allowed {
        return "Denied because the resource is not included in the actor's restrictions."
            .to_owned();
    }
    format!("Allowed by the matching {scope}-level rule.")
}
