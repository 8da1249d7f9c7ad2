//! Makes a request smaller for as long as the difference stays the same.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::compare::Difference;

use super::generate::Query;

/// What sort of difference it is: the places without their indexes.
pub(super) fn kind(differences: &[Difference]) -> BTreeSet<String> {
    let place = |difference: &Difference| {
        difference
            .at
            .split('/')
            .take(3)
            .collect::<Vec<_>>()
            .join("/")
    };
    differences.iter().map(place).collect()
}

/// Drops arguments one by one, then shortens their values, while `still` differs.
pub(super) fn shrink(
    query: &Query,
    mut still: impl FnMut(&Query) -> Result<bool>,
) -> Result<Query> {
    let mut small = query.clone();
    let mut index = 0;
    while index < small.args.len() {
        let mut candidate = small.clone();
        candidate.args.remove(index);
        if still(&candidate)? {
            small = candidate;
        } else {
            index += 1;
        }
    }
    for index in 0..small.args.len() {
        loop {
            let value = &small.args[index].1;
            let half: String = value.chars().take(value.chars().count() / 2).collect();
            let mut candidate = small.clone();
            candidate.args[index].1 = half;
            if candidate == small || !still(&candidate)? {
                break;
            }
            small = candidate;
        }
    }
    Ok(small)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_matters_is_left() {
        let arg = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let query = Query {
            kind: "table json",
            segments: vec!["a".to_owned()],
            ending: ".json",
            args: vec![arg("x", "1"), arg("bad", "abcdefgh"), arg("y", "2")],
            visitor: 0,
        };
        let still = |query: &Query| {
            Ok(query
                .args
                .iter()
                .any(|(name, value)| name == "bad" && value.starts_with("ab")))
        };
        assert_eq!(shrink(&query, still).unwrap().args, [arg("bad", "ab")]);
    }
}
