//! Things that may differ from run to run, replaced by a name. Few on purpose: each one hides
//! something. A report says how often each fired.

mod assets;
mod cookies;
mod order;
mod paths;
mod timings;
mod tokens;
mod versions;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

/// What a normaliser may know about the server.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context {
    /// Folder of the databases.
    pub(crate) data: PathBuf,
    /// Path of the request, with its query string.
    pub(crate) path: String,
}

/// How a normaliser changes a text; returns how often it fired.
type OnText = fn(&mut String, &Context) -> usize;
/// How a normaliser changes a JSON body.
type OnJson = fn(&mut Value, &Context) -> usize;
/// How a normaliser changes a header.
type OnHeader = fn(&str, &mut String, &Context) -> usize;

const TEXT: [(&str, OnText); 6] = [
    ("asset_hash", assets::hash_in_text),
    ("database_path", paths::in_text),
    ("datasette_version", versions::in_page),
    ("query_time", timings::in_text),
    ("token", tokens::in_text),
    ("trace_time", timings::in_trace_text),
];
const JSON: [(&str, OnJson); 6] = [
    ("database_path", paths::in_json),
    ("query_time", timings::in_json),
    ("runtime_versions", versions::in_json),
    ("table_columns_order", order::table_columns),
    ("thread_identity", order::threads),
    ("trace_time", timings::in_trace),
];
const HEADER: [(&str, OnHeader); 3] = [
    ("asset_hash", assets::hash_in_header),
    ("cookie_expiry", cookies::expiry),
    ("static_etag", assets::etag),
];

/// All normalisers and how often each fired.
#[derive(Debug, Clone, Default)]
pub(crate) struct Normalisers {
    fired: BTreeMap<&'static str, usize>,
}

impl Normalisers {
    /// Names and counts, every normaliser included.
    pub(crate) fn counts(&self) -> BTreeMap<&'static str, usize> {
        let names = TEXT
            .iter()
            .map(|(name, _)| *name)
            .chain(JSON.iter().map(|(name, _)| *name))
            .chain(HEADER.iter().map(|(name, _)| *name));
        let mut counts: BTreeMap<_, _> = names.map(|name| (name, 0)).collect();
        counts.extend(self.fired.iter());
        counts
    }

    pub(crate) fn text(&mut self, raw: &str, context: &Context) -> String {
        let mut text = raw.to_owned();
        for (name, normalise) in TEXT {
            let fired = normalise(&mut text, context);
            self.count(name, fired);
        }
        text
    }

    pub(crate) fn json(&mut self, mut value: Value, context: &Context) -> Value {
        for (name, normalise) in JSON {
            let fired = normalise(&mut value, context);
            self.count(name, fired);
        }
        value
    }

    pub(crate) fn header(&mut self, header: &str, raw: &str, context: &Context) -> String {
        let mut value = raw.to_owned();
        for (name, normalise) in HEADER {
            let fired = normalise(header, &mut value, context);
            self.count(name, fired);
        }
        value
    }

    fn count(&mut self, name: &'static str, fired: usize) {
        if fired > 0 {
            *self.fired.entry(name).or_insert(0) += fired;
        }
    }
}

/// Replaces what follows each `marker` as long as `belongs` holds, where that is not nothing.
fn replace_after(
    text: &mut String,
    marker: &str,
    belongs: fn(char) -> bool,
    replacement: &str,
) -> usize {
    let (mut result, mut rest, mut fired) = (String::new(), text.as_str(), 0);
    while let Some(found) = rest.find(marker) {
        let (before, after) = rest.split_at(found + marker.len());
        result.push_str(before);
        let end = after.find(|char| !belongs(char)).unwrap_or(after.len());
        if end > 0 {
            result.push_str(replacement);
            fired += 1;
        }
        rest = &after[end..];
    }
    result.push_str(rest);
    *text = result;
    fired
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_follows_the_marker_is_replaced() {
        let mut text = "x?_hash=abc123&y _hash= _hash=ff".to_owned();
        let fired = replace_after(&mut text, "_hash=", |char| char.is_ascii_hexdigit(), "HASH");
        assert_eq!(
            (text.as_str(), fired),
            ("x?_hash=HASH&y _hash= _hash=HASH", 2)
        );
    }

    #[test]
    fn every_normaliser_is_counted() {
        let mut normalisers = Normalisers::default();
        normalisers.text("app.css?_hash=0123456789ab", &Context::default());
        let counts = normalisers.counts();
        assert_eq!(counts["asset_hash"], 1);
        assert_eq!(counts["query_time"], 0);
    }
}
