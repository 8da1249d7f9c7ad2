//! The `_r` of an actor: beyond it nothing is allowed.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use datasette_core::Actor;
use datasette_hooks::PluginAction;
use serde_json::Value as Json;

use crate::rulebook::folded;

/// What an actor's `_r` says about one action (TOK-14 to TOK-22).
#[derive(Debug, Default)]
pub(crate) struct ActionLimits<'a> {
    folds: bool,
    everywhere: bool,
    databases: HashSet<&'a str>,
    children: HashMap<&'a str, HashSet<Cow<'a, str>>>,
}

impl<'a> ActionLimits<'a> {
    /// The limits of the actor for the action; `None` when the actor has no `_r`. An `_r`, or a
    /// part of one, that has the wrong shape allows nothing (TOK-18).
    pub(crate) fn of(actor: Option<&'a Actor>, action: &PluginAction) -> Option<Self> {
        let limits = actor?.properties().get("_r")?;
        let named = |names: &Json| {
            names.as_array().is_some_and(|names| {
                names
                    .iter()
                    .filter_map(Json::as_str)
                    .any(|name| name == action.name || Some(name) == action.abbreviation.as_deref())
            })
        };
        let object = |key: &str| limits.get(key).and_then(Json::as_object);
        let folds = action.case_insensitive_child;
        let databases = object("d").into_iter().flatten();
        let resources = object("r").into_iter().flatten();
        Some(Self {
            folds,
            everywhere: limits.get("a").is_some_and(named),
            databases: databases
                .filter(|(_, names)| named(names))
                .map(|(database, _)| database.as_str())
                .collect(),
            children: resources
                .map(|(database, children)| {
                    let children = children.as_object().into_iter().flatten();
                    let children = children
                        .filter(|(_, names)| named(names))
                        .map(|(child, _)| folded(child, folds));
                    (database.as_str(), children.collect::<HashSet<_>>())
                })
                .filter(|(_, children)| !children.is_empty())
                .collect(),
        })
    }

    /// Whether the action is within limits everywhere, so that nothing is restricted.
    pub(crate) fn everywhere(&self) -> bool {
        self.everywhere
    }

    /// Whether the action is within limits nowhere.
    pub(crate) fn nowhere(&self) -> bool {
        !self.everywhere && self.databases.is_empty() && self.children.is_empty()
    }

    /// Whether the resource is within limits (TOK-16). A resource is covered by its own entry or a
    /// coarser one, never by a finer one (TOK-21).
    pub(crate) fn covers(&self, parent: Option<&str>, child: Option<&str>) -> bool {
        self.everywhere
            || parent.is_some_and(|parent| {
                self.databases.contains(parent)
                    || child.is_some_and(|child| self.names_child(parent, child))
            })
    }

    /// Whether there is exactly this entry, when not everything is within limits.
    pub(crate) fn lists(&self, parent: Option<&str>, child: Option<&str>) -> bool {
        match (parent, child) {
            (None, _) => false,
            (Some(parent), None) => self.databases.contains(parent),
            (Some(parent), Some(child)) => self.names_child(parent, child),
        }
    }

    /// Whether `r` has an entry for the child.
    pub(crate) fn names_child(&self, parent: &str, child: &str) -> bool {
        self.children
            .get(parent)
            .is_some_and(|children| children.contains(&*folded(child, self.folds)))
    }

    /// Whether `d` or `r` has an entry for the database.
    pub(crate) fn names_database(&self, parent: &str) -> bool {
        self.databases.contains(parent) || self.children.contains_key(parent)
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
        let databases = self.databases.iter().map(|name| (*name, None));
        let children = self.children.iter().flat_map(|(database, children)| {
            children
                .iter()
                .map(|child| (*database, Some(child.as_ref())))
        });
        let own = |(database, child): (&str, Option<&str>)| {
            (Some(database.to_owned()), child.map(str::to_owned))
        };
        let mut entries: Vec<_> = databases.chain(children).map(own).collect();
        entries.sort();
        entries
    }

    /// Databases with an entry, finer ones included.
    pub(crate) fn named_databases(&self) -> Vec<&'a str> {
        let mut names: Vec<_> = self.databases.iter().chain(self.children.keys()).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().copied().collect()
    }
}
