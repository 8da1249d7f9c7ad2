//! Where the server's own rules come from.

mod config;
mod defaults;
mod root;
mod statistics;

use datasette_config::Config;

use crate::rule::Rule;

pub(crate) use statistics::SOURCE as STATISTICS_SOURCE;

/// Flags of the command line that change permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--root`: the actor with id `root` gets a global allow for everything (PERM-28).
    pub root_enabled: bool,
    /// `--default-deny`: no default allows (PERM-26).
    pub default_deny: bool,
}

/// All rules of the server, in the order in which explanations list those of one level.
pub(crate) fn all(config: &Config, flags: Flags) -> Vec<Rule> {
    let mut rules = statistics::rules();
    rules.extend(without_statistics(config, flags));
    rules
}

/// The rules of `datasette.default_permissions`.
pub(crate) fn without_statistics(config: &Config, flags: Flags) -> Vec<Rule> {
    let mut rules: Vec<Rule> = root::rules(flags).into_iter().collect();
    rules.extend(defaults::rules(config, flags));
    rules.extend(config::rules(config));
    rules
}

/// The rules of `datasette.default_permissions.sqlite_statistics`.
pub(crate) fn statistics() -> Vec<Rule> {
    statistics::rules()
}
