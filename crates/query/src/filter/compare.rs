//! Lookups that compare: equal, different, greater, less.

use datasette_core::{Fault, Value};

use super::lookup::{Lookup, Naming, as_text};
use crate::number;

/// A comparison with the value as text; column affinity decides what that means (FILTER-25).
const fn equality(
    key: &'static str,
    label: &'static str,
    condition: fn(&str, &[String]) -> String,
    describe: fn(&str, &str) -> String,
) -> Lookup {
    Lookup {
        key,
        label,
        takes_value: true,
        naming: Naming::Quoted,
        bind: as_text,
        condition,
        describe,
    }
}

/// A comparison with the value as a number where it is one (FILTER-24).
const fn order(
    key: &'static str,
    label: &'static str,
    condition: fn(&str, &[String]) -> String,
    describe: fn(&str, &str) -> String,
) -> Lookup {
    Lookup {
        bind: as_number,
        ..equality(key, label, condition, describe)
    }
}

pub(super) static EXACT: Lookup = equality(
    "exact",
    "=",
    |c, p| format!("{c} = :{}", p[0]),
    |c, v| format!("{c} = {}", quoted_unless_digits(v)),
);

pub(super) static NOT: Lookup = equality(
    "not",
    "!=",
    |c, p| format!("{c} != :{}", p[0]),
    |c, v| format!("{c} != {}", quoted_unless_digits(v)),
);

pub(super) static GREATER: Lookup = order(
    "gt",
    ">",
    |c, p| format!("{c} > :{}", p[0]),
    |c, v| format!("{c} > {v}"),
);

pub(super) static GREATER_OR_EQUAL: Lookup = order(
    "gte",
    "\u{2265}",
    |c, p| format!("{c} >= :{}", p[0]),
    |c, v| format!("{c} \u{2265} {v}"),
);

pub(super) static LESS: Lookup = order(
    "lt",
    "<",
    |c, p| format!("{c} < :{}", p[0]),
    |c, v| format!("{c} < {v}"),
);

pub(super) static LESS_OR_EQUAL: Lookup = order(
    "lte",
    "\u{2264}",
    |c, p| format!("{c} <= :{}", p[0]),
    |c, v| format!("{c} \u{2264} {v}"),
);

fn as_number(value: &str) -> Result<Vec<Value>, Fault> {
    Ok(vec![number::numeric(value)])
}

fn quoted_unless_digits(value: &str) -> String {
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        value.to_owned()
    } else {
        format!("\"{value}\"")
    }
}
