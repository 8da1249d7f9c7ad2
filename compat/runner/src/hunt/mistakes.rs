//! Requests with two mistakes: both servers refuse them, and may tell different ones first.

use std::collections::BTreeSet;

use serde_json::Value;

use super::generate::Query;
use super::pair::Pair;
use crate::answer::Answer;
use crate::compare::Difference;
use crate::pattern::Pattern;

/// Name under which this is counted in the report.
pub(super) const NAME: &str = "two-mistakes";

/// Where the words of a refusal stand.
const PLACES: [&str; 9] = [
    "/status",
    "/json/status",
    "/json/error",
    "/json/errors/*",
    "/page/blocks/*",
    "/page/title",
    "/text/*",
    "/headers/link",
    "/headers/*",
];

/// Whether both refuse the request, and the original says what ours says once some of the arguments
/// are left out.
pub(super) fn explain(
    pair: &Pair,
    query: &Query,
    (original, ours): (&Answer, &Answer),
    differences: &[Difference],
) -> bool {
    let places: Vec<Pattern> = PLACES.iter().map(|place| Pattern::new(place)).collect();
    let only_words = differences
        .iter()
        .all(|difference| places.iter().any(|place| place.matches(&difference.at)));
    // What the visitor may not do ours tells first.
    let refuses = |answer: &Answer| answer["status"] == 400 || answer["status"] == 404;
    if !only_words || !refuses(original) || !(refuses(ours) || ours["status"] == 403) {
        return false;
    }
    let names: BTreeSet<&String> = query.args.iter().map(|(name, _)| name).collect();
    let words = words(ours);
    names.into_iter().any(|name| {
        let mut less = query.clone();
        less.unset(name);
        let said = pair.answers(&less).0;
        said["status"] == ours["status"] && self::words(&said) == words
    })
}

/// The words of a refusal in any format.
fn words(answer: &Answer) -> Option<String> {
    let error = answer.pointer("/json/error").or(answer.pointer("/text/0"));
    let shown = || {
        let blocks = answer.pointer("/page/blocks")?.as_array()?;
        let texts = blocks.iter().filter_map(Value::as_str);
        let mut divs = texts.filter(|text| text.starts_with("div: "));
        divs.next().map(str::to_owned)
    };
    error
        .and_then(|error| error.as_str().map(str::to_owned))
        .or_else(shown)
}
