//! What starts and cannot be meant: keys that do nothing but are close to one that does, and table
//! options that fail every page. The original takes them in silence, and so do we, but for a
//! warning (CONF-05).

use serde_json::{Map, Value};

use crate::interpret;
use crate::keys::{self, Level};
use crate::mistake::{Mistake, Place};
use crate::near_miss::{is_other_number, suggest};
use crate::settings;
use crate::table::Size;

/// The slips in the configuration, in the order in which they are written.
pub(crate) fn of_configuration(configuration: &Value) -> Vec<Mistake> {
    let mut slips = Slips::default();
    let root = Place::root(configuration);
    slips.of_root(&root);
    slips.of_permissions(&root.get("permissions"));
    for list in ["extra_css_urls", "extra_js_urls"] {
        let list = root.get(list);
        for (index, item) in list.value().as_array().into_iter().flatten().enumerate() {
            slips.of_level(&list.at(&index.to_string(), item), &keys::ASSET);
        }
    }
    let databases = root.get("databases");
    for (name, value) in entries(&databases) {
        slips.of_database(&databases.at(name, value));
    }
    slips.found
}

/// The slips in a metadata file.
pub(crate) fn of_metadata(metadata: &Value) -> Vec<Mistake> {
    let mut slips = Slips::default();
    let root = Place::root(metadata);
    slips.of_described(&root, &keys::ROOT, &["databases"]);
    let databases = root.get("databases");
    for (name, value) in entries(&databases) {
        let database = databases.at(name, value);
        slips.of_described(&database, &keys::DATABASE, &["tables", "queries"]);
        let tables = database.get("tables");
        for (name, value) in entries(&tables) {
            slips.of_described(&tables.at(name, value), &keys::TABLE, &["columns"]);
        }
    }
    slips.found
}

#[derive(Default)]
struct Slips {
    found: Vec<Mistake>,
}

impl Slips {
    fn of_database(&mut self, database: &Place<'_>) {
        self.of_level(database, &keys::DATABASE);
        self.of_permissions(&database.get("permissions"));
        let tables = database.get("tables");
        for (name, value) in entries(&tables) {
            let table = tables.at(name, value);
            self.of_level(&table, &keys::TABLE);
            self.of_options(&table);
            self.of_permissions(&table.get("permissions"));
            let types = table.get("column_types");
            for (name, value) in entries(&types) {
                self.of_level(&types.at(name, value), &keys::COLUMN_TYPE);
            }
        }
        let queries = database.get("queries");
        for (name, value) in entries(&queries) {
            let query = queries.at(name, value);
            self.of_level(&query, &keys::QUERY);
            self.of_permissions(&query.get("permissions"));
        }
    }

    /// The root, where settings are written that belong one level down.
    fn of_root(&mut self, root: &Place<'_>) {
        let settings = settings::SETTINGS.iter().map(|setting| setting.name);
        for (key, value) in entries(root) {
            if keys::ROOT.names().any(|known| known == key) {
                continue;
            }
            let key_of_root = suggest(key, keys::ROOT.names()).map(str::to_owned);
            let setting = || suggest(key, settings.clone()).map(|name| format!("settings.{name}"));
            if let Some(meant) = key_of_root.or_else(setting) {
                self.tell(&root.at(key, value), &meant);
            }
        }
    }

    fn of_level(&mut self, place: &Place<'_>, level: &Level) {
        for (key, value) in entries(place) {
            if level.names().any(|known| known == key) {
                continue;
            }
            if let Some(meant) = suggest(key, level.names()) {
                self.tell(&place.at(key, value), meant);
            }
        }
    }

    /// A level of metadata: whoever writes `sources` beside `source` may well mean it.
    fn of_described(&mut self, place: &Place<'_>, level: &Level, structure: &[&'static str]) {
        let words = keys::METADATA.iter().map(|key| key.name);
        let firm = structure.iter().copied().chain(level.moving());
        for (key, value) in entries(place) {
            if firm.clone().chain(words.clone()).any(|known| known == key) {
                continue;
            }
            let word = || suggest(key, words.clone()).filter(|word| !is_other_number(key, word));
            if let Some(meant) = suggest(key, firm.clone()).or_else(word) {
                self.tell(&place.at(key, value), meant);
            }
        }
    }

    /// Actions of plugins are any words; only what is nearly one of ours is told.
    fn of_permissions(&mut self, permissions: &Place<'_>) {
        for (action, value) in entries(permissions) {
            if keys::actions().any(|known| known == action) {
                continue;
            }
            if let Some(meant) = suggest(action, keys::actions()) {
                self.tell(&permissions.at(action, value), meant);
            }
        }
    }

    /// Options that the pages of a table will be refused for (CONF-31, CONF-32, CONF-36).
    fn of_options(&mut self, table: &Place<'_>) {
        let mut fails = |place: &Place<'_>, words: &str| {
            let message = format!("{} {words}, or pages of the table fail", place.shown());
            self.found.push(Mistake::new(place.path(), message));
        };
        let sort_desc = table.get("sort_desc");
        if table.get("sort").is_truthy() && sort_desc.is_truthy() {
            fails(&sort_desc, "must not stand beside \"sort\"");
        }
        for key in ["size", "facet_size"] {
            let place = table.get(key);
            if matches!(interpret::size(place), Some(Size::Invalid(_))) {
                fails(&place, "must be a whole number or \"max\"");
            }
        }
        let facets = table.get("facets");
        for (index, item) in facets.value().as_array().into_iter().flatten().enumerate() {
            if item.as_object().is_some_and(|keys| keys.len() != 1) {
                let index = index.to_string();
                fails(
                    &facets.at(&index, item),
                    "must have one key, as in {date: COLUMN}",
                );
            }
        }
    }

    fn tell(&mut self, place: &Place<'_>, meant: &str) {
        let shown = place.shown();
        let message = format!("{shown} is not known and does nothing. Did you mean \"{meant}\"?");
        self.found.push(Mistake::new(place.path(), message));
    }
}

/// The entries of a mapping; none of anything else.
fn entries<'a>(place: &Place<'a>) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    let keys: Option<&'a Map<String, Value>> = place.value().as_object();
    keys.into_iter().flatten()
}
