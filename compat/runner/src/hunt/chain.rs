//! Following `next` to the end must meet every row once (PAGE-24): the rows of all our pages are
//! compared with those of one page of the original that holds them all.

use anyhow::Result;
use serde_json::Value;

use super::generate::Query;
use super::pair::Pair;
use super::ties;
use crate::compare::{Difference, What};

/// Arguments that leave no rows to compare, or say themselves which page it is.
const UNSUITED: [&str; 14] = [
    "_shape",
    "_next",
    "_extra",
    "_facet",
    "_facet_array",
    "_facet_date",
    "_filter_column",
    "_filter_column_1",
    "_filter_column_2",
    "_filter_op",
    "_filter_value",
    "_sort_by_desc",
    "_json_infinity",
    "_json",
];
/// Pages after which ours is taken to go round in circles.
const MOST_PAGES: usize = 400;

/// What came of following all pages.
pub(super) struct Followed {
    pub(super) requests: usize,
    pub(super) differences: Vec<Difference>,
}

/// Whether all pages of the query can be compared.
pub(super) fn suits(query: &Query) -> bool {
    // A condition may hide what comes behind it.
    let cuts = |(name, value): &(String, String)| name == "_where" && value.contains("--");
    query.kind == "table json"
        && !query.args.iter().any(cuts)
        && UNSUITED.iter().all(|name| query.get(name).is_none())
}

/// Asks the original for all rows at once, and ours for them page by page.
pub(super) fn ask(pair: &mut Pair, query: &Query) -> Result<Followed> {
    let mut whole = query.clone();
    whole.set("_size", "max");
    let (original, _) = pair.answers(&whole);
    let complete = original["status"] == 200 && original["json"]["next"].is_null();
    let (mut page, mut rows, mut requests) = (query.clone(), Vec::new(), 1);
    if !complete || pair.ours(query)["status"] != 200 {
        // What is wrong with one page alone is not told here.
        return Ok(Followed {
            requests,
            differences: Vec::new(),
        });
    }
    let nothing = Vec::new();
    loop {
        let ours = pair.ours(&page);
        requests += 1;
        let json = &ours["json"];
        if requests > MOST_PAGES || ours["status"] != 200 {
            let differences = vec![difference("/union/pages", Value::from("an end"), ours)];
            return Ok(Followed {
                requests,
                differences,
            });
        }
        rows.extend(json["rows"].as_array().unwrap_or(&nothing).iter().cloned());
        match json["next"].as_str() {
            Some(next) => page.set("_next", next),
            None => break,
        }
    }
    let wanted = original["json"]["rows"].as_array().unwrap_or(&nothing);
    let mut differences = Vec::new();
    let empty_pages = query.get("_size") == Some("0");
    if !empty_pages && ties::sorted(&rows) != ties::sorted(wanted) {
        differences.push(difference(
            "/union/rows",
            Value::from(wanted.clone()),
            rows.clone().into(),
        ));
    }
    if let Some(column) = ties::sort_column(query).filter(|_| !empty_pages) {
        let (left, right) = (ties::values(wanted, column), ties::values(&rows, column));
        if left != right {
            differences.push(difference("/union/order", left.into(), right.into()));
        }
    }
    Ok(Followed {
        requests,
        differences,
    })
}

fn difference(at: &str, original: Value, ours: Value) -> Difference {
    Difference {
        at: at.to_owned(),
        what: What::Changed,
        original,
        ours,
    }
}
