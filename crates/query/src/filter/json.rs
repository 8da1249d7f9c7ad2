//! Lookups inside JSON arrays.

use super::lookup::{Lookup, Naming, as_text};

pub(super) static ARRAY_CONTAINS: Lookup = Lookup {
    key: "arraycontains",
    label: "array contains",
    takes_value: true,
    naming: Naming::Qualified,
    bind: as_text,
    condition: |c, p| format!(":{} in (select value from json_each({c}))", p[0]),
    describe: |c, v| format!("{c} contains \"{v}\""),
};

pub(super) static ARRAY_NOT_CONTAINS: Lookup = Lookup {
    key: "arraynotcontains",
    label: "array does not contain",
    takes_value: true,
    naming: Naming::Qualified,
    bind: as_text,
    condition: |c, p| format!(":{} not in (select value from json_each({c}))", p[0]),
    describe: |c, v| format!("{c} does not contain \"{v}\""),
};
