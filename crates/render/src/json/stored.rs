//! The JSON of stored queries: one definition, and lists of them.

use datasette_core::{QueryString, StoredQuery};
use datasette_engine::page::{Split, StoredListPage, StoredSummary};
use serde_json::{Map, Value as Json, json};

use super::database::UNSTABLE;
use crate::css_class::database_color;
use crate::location::{Location, append};
use crate::urls::Urls;

/// A stored query with its keys in order (DEBUG-60).
pub fn members(query: &StoredQuery) -> Map<String, Json> {
    match serde_json::to_value(query) {
        Ok(Json::Object(members)) => members,
        _ => Map::new(),
    }
}

/// The answer of `/-/definition` (DEBUG-67).
pub fn definition(query: &StoredQuery) -> Json {
    json!({"ok": true, "unstable": UNSTABLE, "query": members(query)})
}

/// A stored query as the metadata of its page: where it came from is not told (EXTRA-35).
pub fn metadata(query: &StoredQuery) -> Json {
    let mut members = members(query);
    members.shift_remove("source");
    Json::Object(members)
}

/// A stored query in a list (DEBUG-60).
pub fn listed(summary: &StoredSummary) -> Json {
    let mut members = members(summary.query.stored());
    members.insert("private".to_owned(), Json::Bool(summary.private));
    Json::Object(members)
}

/// What a list of stored queries is made of.
#[derive(Debug)]
pub struct StoredListJson<'a> {
    /// The page.
    pub page: &'a StoredListPage,
    /// Where the request arrived.
    pub location: &'a Location,
    /// Paths of pages.
    pub urls: &'a Urls,
}

impl StoredListJson<'_> {
    /// The whole list (DEBUG-61); templates get the same under the same names.
    pub fn document(&self) -> Json {
        let page = self.page;
        let database = page.database.as_ref();
        let entry = database.map(|database| database.entry());
        let has = |is: fn(&StoredQuery) -> bool| {
            let mut queries = page.queries.iter();
            queries.any(|summary| is(summary.query.stored()))
        };
        json!({
            "ok": true,
            "database": entry.map(|entry| &entry.name),
            "database_color": entry.map(|entry| database_color(&entry.name, entry.hash.as_deref())),
            "queries": page.queries.iter().map(listed).collect::<Vec<_>>(),
            "next": page.next,
            "next_url": page.next.as_ref().map(|next| self.next_url(next)),
            "limit": page.limit,
            "show_private_note": has(|query| query.is_private),
            "show_trusted_note": has(|query| query.is_trusted),
            "query_list_path": self.path(),
            "show_database": database.is_none(),
            "facets": self.facets(),
            "filters": self.filters(),
        })
    }

    /// The path of the list, without a format.
    fn path(&self) -> String {
        match &self.page.database {
            Some(database) => format!("{}/-/queries", self.urls.database(database)),
            None => self.urls.path("/-/queries"),
        }
    }

    /// The absolute URL of the next page (DEBUG-65).
    fn next_url(&self, token: &str) -> String {
        let arguments = self.location.query.replacing(&[("_next", Some(token))]);
        let path = self.location.local(&self.location.path);
        self.location.absolute(&append(&path, &arguments.encode()))
    }

    /// What the list can be narrowed to (DEBUG-62); a choice that nothing is left of is not there.
    fn facets(&self) -> Json {
        let page = self.page;
        let items = |field: &str, split: Split, labels: [&str; 2]| {
            let sides = labels.into_iter().zip([false, true]);
            let items = sides.filter_map(|(label, side)| self.item(field, split, label, side));
            items.collect::<Vec<Json>>()
        };
        let modes = items("is_write", page.modes, ["Read-only", "Writable"]);
        let visibilities = items("is_private", page.visibilities, ["Not private", "Private"]);
        json!([
            {"title": "Mode", "items": modes},
            {"title": "Visibility", "items": visibilities},
        ])
    }

    fn item(&self, field: &str, split: Split, label: &str, side: bool) -> Option<Json> {
        let (count, active) = (split.of(side), split.chosen == Some(side));
        if count == 0 && !active {
            return None;
        }
        let value = if side { "1" } else { "0" };
        let wanted = (!active).then_some(value);
        let arguments: QueryString = self
            .location
            .query
            .replacing(&[("_next", None), (field, wanted)]);
        Some(json!({
            "label": label,
            "count": count,
            "href": append(&self.path(), &arguments.encode()),
            "active": active,
        }))
    }

    fn filters(&self) -> Json {
        let names = ["q", "is_write", "is_private", "source", "owner_id"];
        let given = |name| self.location.query.get(name).unwrap_or_default();
        names
            .into_iter()
            .map(|name| (name.to_owned(), json!(given(name))))
            .collect::<Map<String, Json>>()
            .into()
    }
}
