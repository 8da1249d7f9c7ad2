//! All rules about an actor and an action, for people who debug permissions (PERM-86).

use std::cmp::{Ordering, Reverse};

use datasette_core::{Actor, Catalogue, Fault, StoredQuery};
use datasette_hooks::PermissionRule;

use super::Gate;
use crate::cascade::Ownership;
use crate::rule::SOURCE;

impl Gate {
    /// All rules about an actor and an action, those of plugins and of owners of these stored
    /// queries included: allowing ones first, then by names, those without a name first.
    ///
    /// # Errors
    /// There is no such action.
    pub async fn rules<'q>(
        &self,
        actor: Option<&Actor>,
        action: &str,
        catalogue: &Catalogue,
        queries: impl IntoIterator<Item = &'q StoredQuery>,
    ) -> Result<Vec<PermissionRule>, Fault> {
        let action = self.shared.actions.find(action)?;
        let owned = queries
            .into_iter()
            .filter(|query| Ownership::of(query, &action.name, actor).allows)
            .map(|query| PermissionRule {
                parent: Some(query.database.clone()),
                child: Some(query.name.clone()),
                allow: true,
                reason: "query owner".to_owned(),
                source: SOURCE.to_owned(),
            });
        let mut rules: Vec<PermissionRule> = owned.collect();
        for rule in self.answer(actor, action).await?.rules {
            // Our own rules for a child in every database stand for one in each.
            if rule.parent.is_none() && rule.child.is_some() && rule.source == SOURCE {
                rules.extend(catalogue.databases().map(|database| PermissionRule {
                    parent: Some(database.name().to_owned()),
                    ..rule.clone()
                }));
            } else {
                rules.push(rule);
            }
        }
        let folds = action.case_insensitive_child;
        rules.sort_by(|one, other| {
            (Reverse(one.allow), &one.parent)
                .cmp(&(Reverse(other.allow), &other.parent))
                .then_with(|| by_child(one.child.as_deref(), other.child.as_deref(), folds))
        });
        Ok(rules)
    }
}

/// Names that are the same to rules stay in the order of the rules.
fn by_child(one: Option<&str>, other: Option<&str>, folds: bool) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) if folds => {
            let lower = |name: &str| name.bytes().map(|byte| byte.to_ascii_lowercase()).collect();
            let (one, other): (Vec<u8>, Vec<u8>) = (lower(one), lower(other));
            one.cmp(&other)
        }
        (one, other) => one.cmp(&other),
    }
}
