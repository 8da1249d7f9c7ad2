//! Lookups that need no value: NULL and blank.

use super::lookup::{Lookup, Naming};

const fn test(
    key: &'static str,
    label: &'static str,
    condition: fn(&str, &[String]) -> String,
    describe: fn(&str, &str) -> String,
) -> Lookup {
    Lookup {
        key,
        label,
        takes_value: false,
        naming: Naming::Quoted,
        bind: |_| Ok(Vec::new()),
        condition,
        describe,
    }
}

pub(super) static IS_NULL: Lookup = test(
    "isnull",
    "is null",
    |c, _| format!("{c} is null"),
    |c, _| format!("{c} is null"),
);

pub(super) static NOT_NULL: Lookup = test(
    "notnull",
    "is not null",
    |c, _| format!("{c} is not null"),
    |c, _| format!("{c} is not null"),
);

pub(super) static IS_BLANK: Lookup = test(
    "isblank",
    "is blank",
    |c, _| format!("({c} is null or {c} = '')"),
    |c, _| format!("{c} is blank"),
);

pub(super) static NOT_BLANK: Lookup = test(
    "notblank",
    "is not blank",
    |c, _| format!("({c} is not null and {c} != '')"),
    |c, _| format!("{c} is not blank"),
);
