//! Tells the log of statements that failed (CLI-113). Names of parameters are told, values never:
//! they may be secrets, and the log may be read by more people than the database.

use std::collections::HashSet;

use datasette_core::python_text;
use rusqlite::Connection;

use crate::error::SqlError;
use crate::session::Parameters;

/// The target of these events; their fields are `conn`, `sql` and `params`.
pub const TARGET: &str = "datasette::sql";

/// Logs a failure. That somebody left, had too little time or may not look is none.
pub(crate) fn tell(
    connection: &Connection,
    sql: &str,
    parameters: Parameters<'_>,
    error: &SqlError,
) {
    match error {
        SqlError::Interrupted { .. }
        | SqlError::Cancelled
        | SqlError::SinkClosed
        | SqlError::OutOfScope => {}
        SqlError::Statement { .. }
        | SqlError::Busy
        | SqlError::Corrupt { .. }
        | SqlError::Unreachable { .. } => tracing::error!(
            target: TARGET,
            conn = connection.path().unwrap_or_default(),
            sql,
            params = shape(parameters),
            "{error}"
        ),
    }
}

/// The parameters as Python writes them, with dots for their values.
fn shape(parameters: Parameters<'_>) -> String {
    match parameters {
        Parameters::Positional([]) => "{}".to_owned(),
        Parameters::Positional(values) => format!("[{}]", vec!["..."; values.len()].join(", ")),
        Parameters::Named(pairs) => {
            let mut told = HashSet::new();
            let names = pairs.iter().map(|(name, _)| name);
            let names = names.filter(|name| told.insert(name.as_str()));
            let pairs = names.map(|name| format!("{}: ...", python_text::repr(name)));
            let pairs: Vec<String> = pairs.collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasette_core::Value;

    #[test]
    fn parameters_are_told_without_their_values() {
        let named = [
            ("p".to_owned(), Value::from("secret")),
            ("it's".to_owned(), Value::Null),
            ("p".to_owned(), Value::Null),
        ];
        assert_eq!(
            shape(Parameters::Named(&named)),
            "{'p': ..., \"it's\": ...}"
        );
        assert_eq!(shape(Parameters::Named(&[])), "{}");
        assert_eq!(shape(Parameters::Positional(&[])), "{}");
        assert_eq!(
            shape(Parameters::Positional(&[Value::Null, Value::Null])),
            "[..., ...]"
        );
    }
}
