//! Rules from `allow`, `allow_sql` and `permissions` in the configuration (PERM-34 to PERM-42).

use std::borrow::Cow;

use datasette_config::{AllowBlock, Config, DatabaseConfig};
use indexmap::IndexMap;

use crate::rule::{Effect, Rule, SOURCE};

/// Where in the configuration a block stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    parent: Option<&'a str>,
    child: Option<&'a str>,
}

impl Place<'_> {
    /// The place as reasons name it (PERM-79).
    fn suffix(self) -> String {
        match (self.parent, self.child) {
            (Some(parent), Some(child)) => format!(" on {parent}/{child}"),
            (Some(parent), None) => format!(" on {parent}"),
            _ => String::new(),
        }
    }

    fn rule(self, action: Cow<'static, str>, block: &AllowBlock, reason: String) -> Rule {
        Rule {
            action: Some(action),
            parent: self.parent.map(str::to_owned),
            child: self.child.map(str::to_owned),
            effect: Effect::Block(block.clone()),
            reason,
            source: Cow::Borrowed(SOURCE),
            allow_key: false,
        }
    }

    /// A rule of an `allow` key for one viewing action.
    fn allow(self, action: &'static str, block: &AllowBlock) -> Rule {
        let reason = format!("allow for {action}{}", self.suffix());
        Rule {
            allow_key: true,
            ..self.rule(Cow::Borrowed(action), block, reason)
        }
    }

    /// The rule of an `allow_sql` key.
    fn allow_sql(self, block: &AllowBlock) -> Rule {
        let reason = match self.parent {
            Some(parent) => format!("allow_sql for {parent}"),
            None => "allow_sql".to_owned(),
        };
        Rule {
            allow_key: true,
            ..self.rule(Cow::Borrowed("execute-sql"), block, reason)
        }
    }

    /// The rules of a `permissions` key, one for each action by its full name (PERM-39).
    fn permissions(self, permissions: &IndexMap<String, AllowBlock>) -> impl Iterator<Item = Rule> {
        permissions.iter().map(move |(action, block)| {
            let reason = format!("permissions for {action}{}", self.suffix());
            self.rule(Cow::Owned(action.clone()), block, reason)
        })
    }
}

/// All rules that the configuration gives.
pub(super) fn rules(config: &Config) -> Vec<Rule> {
    let instance = &config.instance;
    let place = Place {
        parent: None,
        child: None,
    };
    let mut rules: Vec<_> = place.permissions(&instance.permissions).collect();
    if let Some(block) = &instance.allow {
        let actions = ["view-instance", "view-database", "view-table", "view-query"];
        rules.extend(actions.map(|action| place.allow(action, block)));
    }
    rules.extend(
        instance
            .allow_sql
            .iter()
            .map(|block| place.allow_sql(block)),
    );
    for (name, database) in &config.databases {
        database_rules(name, database, &mut rules);
    }
    rules
}

fn database_rules(name: &str, database: &DatabaseConfig, rules: &mut Vec<Rule>) {
    let place = Place {
        parent: Some(name),
        child: None,
    };
    rules.extend(place.permissions(&database.permissions));
    if let Some(block) = &database.allow {
        let actions = ["view-database", "view-table", "view-query"];
        rules.extend(actions.map(|action| place.allow(action, block)));
    }
    rules.extend(
        database
            .allow_sql
            .iter()
            .map(|block| place.allow_sql(block)),
    );
    for (table, config) in &database.tables {
        let place = Place {
            child: Some(table),
            ..place
        };
        rules.extend(place.permissions(&config.permissions));
        rules.extend(
            config
                .allow
                .iter()
                .map(|block| place.allow("view-table", block)),
        );
    }
    for (query, config) in &database.queries {
        let place = Place {
            child: Some(query),
            ..place
        };
        rules.extend(place.permissions(&config.permissions));
        rules.extend(
            config
                .allow
                .iter()
                .map(|block| place.allow("view-query", block)),
        );
    }
}
