//! The properties of `fuzz/` on the seeds and on arbitrary bytes, as part of the ordinary tests.

#[path = "../../../fuzz/properties/mod.rs"]
mod properties;
#[path = "../../../fuzz/stored_seeds.rs"]
mod seeds;

use proptest::collection::vec;
use proptest::prelude::*;

/// Pieces that arguments, tokens and SQL are made of; bytes alone seldom make one.
const PIECES: [&str; 56] = [
    "id",
    "b",
    "a+b",
    "select",
    "rowid",
    "tags",
    "nope",
    "__exact",
    "__gt",
    "__in",
    "__isnull",
    "__arraycontains",
    "__date",
    "__notin",
    "=",
    "&",
    ",",
    "[",
    "]",
    "[1,\"a\"]",
    "{",
    "}",
    "1",
    "-1",
    "1.5",
    "%00",
    "%",
    "~",
    "~7E",
    "+",
    "$null",
    "$skip.3",
    "$integer.5",
    "$real.1e5",
    "$blob.00ff",
    "$text.",
    "_next=",
    "_sort=",
    "_sort_desc=",
    "_size=",
    "_col=",
    "_nocol=",
    "_search=",
    "_search_b=",
    "_facet=",
    "_where=",
    "_through=",
    "{\"table\":\"loose\",\"column\":\"b\",\"value\":\"1\"}",
    ":a",
    ":_b",
    "'",
    "\"",
    "--",
    "/*",
    "*/",
    "\u{e9}",
];

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => prop::sample::select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..4),
    ];
    (any::<[u8; 2]>(), vec(piece, 0..12)).prop_map(|(first, pieces)| {
        let mut data = first.to_vec();
        data.extend(pieces.concat());
        data
    })
}

#[test]
fn seeds_hold() {
    seeds::hold("plan", properties::plan);
    seeds::hold("token", properties::token);
    seeds::hold("tilde", properties::tilde);
    seeds::hold("parameters", properties::parameters);
}

proptest! {
    #[test]
    fn query_strings_become_plans(data in pieces()) {
        properties::plan(&data);
    }

    #[test]
    fn tokens_are_understood_or_refused(data in pieces()) {
        properties::token(&data);
    }

    #[test]
    fn names_survive_paths(data in prop_oneof![vec(any::<u8>(), 0..40), pieces()]) {
        properties::tilde(&data);
    }

    #[test]
    fn parameters_stand_in_the_text(data in pieces()) {
        properties::parameters(&data);
    }
}
