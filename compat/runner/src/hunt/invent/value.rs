//! Values as SQL literals, by what a column is meant to hold.

use super::names::literal;
use crate::hunt::random::Random;

/// What a column is meant to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Small numbers, which repeat.
    Small,
    Integer,
    Real,
    /// A few words, which repeat.
    Word,
    Text,
    Json,
    Date,
    Blob,
    /// Anything at all.
    Mixed,
}

pub(super) const KINDS: [Kind; 9] = [
    Kind::Small,
    Kind::Integer,
    Kind::Real,
    Kind::Word,
    Kind::Text,
    Kind::Json,
    Kind::Date,
    Kind::Blob,
    Kind::Mixed,
];

const INTEGERS: [&str; 12] = [
    "0",
    "1",
    "-1",
    "7",
    "42",
    "1000",
    "9007199254740993",
    "9223372036854775807",
    "(-9223372036854775807 - 1)",
    "-9223372036854775807",
    "1234567",
    "16",
];
const REALS: [&str; 16] = [
    "0.0",
    "-0.0",
    "1.0",
    "0.1",
    "-2.5",
    "1e16",
    "1e15",
    "123456.789",
    "1e-5",
    "1e-4",
    "1e20",
    "1.7976931348623157e308",
    "5e-324",
    "9e999",
    "-9e999",
    "0.30000000000000004",
];
const WORDS: [&str; 8] = [
    "apple pie",
    "pear",
    "Apple",
    "cherry tree",
    "",
    "plum",
    "zebra",
    "Ünder",
];
const TEXTS: [&str; 36] = [
    "plain",
    "two words",
    "it's",
    "say \"hi\"",
    "a,b",
    "a/b",
    "x.json",
    "50% off",
    "_under",
    "~7E",
    "+5",
    " 7 ",
    "007",
    "1e3",
    "12",
    "3.5",
    "-1",
    "null",
    "None",
    "$null",
    "[not json",
    "{\"a\": 1}",
    "<b>bold</b>",
    "&amp; &",
    "line one\nline two",
    "cr\rlf\r\nend",
    "tab\there",
    "中文 text",
    "😀 smile",
    "https://example.com/?a=b&c=d",
    "http://x.example/<>\"'",
    "e\u{301}",
    "\u{feff}bom",
    "\\back\\slash",
    "a;b--c/*d*/",
    "long long long long long long long long long long long long long long long long long",
];
const JSON: [&str; 16] = [
    "[\"red\", \"blue\"]",
    "[\"red\"]",
    "[]",
    "[\"a b\", \"c,d\", \"é\"]",
    "[1, 2]",
    "[\"a\", \"a\"]",
    "[null]",
    "{\"red\": 1}",
    "{}",
    "\"red\"",
    "5",
    "[\"\"]",
    "[[\"red\"]]",
    "null",
    "[true]",
    "[\"blue\", \"green\"]",
];
const DATES: [&str; 14] = [
    "2024-01-31",
    "2024-01-31 10:00:00",
    "2024-02-29T23:59:59Z",
    "2023-12-31",
    "2024-01-31T00:00",
    "2024-13-01",
    "not a date",
    "0000-01-01",
    "9999-12-31",
    "2024-01-31 23:00:00+05:00",
    "12:00",
    "2460341.5",
    "2024-01",
    "now",
];
const BLOBS: [&str; 6] = [
    "x''",
    "x'00ff10'",
    "x'68656c6c6f'",
    "x'89504e470d0a1a0a'",
    "zeroblob(70)",
    "x'c3a9'",
];

/// One value; NULL now and then.
pub(super) fn of(kind: Kind, random: &mut Random) -> String {
    if random.one_in(9) {
        return "null".to_owned();
    }
    let text =
        |texts: &[&str], random: &mut Random| literal(random.pick(texts).copied().unwrap_or(""));
    let plain =
        |texts: &[&str], random: &mut Random| random.pick(texts).copied().unwrap_or("1").to_owned();
    match kind {
        Kind::Small => random.below(4).to_string(),
        Kind::Integer if random.one_in(3) => random.below(5000).to_string(),
        Kind::Integer => plain(&INTEGERS, random),
        Kind::Real => plain(&REALS, random),
        Kind::Word => text(&WORDS, random),
        Kind::Text if random.one_in(12) => "cast(x'61ff62' as text)".to_owned(),
        Kind::Text => text(&TEXTS, random),
        Kind::Json => text(&JSON, random),
        Kind::Date => text(&DATES, random),
        Kind::Blob => plain(&BLOBS, random),
        Kind::Mixed => {
            let kind = random.pick(&KINDS).copied().unwrap_or(Kind::Small);
            of(
                if kind == Kind::Mixed {
                    Kind::Text
                } else {
                    kind
                },
                random,
            )
        }
    }
}

/// A value for a key: seldom NULL, seldom the same twice.
pub(super) fn key(kind: Kind, number: usize, random: &mut Random) -> String {
    match kind {
        Kind::Word => literal(&format!(
            "{}{number}",
            random
                .pick(&["k", "a b", "é", "x/", "~"])
                .copied()
                .unwrap_or("k")
        )),
        _ => of(kind, random),
    }
}
