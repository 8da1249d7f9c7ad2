//! Facets with the links that switch them and their values on and off; the same for JSON and HTML.

use datasette_core::query_string::{encode_form, encode_form_bytes};
use datasette_core::{QueryString, Value, ValueRef, real};
use datasette_engine::page::{FacetResult, FacetResults, SuggestedFacet};
use datasette_hooks::FacetSuggestion;
use serde_json::{Map, Value as Json, json};

use crate::json::writer::json_of;
use crate::location::{Location, append};

/// `facet_results`: `{"results": {name: facet}, "timed_out": [names]}` (FACET-16).
pub fn results(facets: &FacetResults, location: &Location) -> Json {
    let mut results = Map::new();
    let mut add = |name: &str, facet: Json| {
        let mut key = name.to_owned();
        let mut number = 1;
        while results.contains_key(&key) {
            number += 1;
            key = format!("{name}_{number}");
        }
        results.insert(key, facet);
    };
    for facet in &facets.results {
        add(&facet.column, one(facet, location, json_of));
    }
    for facet in &facets.added {
        add(&facet.name, json!(facet));
    }
    json!({"results": results, "timed_out": facets.timed_out})
}

/// The facets as a list: configured ones first in the order of the configuration, then those with
/// more values (EXTRA-42).
pub fn sorted(facets: &FacetResults, location: &Location) -> Vec<Json> {
    sorted_as(facets, location, json_of)
}

/// The same for pages, where infinity has a name and bytes are written as text.
pub fn sorted_for_pages(facets: &FacetResults, location: &Location) -> Vec<Json> {
    sorted_as(facets, location, |value| match value {
        ValueRef::Real(number) if !number.is_finite() => Json::String(real::text(number)),
        ValueRef::Blob(_) => Json::String(value.printed().into_owned()),
        other => json_of(other),
    })
}

/// How a value becomes JSON.
type Spell = fn(ValueRef<'_>) -> Json;

fn sorted_as(facets: &FacetResults, location: &Location, spell: Spell) -> Vec<Json> {
    let own = facets.results.iter().map(|facet| Sorted {
        place: facet.configured.then_some(facet.place),
        values: facet.values.len(),
        name: &facet.column,
        json: one(facet, location, spell),
    });
    let added = facets.added.iter().map(|facet| Sorted {
        place: None,
        values: facet.results.len(),
        name: &facet.name,
        json: json!(facet),
    });
    let (mut configured, mut requested): (Vec<Sorted<'_>>, Vec<Sorted<'_>>) =
        own.chain(added).partition(|facet| facet.place.is_some());
    configured.sort_by_key(|facet| facet.place);
    requested.sort_by(|one, other| (other.values, other.name).cmp(&(one.values, one.name)));
    let all = configured.into_iter().chain(requested);
    all.map(|facet| facet.json).collect()
}

struct Sorted<'a> {
    place: Option<usize>,
    values: usize,
    name: &'a str,
    json: Json,
}

/// `suggested_facets` (FACET-44).
pub fn suggested(
    suggested: &[SuggestedFacet],
    added: &[FacetSuggestion],
    location: &Location,
) -> Vec<Json> {
    suggested
        .iter()
        .map(|facet| {
            let argument = match facet.kind.as_str() {
                "column" => "_facet".to_owned(),
                kind => format!("_facet_{kind}"),
            };
            let toggle = location.absolute(&location.adding(&[(&argument, &facet.column)]));
            match facet.kind.as_str() {
                "column" => json!({"name": facet.column, "toggle_url": toggle}),
                kind => json!({"name": facet.column, "type": kind, "toggle_url": toggle}),
            }
        })
        .chain(added.iter().map(|facet| json!(facet)))
        .collect()
}

fn one(facet: &FacetResult, location: &Location, spell: Spell) -> Json {
    let values: Vec<Json> = facet
        .values
        .iter()
        .map(|value| {
            let text = value.value.as_ref().printed().into_owned();
            let (selected, toggle) = match (&value.value, toggle(facet, &text, location)) {
                (Value::Blob(bytes), (false, _)) => (false, add_bytes(facet, bytes, location)),
                (_, found) => found,
            };
            let as_json = |value: &datasette_core::Value| match facet.kind.as_str() {
                "array" => Json::String(value.as_ref().printed().into_owned()),
                _ => spell(value.as_ref()),
            };
            json!({
                "value": as_json(&value.value),
                "label": as_json(&value.label),
                "count": value.count,
                "toggle_url": location.absolute(&toggle),
                "selected": selected,
            })
        })
        .collect();
    let argument = match facet.kind.as_str() {
        "column" => "_facet".to_owned(),
        kind => format!("_facet_{kind}"),
    };
    let hide = location.without(|name, given| name == argument && given == facet.column);
    // Column facets have their keys in another order than the rest (FACET-17).
    if facet.kind == "column" {
        json!({
            "name": facet.column,
            "type": facet.kind,
            "hideable": !facet.configured,
            "toggle_url": hide,
            "results": values,
            "truncated": facet.truncated,
        })
    } else {
        json!({
            "name": facet.column,
            "type": facet.kind,
            "results": values,
            "hideable": !facet.configured,
            "toggle_url": hide,
            "truncated": facet.truncated,
        })
    }
}

/// The link that filters by bytes, which are written as they are and not as the text that shows
/// them.
fn add_bytes(facet: &FacetResult, bytes: &[u8], location: &Location) -> String {
    let mut argument = String::new();
    encode_form(&mut argument, &filter_keys(facet)[0]);
    argument.push('=');
    encode_form_bytes(&mut argument, bytes);
    append(&location.adding(&[]), &argument)
}

/// The arguments that filter by a value of the facet; the first is the one that links use.
fn filter_keys(facet: &FacetResult) -> Vec<String> {
    let column = &facet.column;
    let exact = format!("{column}__exact");
    match facet.kind.as_str() {
        "column" if column.starts_with('_') => vec![exact, column.clone()],
        "column" => vec![column.clone(), exact],
        "array" => vec![format!("{column}__arraycontains")],
        kind => vec![format!("{column}__{kind}")],
    }
}

/// Whether the page is filtered by the value, and the link that changes that (FACET-22 to
/// FACET-24).
fn toggle(facet: &FacetResult, text: &str, location: &Location) -> (bool, String) {
    let keys = filter_keys(facet);
    let present = |query: &QueryString, key: &String| query.get_all(key).any(|value| value == text);
    let found: Vec<&String> = keys
        .iter()
        .filter(|key| present(&location.query, key))
        .collect();
    if found.is_empty() {
        return (false, location.adding(&[(&keys[0], text)]));
    }
    let without = location
        .without(|name, given| given == text && found.iter().any(|key| key.as_str() == name));
    (true, without)
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasette_core::Value;
    use datasette_engine::page::FacetValue;

    fn location(raw_query: &str) -> Location {
        Location {
            origin: "http://localhost".to_owned(),
            base_url: "/".to_owned(),
            path: "/d/t".to_owned(),
            query: QueryString::parse(raw_query),
            raw_query: raw_query.to_owned(),
        }
    }

    fn facet(kind: &str, column: &str) -> FacetResult {
        FacetResult {
            column: column.to_owned(),
            kind: kind.to_owned(),
            configured: false,
            place: 0,
            values: vec![FacetValue {
                value: Value::from("CA"),
                label: Value::from("CA"),
                count: 10,
            }],
            truncated: false,
        }
    }

    // Proves: FACET-16, FACET-17, FACET-20, FACET-21, FACET-22, FACET-23, FACET-24
    #[test]
    fn links_switch_values_and_facets() {
        let facets = FacetResults {
            results: vec![facet("column", "state"), facet("array", "state")],
            ..FacetResults::default()
        };
        let json = results(&facets, &location("_facet=state&state__exact=CA"));
        let first = &json["results"]["state"];
        assert_eq!(first["toggle_url"], "/d/t?state__exact=CA");
        assert_eq!(first["results"][0]["selected"], true);
        assert_eq!(
            first["results"][0]["toggle_url"],
            "http://localhost/d/t?_facet=state"
        );
        let second = &json["results"]["state_2"]["results"][0];
        assert_eq!(second["selected"], false);
        assert_eq!(
            second["toggle_url"],
            "http://localhost/d/t?_facet=state&state__exact=CA&state__arraycontains=CA"
        );
        let keys: Vec<&String> = first.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "name",
                "type",
                "hideable",
                "toggle_url",
                "results",
                "truncated"
            ]
        );
        let hidden = facet("column", "_state");
        let link = toggle(&hidden, "CA", &location("")).1;
        assert_eq!(link, "/d/t?_state__exact=CA");
    }

    // Proves: EXTRA-42
    #[test]
    fn configured_facets_keep_their_order() {
        let named = |name: &str, configured, place| FacetResult {
            configured,
            place,
            ..facet("column", name)
        };
        let facets = FacetResults {
            results: vec![
                named("third", false, 2),
                named("second", true, 1),
                named("first", true, 0),
            ],
            ..FacetResults::default()
        };
        let names: Vec<Json> = sorted(&facets, &location(""))
            .into_iter()
            .map(|facet| facet["name"].clone())
            .collect();
        assert_eq!(names, ["first", "second", "third"]);
    }

    // Proves: FACET-25
    #[test]
    fn pages_name_infinity() {
        let mut found = facet("column", "n");
        found.values[0].value = Value::Real(f64::NEG_INFINITY);
        let facets = FacetResults {
            results: vec![found],
            ..FacetResults::default()
        };
        let value = |list: Vec<Json>| list[0]["results"][0]["value"].clone();
        assert_eq!(value(sorted(&facets, &location(""))), Json::Null);
        assert_eq!(value(sorted_for_pages(&facets, &location(""))), "-inf");
    }

    // Proves: FACET-44
    #[test]
    fn suggestions_add_an_argument() {
        let found = [
            SuggestedFacet {
                column: "state".to_owned(),
                kind: "column".to_owned(),
            },
            SuggestedFacet {
                column: "day".to_owned(),
                kind: "date".to_owned(),
            },
        ];
        let json = suggested(&found, &[], &location("a=1"));
        assert_eq!(
            json[0],
            json!({"name": "state", "toggle_url": "http://localhost/d/t?a=1&_facet=state"})
        );
        assert_eq!(json[1]["type"], "date");
    }
}
