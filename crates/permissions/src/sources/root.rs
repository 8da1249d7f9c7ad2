//! The rule of `--root`.

use std::borrow::Cow;

use super::Flags;
use crate::rule::{Effect, Rule, SOURCE};

/// A global allow for every action, plugins' included, for the actor with id `root` (PERM-28).
/// Without the flag that actor is like any other (AUTH-33).
pub(super) fn rules(flags: Flags) -> Option<Rule> {
    flags.root_enabled.then(|| Rule {
        action: None,
        parent: None,
        child: None,
        effect: Effect::AllowRoot,
        reason: "root user".to_owned(),
        source: Cow::Borrowed(SOURCE),
        allow_key: false,
    })
}
