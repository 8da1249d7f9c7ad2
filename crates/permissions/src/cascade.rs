//! From rules to a verdict.

#[cfg(test)]
pub(crate) mod naive;

use datasette_core::{Actor, StoredQuery};
use datasette_hooks::Restriction;
use serde_json::Value as Json;

use crate::limits::ActionLimits;
use crate::rule::Rule;
use crate::rulebook::ActionRules;

/// What one action on some resources is judged by.
pub(crate) struct Judge<'a> {
    pub(crate) actor: Option<&'a Actor>,
    /// The server's rules and, where plugins add some, theirs.
    pub(crate) books: [Option<&'a ActionRules>; 2],
    pub(crate) limits: Option<ActionLimits<'a>>,
    /// Further lists that must cover the resource.
    pub(crate) restrictions: &'a [Restriction],
    pub(crate) folds: bool,
}

/// What a stored query's ownership says about one action (PERM-64, PERM-65).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ownership {
    /// A child-level allow for the owner.
    pub(crate) allows: bool,
    /// Private and somebody else's.
    pub(crate) excludes: bool,
    /// The list of stored queries is one of the restrictions.
    pub(crate) restricts: bool,
}

impl Ownership {
    /// For an action on a stored query.
    pub(crate) fn of(query: &StoredQuery, action: &str, actor: Option<&Actor>) -> Self {
        let owner = query.owner_id.as_deref();
        let owns = owner.is_some_and(|owner| is_id_of(owner, actor));
        let applies = match action {
            "view-query" => true,
            "update-query" | "delete-query" => query.source == "user",
            _ => return Self::default(),
        };
        Self {
            allows: owns && applies,
            excludes: query.is_private && !owns,
            restricts: true,
        }
    }
}

/// Whether the actor's id, which may be a number, reads like this.
fn is_id_of(text: &str, actor: Option<&Actor>) -> bool {
    match actor.and_then(|actor| actor.properties().get("id")) {
        Some(Json::String(id)) => id == text,
        Some(Json::Number(id)) => id.to_string() == text,
        _ => false,
    }
}

/// Deny beats allow, either beats nothing (PERM-21).
fn stronger(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), _) | (_, Some(true)) => Some(true),
        (None, None) => None,
    }
}

impl<'a> Judge<'a> {
    /// The same judge, made ready for many resources.
    pub(crate) fn for_lists(mut self) -> Self {
        self.limits = self.limits.map(ActionLimits::for_lists);
        self
    }

    fn books(&self) -> impl Iterator<Item = &'a ActionRules> {
        self.books.into_iter().flatten()
    }

    /// Whether all children of a database are judged alike, those aside that `special` names.
    pub(crate) fn is_indifferent_in(&self, parent: &str, special: fn(&str) -> bool) -> bool {
        let unlimited = self.limits.as_ref().is_none_or(ActionLimits::everywhere);
        unlimited
            && self.restrictions.is_empty()
            && self
                .books()
                .all(|book| !book.tells_children_apart(parent, special))
    }

    fn level<'r>(&self, rules: impl Iterator<Item = &'r Rule>) -> Option<bool> {
        let mut found = None;
        for rule in rules {
            match rule.verdict(self.actor) {
                Some(false) => return Some(false),
                Some(true) => found = Some(true),
                None => {}
            }
        }
        found
    }

    fn closes_gate(&self, rules: &[Rule]) -> bool {
        rules
            .iter()
            .any(|rule| rule.is_gate() && rule.verdict(self.actor) == Some(false))
    }

    fn global_gate_closed(&self) -> bool {
        self.books().any(|book| self.closes_gate(book.global()))
    }

    fn gate_closed(&self, parent: &str) -> bool {
        self.global_gate_closed()
            || self
                .books()
                .any(|book| self.closes_gate(book.of_database(parent)))
    }

    /// What the rules say: the most specific level with a rule decides (PERM-20), no rule is a
    /// deny (PERM-22).
    pub(crate) fn rules_allow(
        &self,
        parent: Option<&str>,
        child: Option<&str>,
        ownership: Ownership,
    ) -> bool {
        if let (Some(parent), Some(child)) = (parent, child) {
            let mut verdict = ownership.allows.then_some(true);
            for book in self.books() {
                verdict = stronger(verdict, self.level(book.of_child(parent, child)));
            }
            let limits = self.limits.as_ref();
            if limits.is_some_and(|limits| limits.names_child(parent, child))
                && self.gate_closed(parent)
            {
                verdict = Some(false);
            }
            if let Some(verdict) = verdict {
                return verdict;
            }
        }
        if let Some(parent) = parent {
            let mut verdict = None;
            for book in self.books() {
                verdict = stronger(verdict, self.level(book.of_database(parent).iter()));
            }
            let limits = self.limits.as_ref();
            if limits.is_some_and(|limits| limits.names_database(parent))
                && self.global_gate_closed()
            {
                verdict = Some(false);
            }
            if let Some(verdict) = verdict {
                return verdict;
            }
        }
        let mut verdict = None;
        for book in self.books() {
            verdict = stronger(verdict, self.level(book.global().iter()));
        }
        verdict.unwrap_or(false)
    }

    /// Whether one entry that covers the resource is in every restriction (PERM-23). Entries of
    /// different coarseness do not meet: when one list has the database and another the table,
    /// nothing is left. The original intersects the lists as rows, so `vq` for a whole database
    /// opens no stored query, the list of which is a restriction too.
    fn within_limits(
        &self,
        parent: Option<&str>,
        child: Option<&str>,
        ownership: Ownership,
    ) -> bool {
        let limits = self.limits.as_ref().filter(|limits| !limits.everywhere());
        if limits.is_none() && self.restrictions.is_empty() {
            return true;
        }
        let entries = [(None, None), (parent, None), (None, child), (parent, child)];
        entries.into_iter().any(|(parent, child)| {
            let exact = parent.is_some() && child.is_some();
            (exact || !ownership.restricts)
                && limits.is_none_or(|limits| limits.lists(parent, child))
                && self
                    .restrictions
                    .iter()
                    .all(|one| lists(one, parent, child, self.folds))
        })
    }

    /// Rules and restrictions together.
    pub(crate) fn allows(
        &self,
        parent: Option<&str>,
        child: Option<&str>,
        ownership: Ownership,
    ) -> bool {
        !ownership.excludes
            && self.rules_allow(parent, child, ownership)
            && self.within_limits(parent, child, ownership)
    }
}

fn same_child(listed: Option<&str>, child: Option<&str>, folds: bool) -> bool {
    match (listed, child) {
        (Some(listed), Some(child)) if folds => listed.eq_ignore_ascii_case(child),
        (listed, child) => listed == child,
    }
}

/// Whether the list has exactly this entry.
fn lists(
    restriction: &Restriction,
    parent: Option<&str>,
    child: Option<&str>,
    folds: bool,
) -> bool {
    let mut entries = restriction.covers.iter();
    entries.any(|(listed, listed_child)| {
        listed.as_deref() == parent && same_child(listed_child.as_deref(), child, folds)
    })
}

/// Whether the list, by itself, covers the resource (HOOK-149).
pub(crate) fn covered(
    restriction: &Restriction,
    parent: Option<&str>,
    child: Option<&str>,
    folds: bool,
) -> bool {
    restriction.covers.iter().any(|(listed, listed_child)| {
        let parent_fits = listed.is_none() || listed.as_deref() == parent;
        let child_fits =
            listed_child.is_none() || same_child(listed_child.as_deref(), child, folds);
        parent_fits && child_fits
    })
}
