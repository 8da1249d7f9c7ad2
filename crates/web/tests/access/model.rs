//! Who may do what, as the contract words it: the plain model that answers are compared with. It
//! shares nothing with the server's own judgement.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

/// The actions of these tests that children have, stored queries aside.
const ON_TABLES: &[&str] = &["view-table"];

/// Actions that everybody may do where nothing else is said (PERM-26).
const BY_DEFAULT: &[(&str, &str)] = &[
    ("view-instance", "vi"),
    ("view-database", "vd"),
    ("view-database-download", "vdd"),
    ("execute-sql", "es"),
    ("view-table", "vt"),
    ("view-query", "vq"),
];

/// A stored query as far as permissions look at it.
#[derive(Clone, Debug)]
pub(crate) struct Owned {
    pub(crate) database: String,
    pub(crate) name: String,
    pub(crate) owner: Option<String>,
    pub(crate) private: bool,
    pub(crate) trusted: bool,
}

/// A site's rules and what there is to have rules about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policy {
    pub(crate) config: Json,
    pub(crate) root: bool,
    pub(crate) default_deny: bool,
    pub(crate) queries: Vec<Owned>,
    /// Tables made of others, by database and name; `None` for a source that cannot be told.
    pub(crate) derived: BTreeMap<(String, String), Option<String>>,
}

/// Who asks: the properties of the actor.
pub(crate) type Who<'a> = Option<&'a Map<String, Json>>;

fn equal(one: &Json, other: &Json) -> bool {
    !one.is_null() && one == other
}

fn block_admits(block: &Json, who: Who<'_>) -> Option<bool> {
    match block {
        Json::Null => None,
        Json::Bool(word) => Some(*word),
        Json::Object(keys) => Some(keys.iter().any(|(key, wanted)| match who {
            None => key == "unauthenticated" && *wanted == Json::Bool(true),
            Some(actor) => match (actor.get(key), wanted) {
                (None, _) => false,
                (Some(_), Json::String(any)) if any == "*" => true,
                (Some(own), Json::Array(list)) => list.iter().any(|one| equal(one, own)),
                (Some(own), one) => equal(one, own),
            },
        })),
        _ => Some(false),
    }
}

fn child_of<'a>(children: &'a Json, name: &str, folds: bool) -> Vec<&'a Json> {
    let found = children.as_object().into_iter().flatten();
    found
        .filter(|(key, _)| match folds {
            true => key.eq_ignore_ascii_case(name),
            false => *key == name,
        })
        .map(|(_, child)| child)
        .collect()
}

impl Policy {
    /// Whether it is allowed, with all that it requires (PERM-19 to PERM-31, PERM-55 to PERM-57).
    pub(crate) fn allows(
        &self,
        who: Who<'_>,
        action: &str,
        parent: Option<&str>,
        child: Option<&str>,
    ) -> bool {
        let required = match action {
            "execute-sql" | "execute-write-sql" | "view-database-download" => Some("view-database"),
            "store-query" => Some("execute-sql"),
            _ => None,
        };
        if required.is_some_and(|required| !self.allows(who, required, parent, child)) {
            return false;
        }
        if !self.alone(who, action, parent, child) {
            return false;
        }
        let (Some(parent), Some(child), "view-table") = (parent, child, action) else {
            return true;
        };
        match self.source(parent, child) {
            None => true,
            Some(None) => false,
            Some(Some(source)) => {
                self.source(parent, &source).is_none()
                    && self.alone(who, action, Some(parent), Some(&source))
            }
        }
    }

    /// Whether a database's file may be had: none of these tables is hidden, nor anything that one
    /// of them is made of (PERM-97).
    pub(crate) fn may_have_file(&self, who: Who<'_>, database: &str, tables: &[&str]) -> bool {
        let tables = tables
            .iter()
            .filter(|table| !table.starts_with("sqlite_stat"));
        tables.copied().all(|table| {
            let mut table = table.to_owned();
            loop {
                if !self.alone(who, "view-table", Some(database), Some(&table)) {
                    return false;
                }
                match self.source(database, &table) {
                    Some(Some(source)) => table = source,
                    _ => return true,
                }
            }
        })
    }

    fn source(&self, parent: &str, child: &str) -> Option<Option<String>> {
        let own = |(database, table): &(String, String)| {
            database == parent && table.eq_ignore_ascii_case(child)
        };
        let found = self.derived.iter().find(|(key, _)| own(key));
        found.map(|(_, source)| source.clone())
    }

    fn alone(&self, who: Who<'_>, action: &str, parent: Option<&str>, child: Option<&str>) -> bool {
        let query = self
            .queries
            .iter()
            .find(|query| Some(&*query.database) == parent && Some(&*query.name) == child);
        let owns = |query: &Owned| {
            let id = who.and_then(|actor| actor.get("id")).and_then(Json::as_str);
            query.owner.is_some() && query.owner.as_deref() == id
        };
        if action == "view-query" {
            match query {
                None => return false,
                Some(query) if query.private && !owns(query) => return false,
                Some(_) => {}
            }
        }
        let mut levels = [
            self.global(who, action),
            parent.map_or_else(Vec::new, |parent| self.of_database(who, action, parent)),
            match (parent, child) {
                (Some(parent), Some(child)) => self.of_child(who, action, parent, child),
                _ => Vec::new(),
            },
        ];
        if action == "view-query" && query.is_some_and(owns) {
            levels[2].push(true);
        }
        self.close_gates(who, action, (parent, child), &mut levels);
        let decisive = levels.iter().rev().find(|level| !level.is_empty());
        decisive.is_some_and(|level| level.iter().all(|allow| *allow))
            && within_limits(who, action, parent, child)
    }

    fn block(block: &Json, who: Who<'_>) -> Vec<bool> {
        block_admits(block, who).into_iter().collect()
    }

    fn global(&self, who: Who<'_>, action: &str) -> Vec<bool> {
        let config = &self.config;
        let mut rules = Self::block(&config["permissions"][action], who);
        rules.extend(self.allow_key(who, action, None));
        if action == "execute-sql" && config["settings"]["default_allow_sql"] == Json::Bool(false) {
            rules.push(false);
        }
        let by_default = BY_DEFAULT.iter().any(|(name, _)| *name == action);
        if by_default && !self.default_deny {
            rules.push(true);
        }
        let is_root = || who.and_then(|actor| actor.get("id")) == Some(&Json::from("root"));
        if self.root && is_root() {
            rules.push(true);
        }
        rules
    }

    fn of_database(&self, who: Who<'_>, action: &str, parent: &str) -> Vec<bool> {
        let database = &self.config["databases"][parent];
        let mut rules = Self::block(&database["permissions"][action], who);
        rules.extend(self.allow_key(who, action, Some(parent)));
        rules
    }

    /// What `allow` and `allow_sql` say about the action, at the root or at a database.
    fn allow_key(&self, who: Who<'_>, action: &str, parent: Option<&str>) -> Vec<bool> {
        let place = match parent {
            None => &self.config,
            Some(parent) => &self.config["databases"][parent],
        };
        let covers = match action {
            "view-instance" => parent.is_none(),
            "view-database" | "view-table" | "view-query" => true,
            _ => false,
        };
        match action {
            "execute-sql" => Self::block(&place["allow_sql"], who),
            _ if covers => Self::block(&place["allow"], who),
            _ => Vec::new(),
        }
    }

    fn of_child(&self, who: Who<'_>, action: &str, parent: &str, child: &str) -> Vec<bool> {
        let database = &self.config["databases"][parent];
        let on_table = ON_TABLES.contains(&action);
        let children = match on_table {
            true => child_of(&database["tables"], child, true),
            false => child_of(&database["queries"], child, false),
        };
        let mut rules = Vec::new();
        for place in children {
            rules.extend(Self::block(&place["allow"], who));
            rules.extend(Self::block(&place["permissions"][action], who));
        }
        let number = child.to_ascii_lowercase();
        let number = number.strip_prefix("sqlite_stat");
        if on_table && number.is_some_and(|number| ["1", "2", "3", "4"].contains(&number)) {
            rules.push(false);
        }
        rules
    }

    /// TOK-25: a closed `allow` further up holds for what `_r` names, too.
    fn close_gates(
        &self,
        who: Who<'_>,
        action: &str,
        (parent, child): (Option<&str>, Option<&str>),
        levels: &mut [Vec<bool>; 3],
    ) {
        let Some(limits) = who.and_then(|actor| actor.get("_r")) else {
            return;
        };
        let Some(parent) = parent else { return };
        let closed = |place| self.allow_key(who, action, place).contains(&false);
        let names_database = lists(&limits["d"][parent], action);
        let children = limits["r"][parent].as_object().into_iter().flatten();
        let mut children = children.filter(|(_, actions)| lists(actions, action));
        let folds = ON_TABLES.contains(&action);
        let same = |name: &str| match folds {
            true => child.is_some_and(|child| child.eq_ignore_ascii_case(name)),
            false => child == Some(name),
        };
        if closed(None) && (names_database || children.clone().next().is_some()) {
            levels[1].push(false);
        }
        if children.any(|(name, _)| same(name)) && (closed(None) || closed(Some(parent))) {
            levels[2].push(false);
        }
    }
}

fn lists(names: &Json, action: &str) -> bool {
    let short = BY_DEFAULT.iter().find(|(name, _)| *name == action);
    let short = short.map_or("-", |(_, short)| short);
    let names = names.as_array().into_iter().flatten();
    names
        .filter_map(Json::as_str)
        .any(|name| name == action || name == short)
}

/// TOK-14 to TOK-22; a stored query needs an entry of its own, because the list of stored queries
/// is a restriction itself.
fn within_limits(who: Who<'_>, action: &str, parent: Option<&str>, child: Option<&str>) -> bool {
    let Some(limits) = who.and_then(|actor| actor.get("_r")) else {
        return true;
    };
    if lists(&limits["a"], action) {
        return true;
    }
    let Some(parent) = parent else { return false };
    if action != "view-query" && lists(&limits["d"][parent], action) {
        return true;
    }
    let Some(child) = child else { return false };
    let folds = ON_TABLES.contains(&action);
    let mut entries = child_of(&limits["r"][parent], child, folds).into_iter();
    entries.any(|actions| lists(actions, action))
}
