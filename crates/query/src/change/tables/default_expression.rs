//! The default values that have a name: expressions which SQLite computes for each new row
//! (WRITE-88, UI-01, UI-05).

use crate::change::column_kind::ColumnKind;

/// What is said about a name that is none of them.
pub(super) const NO_EXPRESSION: &str = "Input should be 'current_timestamp', 'current_date', \
     'current_time', 'current_unixtime' or 'current_unixtime_ms'";

/// An expression that requests and forms call by a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultExpression {
    /// What requests call it.
    pub name: &'static str,
    /// What people read.
    pub label: &'static str,
    /// The type of its values.
    pub kind: ColumnKind,
    /// The SQL after `DEFAULT`.
    pub(super) sql: &'static str,
}

impl DefaultExpression {
    /// All of them, in the order of forms.
    pub const ALL: [Self; 5] = [
        Self {
            name: "current_timestamp",
            label: "Current timestamp in UTC, e.g. 2026-05-01 13:34:00",
            kind: ColumnKind::Text,
            sql: "CURRENT_TIMESTAMP",
        },
        Self {
            name: "current_date",
            label: "Current date in UTC, e.g. 2026-05-01",
            kind: ColumnKind::Text,
            sql: "CURRENT_DATE",
        },
        Self {
            name: "current_time",
            label: "Current time in UTC, e.g. 13:34:00",
            kind: ColumnKind::Text,
            sql: "CURRENT_TIME",
        },
        Self {
            name: "current_unixtime",
            label: "Current Unix time, integer seconds since the epoch",
            kind: ColumnKind::Integer,
            sql: "((CAST(strftime('%s', 'now') AS INTEGER)))",
        },
        Self {
            name: "current_unixtime_ms",
            label: "Current Unix time, integer milliseconds since the epoch",
            kind: ColumnKind::Integer,
            sql: "((CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)))",
        },
    ];

    /// The expression of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name == name)
    }

    /// The expression that a default from a schema is, whatever its spaces, case and parentheses.
    pub fn of_sql(default: &str) -> Option<Self> {
        let meant = plain(default);
        Self::ALL
            .into_iter()
            .find(|known| plain(known.sql) == meant)
    }
}

/// SQL without parentheses around all of it, each run of spaces as one, in lower case.
fn plain(sql: &str) -> String {
    let mut sql = sql.trim();
    while is_wrapped(sql) {
        sql = sql[1..sql.len() - 1].trim();
    }
    let words: Vec<&str> = sql.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// Whether the first parenthesis ends with the text.
fn is_wrapped(sql: &str) -> bool {
    if !sql.starts_with('(') || !sql.ends_with(')') {
        return false;
    }
    let (mut depth, mut in_text) = (0_usize, false);
    for (place, character) in sql.char_indices() {
        match character {
            '\'' => in_text = !in_text,
            '(' if !in_text => depth += 1,
            ')' if !in_text => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return place == sql.len() - 1;
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: UI-05, WRITE-88
    #[test]
    fn expressions_are_known_again() {
        for (default, name) in [
            ("CURRENT_DATE", Some("current_date")),
            ("( current_timestamp )", Some("current_timestamp")),
            (
                "(CAST(strftime('%s',  'now')\n AS integer))",
                Some("current_unixtime"),
            ),
            (
                "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
                Some("current_unixtime_ms"),
            ),
            ("'CURRENT_DATE'", None),
            ("(1) + (2)", None),
            ("(')')", None),
            ("()", None),
            ("(", None),
            ("", None),
        ] {
            let found = DefaultExpression::of_sql(default).map(|known| known.name);
            assert_eq!(found, name, "{default}");
        }
        for known in DefaultExpression::ALL {
            assert_eq!(DefaultExpression::of_sql(known.sql), Some(known));
            assert_eq!(DefaultExpression::named(known.name), Some(known));
        }
    }
}
