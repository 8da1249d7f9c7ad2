//! The JSON of completed keys.

use datasette_engine::page::AutocompletePage;
use serde_json::{Map, Value as Json};

use super::envelope::wrap;
use super::writer::{self, Infinity};

/// The whole body (DEBUG-52).
pub fn body(page: &AutocompletePage) -> Vec<u8> {
    let mut items = Vec::new();
    for row in page.rows.rows() {
        if !items.is_empty() {
            items.extend_from_slice(b", ");
        }
        items.extend_from_slice(b"{\"pks\": {");
        for (place, name) in page.primary_keys.iter().enumerate() {
            if place > 0 {
                items.extend_from_slice(b", ");
            }
            writer::string(&mut items, name.as_bytes());
            items.extend_from_slice(b": ");
            writer::value(&mut items, row.get(place), Infinity::Null);
        }
        items.push(b'}');
        if let Some(place) = page.label {
            items.extend_from_slice(b", \"label\": ");
            writer::value(&mut items, row.get(place), Infinity::Null);
        }
        items.push(b'}');
    }
    let mut before = Map::new();
    before.insert("ok".to_owned(), Json::Bool(true));
    wrap(&before, &items, &Map::new())
}
