//! The server's own permissions, identities and tokens as the plugins that `datasette plugins
//! --all` lists (PLUG-27).

use std::sync::Arc;

use datasette_config::Config;
use datasette_core::Actor;
use datasette_core::action::BUILT_IN;
use datasette_core::clock::Clock;
use datasette_hooks::{
    Answer, Context, HookName, HookSet, PermissionAnswer, PermissionRule, Plugin, PluginAction,
    PluginInfo, Restriction, ready,
};
use futures_util::future::BoxFuture;

use crate::action_table::{ActionTable, describe};
use crate::actor_cookie::ActorCookie;
use crate::limits::ActionLimits;
use crate::rule::{Rule, SOURCE};
use crate::rulebook::{ActionRules, Rulebook};
use crate::signing::Signer;
use crate::sources::{self, Flags, STATISTICS_SOURCE};
use crate::token::SignedTokens;
use crate::token_value::TokenLimits;

/// What the server's identities and permissions rest on.
#[derive(Clone)]
pub struct Authority {
    /// The configuration.
    pub config: Arc<Config>,
    /// Flags of the command line.
    pub flags: Flags,
    /// Signs and verifies.
    pub signer: Signer,
    /// Tells when things expire.
    pub clock: Arc<dyn Clock>,
}

/// The plugins of this crate in registration order (PLUG-27).
pub fn default_plugins(authority: &Authority) -> Vec<Arc<dyn Plugin>> {
    let actions = ActionTable::new([]).ok();
    let compile = |rules: Vec<Rule>| {
        actions
            .as_ref()
            .map(|actions| Rulebook::compile(rules, actions))
            .unwrap_or_default()
    };
    let config = &authority.config;
    let limits = TokenLimits {
        enabled: config.settings.allow_signed_tokens,
        longest: u64::from(config.settings.max_signed_tokens_ttl),
    };
    vec![
        Arc::new(ActorCookie::new(
            authority.signer.clone(),
            Arc::clone(&authority.clock),
        )),
        Arc::new(DefaultPermissions {
            name: SOURCE,
            rules: compile(sources::without_statistics(config, authority.flags)),
        }),
        Arc::new(SignedTokens::new(
            authority.signer.clone(),
            Arc::clone(&authority.clock),
            limits,
        )),
        Arc::new(DefaultPermissions {
            name: STATISTICS_SOURCE,
            rules: compile(sources::statistics()),
        }),
        Arc::new(DefaultActions),
    ]
}

/// A built-in plugin as listings show it (PLUG-31).
pub(crate) fn built_in_info(plugin: &dyn Plugin) -> PluginInfo {
    let mut info = PluginInfo::new(plugin.name(), plugin.implements());
    info.built_in = true;
    info
}

/// What compiled rules say about an actor and an action, the actor's own limits included.
pub(crate) fn built_in_answer(
    rules: &ActionRules,
    actor: Option<&Actor>,
    action: &PluginAction,
) -> PermissionAnswer {
    let limits = ActionLimits::of(actor, action);
    let mut answer = PermissionAnswer::default();
    for rule in rules.iter() {
        let Some(resolved) = rule.resolved(actor) else {
            continue;
        };
        if let Some(limits) = &limits
            && rule.allow_key
        {
            if !limits.mentions(rule.parent.as_deref(), rule.child.as_deref()) {
                continue;
            }
            if rule.is_gate() && !resolved.allow {
                answer.rules.extend(closed_gate(limits, &resolved, action));
            }
        }
        answer.rules.push(resolved);
    }
    if let Some(limits) = limits
        && !limits.everywhere()
    {
        answer.restrictions.push(Restriction {
            source: SOURCE.to_owned(),
            covers: limits.entries(),
        });
    }
    answer
}

/// The denials that a denying `allow` key adds for resources that a restricted actor was given
/// (TOK-25).
fn closed_gate(
    limits: &ActionLimits<'_>,
    denial: &PermissionRule,
    action: &PluginAction,
) -> Vec<PermissionRule> {
    let deny = |parent: String, child: Option<String>| PermissionRule {
        parent: Some(parent),
        child,
        allow: false,
        reason: format!("{} (restriction gate)", denial.reason),
        source: denial.source.clone(),
    };
    let mut denials = Vec::new();
    if denial.parent.is_none() && action.takes_parent {
        let databases = limits.named_databases().into_iter();
        denials.extend(databases.map(|database| deny(database.to_owned(), None)));
    }
    if action.takes_child {
        for (parent, child) in limits.entries() {
            let (Some(parent), Some(child)) = (parent, child) else {
                continue;
            };
            if denial.parent.as_ref().is_none_or(|own| *own == parent) {
                denials.push(deny(parent, Some(child)));
            }
        }
    }
    denials
}

/// One of the two built-in sources of rules.
struct DefaultPermissions {
    name: &'static str,
    rules: Rulebook,
}

impl Plugin for DefaultPermissions {
    fn name(&self) -> &str {
        self.name
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::PermissionResourcesSql])
    }

    fn info(&self) -> PluginInfo {
        built_in_info(self)
    }

    fn permission_resources_sql<'a>(
        &'a self,
        context: &'a Context<'a>,
        action: &'a str,
    ) -> BoxFuture<'a, Answer<PermissionAnswer>> {
        let known = BUILT_IN.iter().find(|known| known.name == action);
        let described = known.map_or_else(
            || PluginAction {
                name: action.to_owned(),
                abbreviation: None,
                description: None,
                takes_parent: true,
                takes_child: true,
                resource_class: None,
                case_insensitive_child: false,
                also_requires: None,
            },
            describe,
        );
        let mut answer = built_in_answer(self.rules.of(action), context.actor(), &described);
        if self.name != SOURCE {
            // The actor's limits are the other source's to tell.
            answer.restrictions.clear();
        }
        ready(answer)
    }
}

/// `datasette.default_actions`.
struct DefaultActions;

impl Plugin for DefaultActions {
    fn name(&self) -> &str {
        "datasette.default_actions"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::RegisterActions])
    }

    fn info(&self) -> PluginInfo {
        built_in_info(self)
    }

    fn register_actions(&self, _context: &Context<'_>) -> Answer<Vec<PluginAction>> {
        Ok(BUILT_IN.iter().map(describe).collect())
    }
}
