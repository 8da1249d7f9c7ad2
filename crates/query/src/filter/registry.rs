//! The lookups in menu order. A new one goes into a family file and, here, to its place.

use super::lookup::Lookup;
use super::{compare, date, json, null, set, text};

/// Every lookup, in the order of the menu (FILTER-23).
pub static LOOKUPS: [&Lookup; 22] = [
    &compare::EXACT,
    &compare::NOT,
    &text::CONTAINS,
    &text::NOT_CONTAINS,
    &text::ENDS_WITH,
    &text::STARTS_WITH,
    &compare::GREATER,
    &compare::GREATER_OR_EQUAL,
    &compare::LESS,
    &compare::LESS_OR_EQUAL,
    &text::LIKE,
    &text::NOT_LIKE,
    &text::GLOB,
    &set::IN,
    &set::NOT_IN,
    &json::ARRAY_CONTAINS,
    &json::ARRAY_NOT_CONTAINS,
    &date::DATE,
    &null::IS_NULL,
    &null::NOT_NULL,
    &null::IS_BLANK,
    &null::NOT_BLANK,
];

/// The lookup of that key.
pub fn find(key: &str) -> Option<&'static Lookup> {
    LOOKUPS.iter().find(|lookup| lookup.key == key).copied()
}
