//! Lookups on dates.

use super::lookup::{Lookup, Naming, as_text};

pub(super) static DATE: Lookup = Lookup {
    key: "date",
    label: "date",
    takes_value: true,
    naming: Naming::Quoted,
    bind: as_text,
    condition: |c, p| format!("date({c}) = :{}", p[0]),
    describe: |c, v| format!("\"{c}\" is on date {v}"),
};
