//! What plugins say about who may do what.

use serde::{Deserialize, Serialize};

use crate::wire::Data;

/// One rule for one action and one actor (PERM-19): its level is the number of names it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionRule {
    /// The database; `None` makes the rule global.
    pub parent: Option<String>,
    /// The table or query; `None` makes the rule one for the database.
    pub child: Option<String>,
    /// Allow or deny.
    pub allow: bool,
    /// Why, for people who debug permissions.
    pub reason: String,
    /// Which plugin says so.
    pub source: String,
}

/// Rules that a statement over the internal database finds (HOOK-146).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PermissionSql {
    /// Yields `parent`, `child`, `allow`, `reason`; `None` when only restrictions are given.
    pub sql: Option<String>,
    /// Yields `parent`, `child`: the resources beyond which nothing is allowed (HOOK-149).
    pub restriction_sql: Option<String>,
    /// Named parameters of both; `actor`, `actor_id` and `action` are always there (HOOK-147).
    #[serde(default)]
    pub params: Vec<(String, Data)>,
    /// Which plugin says so.
    pub source: String,
}

/// A list of resources beyond which nothing is allowed (HOOK-149).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restriction {
    /// Which plugin says so.
    pub source: String,
    /// Database and child; a `None` covers every one.
    pub covers: Vec<(Option<String>, Option<String>)>,
}

/// What one plugin says about an actor and an action.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PermissionAnswer {
    /// Rules that are known.
    #[serde(default)]
    pub rules: Vec<PermissionRule>,
    /// Restrictions that are known; every one must cover the resource.
    #[serde(default)]
    pub restrictions: Vec<Restriction>,
    /// Rules and restrictions that statements find.
    #[serde(default)]
    pub sql: Vec<PermissionSql>,
}

impl PermissionAnswer {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.restrictions.is_empty() && self.sql.is_empty()
    }

    /// Adds what another plugin says.
    pub fn merge(&mut self, other: Self) {
        self.rules.extend(other.rules);
        self.restrictions.extend(other.restrictions);
        self.sql.extend(other.sql);
    }
}

/// An action that a plugin declares (HOOK-96).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginAction {
    /// Full name.
    pub name: String,
    /// Abbreviation for tokens.
    pub abbreviation: Option<String>,
    /// One sentence.
    pub description: Option<String>,
    /// Whether it is done to a parent, for instance a database.
    pub takes_parent: bool,
    /// Whether it is done to a child, for instance a table.
    pub takes_child: bool,
    /// Name of the kind of resource (PERM-15).
    pub resource_class: Option<String>,
    /// Whether names of children differ only in ASCII case are the same (PERM-25).
    pub case_insensitive_child: bool,
    /// An action that must be allowed too (PERM-24).
    pub also_requires: Option<String>,
}
