//! Rules sorted for fast answers: by action, then by level.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::action_table::ActionTable;
use crate::rule::Rule;

/// All rules of some sources.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rulebook {
    by_action: HashMap<String, ActionRules>,
    /// For actions that no rule names.
    others: ActionRules,
}

/// The rules of one action.
#[derive(Clone, Debug, Default)]
pub(crate) struct ActionRules {
    folds: bool,
    global: Vec<Rule>,
    /// Rules for a child in every database.
    anywhere: Vec<Rule>,
    databases: HashMap<String, DatabaseRules>,
}

#[derive(Clone, Debug, Default)]
struct DatabaseRules {
    own: Vec<Rule>,
    children: HashMap<String, Vec<Rule>>,
}

/// A child's name as rules compare it.
pub(crate) fn folded(name: &str, folds: bool) -> Cow<'_, str> {
    if folds && name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

impl Rulebook {
    /// Sorts rules; `actions` says whose children compare without regard to case (PERM-25).
    pub(crate) fn compile(rules: Vec<Rule>, actions: &ActionTable) -> Self {
        let mut by_action: HashMap<String, ActionRules> = HashMap::new();
        let named = rules.iter().filter_map(|rule| rule.action.as_deref());
        for action in named.chain(actions.iter().map(|action| action.name.as_str())) {
            by_action
                .entry(action.to_owned())
                .or_insert_with(|| ActionRules::empty(actions.folds(action)));
        }
        let mut others = ActionRules::empty(false);
        for rule in rules {
            match rule.action.as_deref() {
                Some(action) => {
                    if let Some(book) = by_action.get_mut(action) {
                        book.add(rule);
                    }
                }
                None => {
                    by_action
                        .values_mut()
                        .for_each(|book| book.add(rule.clone()));
                    others.add(rule);
                }
            }
        }
        Self { by_action, others }
    }

    /// The rules of the action of that full name.
    pub(crate) fn of(&self, action: &str) -> &ActionRules {
        self.by_action.get(action).unwrap_or(&self.others)
    }
}

impl ActionRules {
    fn empty(folds: bool) -> Self {
        Self {
            folds,
            ..Self::default()
        }
    }

    /// The rules of one action, all in one list.
    pub(crate) fn compile(rules: impl IntoIterator<Item = Rule>, folds: bool) -> Self {
        let mut book = Self::empty(folds);
        rules.into_iter().for_each(|rule| book.add(rule));
        book
    }

    fn add(&mut self, rule: Rule) {
        match (&rule.parent, &rule.child) {
            (None, None) => self.global.push(rule),
            (None, Some(_)) => self.anywhere.push(rule),
            (Some(parent), child) => {
                let child = child
                    .as_deref()
                    .map(|child| folded(child, self.folds).into_owned());
                let database = self.databases.entry(parent.clone()).or_default();
                match child {
                    None => database.own.push(rule),
                    Some(child) => database.children.entry(child).or_default().push(rule),
                }
            }
        }
    }

    /// Global rules.
    pub(crate) fn global(&self) -> &[Rule] {
        &self.global
    }

    /// Rules of a database.
    pub(crate) fn of_database(&self, parent: &str) -> &[Rule] {
        match self.databases.get(parent) {
            Some(database) => &database.own,
            None => &[],
        }
    }

    /// Whether a rule is about some children of a database and not about others, those aside that
    /// `special` names.
    pub(crate) fn tells_children_apart(&self, parent: &str, special: fn(&str) -> bool) -> bool {
        let own = self.databases.get(parent);
        let mut anywhere = self
            .anywhere
            .iter()
            .filter_map(|rule| rule.child.as_deref());
        own.is_some_and(|database| !database.children.is_empty())
            || anywhere.any(|child| !special(child))
    }

    /// Rules of a child.
    pub(crate) fn of_child<'a>(
        &'a self,
        parent: &str,
        child: &'a str,
    ) -> impl Iterator<Item = &'a Rule> + use<'a> {
        let exactly = self
            .databases
            .get(parent)
            .filter(|database| !database.children.is_empty())
            .and_then(|database| database.children.get(&*folded(child, self.folds)))
            .map_or(&[] as &[Rule], Vec::as_slice);
        let anywhere = self.anywhere.iter().filter(move |rule| {
            rule.child.as_deref().is_some_and(|name| {
                if self.folds {
                    name.eq_ignore_ascii_case(child)
                } else {
                    name == child
                }
            })
        });
        exactly.iter().chain(anywhere)
    }

    /// All rules.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Rule> {
        let databases = self.databases.values();
        self.global
            .iter()
            .chain(&self.anywhere)
            .chain(databases.flat_map(|database| {
                database
                    .own
                    .iter()
                    .chain(database.children.values().flatten())
            }))
    }
}
