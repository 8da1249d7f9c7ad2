//! Lookups on the text of a value: parts of it and patterns.

use datasette_core::{Fault, Value};

use super::lookup::{Lookup, Naming, as_text};

const fn pattern(
    key: &'static str,
    label: &'static str,
    bind: fn(&str) -> Result<Vec<Value>, Fault>,
    condition: fn(&str, &[String]) -> String,
    describe: fn(&str, &str) -> String,
) -> Lookup {
    Lookup {
        key,
        label,
        takes_value: true,
        naming: Naming::Quoted,
        bind,
        condition,
        describe,
    }
}

pub(super) static CONTAINS: Lookup = pattern(
    "contains",
    "contains",
    |v| as_text(&format!("%{v}%")),
    like,
    |c, v| format!("{c} contains \"{v}\""),
);

pub(super) static NOT_CONTAINS: Lookup = pattern(
    "notcontains",
    "does not contain",
    |v| as_text(&format!("%{v}%")),
    not_like,
    |c, v| format!("{c} does not contain \"{v}\""),
);

pub(super) static ENDS_WITH: Lookup = pattern(
    "endswith",
    "ends with",
    |v| as_text(&format!("%{v}")),
    like,
    |c, v| format!("{c} ends with \"{v}\""),
);

pub(super) static STARTS_WITH: Lookup = pattern(
    "startswith",
    "starts with",
    |v| as_text(&format!("{v}%")),
    like,
    |c, v| format!("{c} starts with \"{v}\""),
);

pub(super) static LIKE: Lookup = pattern("like", "like", as_text, like, |c, v| {
    format!("{c} like \"{v}\"")
});

pub(super) static NOT_LIKE: Lookup = pattern("notlike", "not like", as_text, not_like, |c, v| {
    format!("{c} not like \"{v}\"")
});

pub(super) static GLOB: Lookup = pattern(
    "glob",
    "glob",
    as_text,
    |c, p| format!("{c} glob :{}", p[0]),
    |c, v| format!("{c} glob \"{v}\""),
);

fn like(column: &str, names: &[String]) -> String {
    format!("{column} like :{}", names[0])
}

fn not_like(column: &str, names: &[String]) -> String {
    format!("{column} not like :{}", names[0])
}
