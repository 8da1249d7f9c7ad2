//! Which of many resources an actor may do one action to, and why (PERM-80, PERM-83).

use datasette_core::action::QueryRef;
use datasette_core::{Actor, DatabaseRef, Fault, Resource, TableRef};
use datasette_hooks::PermissionRule;

use super::{Gate, Target};
use crate::cascade::Ownership;
use crate::explain::{matches, specificity};
use crate::rule::SOURCE;

/// A resource that may stand in a list.
#[derive(Clone, Debug)]
pub enum Candidate {
    /// A database.
    Database(DatabaseRef),
    /// A table or view.
    Table(TableRef),
    /// A stored query.
    Query(QueryRef),
}

impl Candidate {
    /// The database's name.
    pub fn parent(&self) -> &str {
        match self {
            Self::Database(database) => database.name(),
            Self::Table(table) => table.database().name(),
            Self::Query(query) => query.database().name(),
        }
    }

    /// The table's, view's or stored query's name.
    pub fn child(&self) -> Option<&str> {
        match self {
            Self::Database(_) => None,
            Self::Table(table) => Some(table.name()),
            Self::Query(query) => query.child(),
        }
    }

    fn target(&self) -> Target<'_> {
        match self {
            Self::Database(database) => Target::of(database),
            Self::Table(table) => Target::of(table),
            Self::Query(query) => Target::of(query),
        }
    }
}

impl Gate {
    /// Those of the candidates that the actor may do the action to, in their order. Plugins are
    /// asked once; the rest is linear in the number of candidates.
    ///
    /// # Errors
    /// There is no such action.
    pub async fn allowed_among(
        &self,
        actor: Option<&Actor>,
        action: &str,
        mut candidates: Vec<Candidate>,
    ) -> Result<Vec<Candidate>, Fault> {
        let actions = &self.shared.actions;
        for action in actions.chain(actions.find(action)?)?.iter() {
            let prepared = self.prepare(actor, action).await?;
            let judge = self.judge(actor, &prepared).for_lists();
            candidates.retain(|candidate| self.admits(&judge, action, candidate.target(), actor));
        }
        Ok(candidates)
    }

    /// For each of these resources, the rules that allow the action to the actor, as
    /// `{source}: {reason}`.
    ///
    /// # Errors
    /// There is no such action.
    pub async fn reasons(
        &self,
        actor: Option<&Actor>,
        action: &str,
        allowed: &[Candidate],
    ) -> Result<Vec<Vec<String>>, Fault> {
        let action = self.shared.actions.find(action)?;
        let answer = self.answer(actor, action).await?;
        let folds = action.case_insensitive_child;
        let of = |candidate: &Candidate| {
            let target = candidate.target();
            let ownership = target.query.map_or_else(Ownership::default, |query| {
                Ownership::of(query, &action.name, actor)
            });
            let mut reasons = Vec::new();
            let mut highest = 0;
            if ownership.allows {
                reasons.push(format!("{SOURCE}: query owner"));
                highest = 2;
            }
            for rule in answer.rules.iter().filter(|rule| rule.allow) {
                if !matches(rule, target, folds) || specificity(rule) < highest {
                    continue;
                }
                if specificity(rule) > highest {
                    reasons.clear();
                    highest = specificity(rule);
                }
                reasons.push(words(rule));
            }
            reasons
        };
        Ok(allowed.iter().map(of).collect())
    }
}

fn words(rule: &PermissionRule) -> String {
    format!("{}: {}", rule.source, rule.reason)
}
