//! A rule before the actor is known.

use std::borrow::Cow;

use datasette_config::AllowBlock;
use datasette_core::Actor;
use datasette_hooks::PermissionRule;

/// The name that the built-in sources of rules go by.
pub(crate) const SOURCE: &str = "datasette.default_permissions";

/// What a rule says once it meets an actor.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    Allow,
    Deny,
    /// Allow when the block admits the actor, else deny (PERM-29).
    Block(AllowBlock),
    /// Allow for the actor with id `root`, nothing for others (PERM-28).
    AllowRoot,
}

/// One rule. Without an action it is for every action; without names it is global; with a child
/// but no parent it is for that child in every database.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) action: Option<Cow<'static, str>>,
    pub(crate) parent: Option<String>,
    pub(crate) child: Option<String>,
    pub(crate) effect: Effect,
    /// The reason; for blocks, what follows `config allow` or `config deny` (PERM-79).
    pub(crate) reason: String,
    pub(crate) source: Cow<'static, str>,
    /// Whether it comes from an `allow` or `allow_sql` key, which close the gate for restricted
    /// actors (TOK-25).
    pub(crate) allow_key: bool,
}

impl Rule {
    /// A built-in global rule for one action.
    pub(crate) fn global(action: &'static str, effect: Effect, reason: String) -> Self {
        Self {
            action: Some(Cow::Borrowed(action)),
            parent: None,
            child: None,
            effect,
            reason,
            source: Cow::Borrowed(SOURCE),
            allow_key: false,
        }
    }

    /// Allow, deny, or nothing to say about this actor.
    pub(crate) fn verdict(&self, actor: Option<&Actor>) -> Option<bool> {
        match &self.effect {
            Effect::Allow => Some(true),
            Effect::Deny => Some(false),
            Effect::Block(block) => Some(block.allows(actor)),
            Effect::AllowRoot => actor
                .and_then(Actor::id)
                .filter(|id| *id == "root")
                .map(|_| true),
        }
    }

    /// Whether a denial by this rule closes the gate for restricted actors (TOK-25).
    pub(crate) fn is_gate(&self) -> bool {
        self.allow_key && self.child.is_none()
    }

    /// The rule as it stands for this actor.
    pub(crate) fn resolved(&self, actor: Option<&Actor>) -> Option<PermissionRule> {
        let allow = self.verdict(actor)?;
        let reason = match &self.effect {
            Effect::Block(_) => {
                let word = if allow { "allow" } else { "deny" };
                format!("config {word} {}", self.reason)
            }
            _ => self.reason.clone(),
        };
        Some(PermissionRule {
            parent: self.parent.clone(),
            child: self.child.clone(),
            allow,
            reason,
            source: self.source.clone().into_owned(),
        })
    }
}

impl From<PermissionRule> for Rule {
    fn from(rule: PermissionRule) -> Self {
        Self {
            action: None,
            parent: rule.parent,
            child: rule.child,
            effect: if rule.allow {
                Effect::Allow
            } else {
                Effect::Deny
            },
            reason: rule.reason,
            source: Cow::Owned(rule.source),
            allow_key: false,
        }
    }
}
