//! The `_r` of an actor: beyond it nothing is allowed.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use datasette_core::Actor;
use datasette_hooks::PluginAction;
use serde_json::{Map, Value as Json};

use crate::rulebook::folded;

/// What an actor's `_r` says about one action (TOK-14 to TOK-22). An `_r`, or a part of one, that
/// has the wrong shape allows nothing (TOK-18). Nothing is copied for a single question; for lists
/// the names of children are sorted first.
#[derive(Debug)]
pub(crate) struct ActionLimits<'a> {
    action: &'a PluginAction,
    everywhere: bool,
    databases: Option<&'a Map<String, Json>>,
    resources: Option<&'a Map<String, Json>>,
    sorted: Option<HashMap<&'a str, HashSet<Cow<'a, str>>>>,
}

impl<'a> ActionLimits<'a> {
    /// The limits of the actor for the action; `None` when the actor has no `_r`.
    pub(crate) fn of(actor: Option<&'a Actor>, action: &'a PluginAction) -> Option<Self> {
        let limits = actor?.properties().get("_r")?;
        let mut found = Self {
            action,
            everywhere: false,
            databases: limits.get("d").and_then(Json::as_object),
            resources: limits.get("r").and_then(Json::as_object),
            sorted: None,
        };
        found.everywhere = limits.get("a").is_some_and(|names| found.is_named(names));
        Some(found)
    }

    /// The same limits, made ready for many questions.
    pub(crate) fn for_lists(mut self) -> Self {
        let mut sorted: HashMap<&str, HashSet<Cow<'_, str>>> = HashMap::new();
        for (database, child) in self.named_children() {
            let child = folded(child, self.action.case_insensitive_child);
            sorted.entry(database).or_default().insert(child);
        }
        self.sorted = Some(sorted);
        self
    }

    /// Whether the action, by its name or abbreviation, is in the list.
    fn is_named(&self, names: &Json) -> bool {
        let abbreviation = self.action.abbreviation.as_deref();
        let mut names = names.as_array().into_iter().flatten();
        names.any(|name| {
            name.as_str()
                .is_some_and(|name| name == self.action.name || Some(name) == abbreviation)
        })
    }

    fn has_database(&self, parent: &str) -> bool {
        let names = self.databases.and_then(|databases| databases.get(parent));
        names.is_some_and(|names| self.is_named(names))
    }

    /// Children of one database with an entry for the action.
    fn children_of(&self, parent: &str) -> impl Iterator<Item = &'a str> {
        let children = self.resources.and_then(|resources| resources.get(parent));
        self.named_in(children)
    }

    fn named_in(&self, children: Option<&'a Json>) -> impl Iterator<Item = &'a str> {
        let children = children.and_then(Json::as_object).into_iter().flatten();
        children
            .filter(|(_, names)| self.is_named(names))
            .map(|(child, _)| child.as_str())
    }

    /// Databases and children with an entry for the action.
    fn named_children(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.resources
            .into_iter()
            .flatten()
            .flat_map(|(database, children)| {
                self.named_in(Some(children))
                    .map(move |child| (database.as_str(), child))
            })
    }

    fn named_databases_alone(&self) -> impl Iterator<Item = &'a str> {
        let databases = self.databases.into_iter().flatten();
        databases
            .filter(|(_, names)| self.is_named(names))
            .map(|(database, _)| database.as_str())
    }

    /// Whether the action is within limits everywhere, so that nothing is restricted.
    pub(crate) fn everywhere(&self) -> bool {
        self.everywhere
    }

    /// Whether the action is within limits nowhere.
    pub(crate) fn nowhere(&self) -> bool {
        !self.everywhere
            && self.named_databases_alone().next().is_none()
            && self.named_children().next().is_none()
    }

    /// Whether the resource is within limits (TOK-16). A resource is covered by its own entry or a
    /// coarser one, never by a finer one (TOK-21).
    pub(crate) fn covers(&self, parent: Option<&str>, child: Option<&str>) -> bool {
        self.everywhere
            || parent.is_some_and(|parent| {
                self.has_database(parent)
                    || child.is_some_and(|child| self.names_child(parent, child))
            })
    }

    /// Whether there is exactly this entry, when not everything is within limits.
    pub(crate) fn lists(&self, parent: Option<&str>, child: Option<&str>) -> bool {
        match (parent, child) {
            (None, _) => false,
            (Some(parent), None) => self.has_database(parent),
            (Some(parent), Some(child)) => self.names_child(parent, child),
        }
    }

    /// Whether `r` has an entry for the child.
    pub(crate) fn names_child(&self, parent: &str, child: &str) -> bool {
        let folds = self.action.case_insensitive_child;
        if let Some(sorted) = &self.sorted {
            let children = sorted.get(parent);
            return children.is_some_and(|children| children.contains(&*folded(child, folds)));
        }
        let children = self.resources.and_then(|resources| resources.get(parent));
        let exactly = children.and_then(|children| children.get(child));
        if exactly.is_some_and(|names| self.is_named(names)) {
            return true;
        }
        // Names are compared before what is listed under them: there may be many.
        let mut others = children.and_then(Json::as_object).into_iter().flatten();
        folds
            && others.any(|(name, names)| name.eq_ignore_ascii_case(child) && self.is_named(names))
    }

    /// Whether `d` or `r` has an entry for the database.
    pub(crate) fn names_database(&self, parent: &str) -> bool {
        self.has_database(parent) || self.children_of(parent).next().is_some()
    }

    /// Whether any entry has to do with the place, finer ones included: rules of other places are
    /// not worth showing.
    pub(crate) fn mentions(&self, parent: Option<&str>, child: Option<&str>) -> bool {
        self.everywhere
            || match (parent, child) {
                (None, None) => !self.nowhere(),
                (Some(parent), None) => self.names_database(parent),
                (_, Some(_)) => self.covers(parent, child),
            }
    }

    /// Databases and children with an entry, as rules and restrictions name them.
    pub(crate) fn entries(&self) -> Vec<(Option<String>, Option<String>)> {
        let folds = self.action.case_insensitive_child;
        let databases = self
            .named_databases_alone()
            .map(|name| (Some(name.to_owned()), None));
        let children = self.named_children().map(|(database, child)| {
            let child = folded(child, folds).into_owned();
            (Some(database.to_owned()), Some(child))
        });
        let mut entries: Vec<_> = databases.chain(children).collect();
        entries.sort();
        entries.dedup();
        entries
    }

    /// Databases with an entry, finer ones included.
    pub(crate) fn named_databases(&self) -> Vec<&'a str> {
        let children = self.named_children().map(|(database, _)| database);
        let mut names: Vec<_> = self.named_databases_alone().chain(children).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
