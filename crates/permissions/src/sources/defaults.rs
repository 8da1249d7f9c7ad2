//! Rules that hold unless others say otherwise.

use datasette_config::Config;
use datasette_core::action::BUILT_IN;

use super::Flags;
use crate::rule::{Effect, Rule};

/// One global allow for each action that is allowed by default (PERM-26), and a global deny for
/// `execute-sql` when the setting `default_allow_sql` is off (PERM-30).
pub(super) fn rules(config: &Config, flags: Flags) -> Vec<Rule> {
    let mut rules = Vec::new();
    if !config.settings.default_allow_sql {
        let reason = "default_allow_sql is false".to_owned();
        rules.push(Rule::global("execute-sql", Effect::Deny, reason));
    }
    if !flags.default_deny {
        let allowed = BUILT_IN.iter().filter(|action| action.allowed_by_default);
        rules.extend(allowed.map(|action| {
            let reason = format!("default allow for {}", action.name);
            Rule::global(action.name, Effect::Allow, reason)
        }));
    }
    rules
}
