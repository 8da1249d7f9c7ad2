//! What plugins that are not part of the server add.

use std::sync::Arc;

use datasette_core::{Actor, Fault};
use datasette_hooks::{PermissionAnswer, PermissionSql, PluginAction, Restriction};
use futures_util::future::BoxFuture;
use parking_lot::Mutex;

use super::Gate;
use crate::default_plugins::built_in_answer;
use crate::rule::Rule;
use crate::rulebook::ActionRules;

/// Runs the SQL of plugins' rules against the internal catalogue (HOOK-146).
pub trait RuleResolver: Send + Sync {
    /// The rules and restrictions that the statements find.
    fn resolve<'a>(
        &'a self,
        actor: Option<&'a Actor>,
        action: &'a str,
        statements: &'a [PermissionSql],
    ) -> BoxFuture<'a, Result<PermissionAnswer, Fault>>;
}

/// Rules and restrictions of plugins about one actor and one action.
pub(crate) struct Added {
    pub(crate) rules: ActionRules,
    pub(crate) restrictions: Vec<Restriction>,
}

/// What has been asked during one request.
#[derive(Default)]
pub(super) struct Memory {
    asked: Mutex<Vec<(Question, Arc<Added>)>>,
}

/// An action and an actor. A request has few, and most of the time the same actor.
struct Question {
    action: String,
    actor: Option<Actor>,
}

impl Gate {
    /// What plugins say, with the SQL among it resolved.
    pub(super) async fn gathered(
        &self,
        actor: Option<&Actor>,
        action: &PluginAction,
    ) -> Result<PermissionAnswer, Fault> {
        let shared = &self.shared;
        let context = shared.bus.context(actor, None);
        let mut answer = shared
            .bus
            .permission_resources_sql(&context, &action.name, true)
            .await?;
        if answer.sql.is_empty() {
            return Ok(answer);
        }
        let statements = std::mem::take(&mut answer.sql);
        let Some(resolver) = &self.resolver else {
            let sources: Vec<_> = statements.iter().map(|one| one.source.as_str()).collect();
            return Err(Fault::internal(format!(
                "permission SQL of {} cannot be run",
                sources.join(", ")
            )));
        };
        let resolved = resolver.resolve(actor, &action.name, &statements).await?;
        answer.merge(resolved);
        Ok(answer)
    }

    /// What plugins say, sorted, asked once per request.
    pub(super) async fn added(
        &self,
        actor: Option<&Actor>,
        action: &PluginAction,
    ) -> Result<Arc<Added>, Fault> {
        if let Some(memory) = &self.memory {
            let asked = memory.asked.lock();
            let same = |question: &Question| {
                question.action == action.name && question.actor.as_ref() == actor
            };
            if let Some((_, known)) = asked.iter().find(|(question, _)| same(question)) {
                return Ok(Arc::clone(known));
            }
        }
        let answer = self.gathered(actor, action).await?;
        let added = Arc::new(Added {
            rules: ActionRules::compile(
                answer.rules.into_iter().map(Rule::from),
                action.case_insensitive_child,
            ),
            restrictions: answer.restrictions,
        });
        if let Some(memory) = &self.memory {
            let question = Question {
                action: action.name.clone(),
                actor: actor.cloned(),
            };
            memory.asked.lock().push((question, Arc::clone(&added)));
        }
        Ok(added)
    }

    /// Everything about an actor and an action, the server's rules included, those of plugins
    /// first.
    pub(super) async fn answer(
        &self,
        actor: Option<&Actor>,
        action: &PluginAction,
    ) -> Result<PermissionAnswer, Fault> {
        let mut answer = PermissionAnswer::default();
        if self.shared.asks_plugins {
            answer = self.gathered(actor, action).await?;
        }
        let rules = self.shared.rules.of(&action.name);
        answer.merge(built_in_answer(rules, actor, action));
        Ok(answer)
    }
}
