//! The properties of `fuzz/` that are about access, on the seeds and on arbitrary bytes, as part of
//! the ordinary tests.

#[path = "../../../fuzz/properties/access/mod.rs"]
mod properties;
#[path = "../../../fuzz/stored_seeds.rs"]
mod seeds;

use proptest::collection::vec;
use proptest::prelude::*;

/// Pieces of payloads; bytes alone seldom make one.
const PIECES: [&str; 36] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"a\":",
    "\"e\":",
    "\"t\":",
    "\"d\":",
    "\"_r\":",
    "\"id\":",
    "\"root\"",
    "{\"id\":\"root\"}",
    "{\"a\":{\"id\":\"root\"}",
    "{\"a\":1,\"t\":1}",
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "1.5",
    "1e400",
    "1700000000",
    "99999999999999999999999",
    "\"BrDBeq\"",
    "\"zzzzzzzzzzzzzz\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    ".",
    "dstok_",
    "=",
    "eJw",
    "A",
    "\u{e9}",
];

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => prop::sample::select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..4),
    ];
    (any::<u8>(), vec(piece, 0..12)).prop_map(|(first, pieces)| {
        let mut data = vec![first];
        data.extend(pieces.concat());
        data
    })
}

/// JSON as it is written, so that numbers keep their spelling.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "null",
        "true",
        "false",
        "0",
        "1",
        "-0",
        "-0.0",
        "1.0",
        "10",
        "1e1",
        "100e-1",
        "2",
        "0.1",
        "1e-1",
        "1e400",
        "-1e400",
        "9007199254740993",
        "9007199254740992.0",
        "\"*\"",
        "\"a\"",
        "\"A\"",
        "\"1\"",
        "\"\"",
        "\"unauthenticated\"",
    ]);
    let key = || prop::sample::select(vec!["id", "n", "unauthenticated", "", "*"]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(3, 16, 4, move |inner| {
            let pair = (key(), inner.clone()).prop_map(|(key, value)| format!("\"{key}\":{value}"));
            prop_oneof![
                1 => vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
                2 => vec(pair, 0..4).prop_map(|pairs| format!("{{{}}}", pairs.join(","))),
            ]
        })
}

#[test]
fn seeds_hold() {
    seeds::hold("unsign", properties::unsign);
    seeds::hold("allow_block", properties::allow_block);
}

proptest! {
    // Proves: AUTH-02, AUTH-05, AUTH-06, AUTH-07, AUTH-13, AUTH-14, AUTH-15, TOK-11, TOK-12
    #[test]
    fn cookies_and_tokens_are_understood_or_refused(
        data in prop_oneof![vec(any::<u8>(), 0..60), pieces()],
    ) {
        properties::unsign(&data);
    }

    // Proves: PERM-01, PERM-02, PERM-03, PERM-04, PERM-05, PERM-06, PERM-07, PERM-08, PERM-09
    // Proves: PERM-10
    #[test]
    fn allow_blocks_say_what_the_contract_says(block in json(), actor in json(), same in vec(json(), 3)) {
        properties::allow_texts(&block, &actor);
        properties::allow_texts(&block, "null");
        let [one, other, third] = same.as_slice() else { unreachable!("three") };
        properties::allow_texts(
            &format!("{{\"id\":{one},\"n\":{third}}}"),
            &format!("{{\"id\":{other},\"n\":{one}}}"),
        );
    }

    #[test]
    fn any_bytes_are_no_trouble(data in vec(any::<u8>(), 0..60)) {
        properties::allow_block(&data);
    }
}
