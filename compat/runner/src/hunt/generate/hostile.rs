//! Values that break careless parsing, quoting or encoding.

use crate::hunt::random::Random;
use crate::hunt::schema::Table;

const HOSTILE: [&str; 44] = [
    "",
    " ",
    "'",
    "\"",
    "%",
    "_",
    "\\",
    "--",
    ";",
    "a;b",
    "*",
    "?",
    "[",
    "]",
    "[]",
    "[1,\"a\"]",
    "[null, true, 1.5]",
    "[1",
    "{",
    "{}",
    "null",
    "NaN",
    "inf",
    "-0",
    "1e999",
    "0x10",
    "1_000",
    " 7 ",
    "+5",
    "$null",
    "~",
    "~zz",
    ",",
    "é😀",
    "\u{0}",
    "9223372036854775807",
    "9223372036854775808",
    "1.0",
    "a\nb",
    "<b>",
    "2024-01-31",
    "null,1",
    "a, b",
    "on",
];

/// One of them.
pub(super) fn any(random: &mut Random) -> &'static str {
    random.pick(&HOSTILE).copied().unwrap_or("")
}

/// A value of the table's columns, or a hostile one.
pub(super) fn or_known(table: &Table, random: &mut Random) -> String {
    let known = random
        .pick(&table.columns)
        .and_then(|column| random.pick(&column.values));
    match known {
        Some(value) if !random.one_in(3) => value.clone(),
        _ => any(random).to_owned(),
    }
}
