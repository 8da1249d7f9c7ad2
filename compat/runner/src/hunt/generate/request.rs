//! A request under construction, and which kind comes next.

use super::{place, row, statement, table};
use crate::hunt::random::Random;
use crate::hunt::schema::Schema;

/// A request under construction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::hunt) struct Query {
    /// What is asked for, as the area of the report.
    pub(in crate::hunt) kind: &'static str,
    /// Path segments, encoded for their place.
    pub(in crate::hunt) segments: Vec<String>,
    /// Ending of the path, such as `.json`.
    pub(in crate::hunt) ending: &'static str,
    pub(in crate::hunt) args: Vec<(String, String)>,
    /// The place of who asks in the list of visitors; nobody is first.
    pub(in crate::hunt) visitor: usize,
}

impl Query {
    /// The path with its query string as it goes over the wire.
    pub(in crate::hunt) fn path(&self) -> String {
        let mut path: String = self
            .segments
            .iter()
            .map(|segment| format!("/{segment}"))
            .collect();
        path.push_str(self.ending);
        for (number, (name, value)) in self.args.iter().enumerate() {
            path.push(if number == 0 { '?' } else { '&' });
            path.push_str(&percent(name));
            path.push('=');
            path.push_str(&percent(value));
        }
        path
    }

    /// Replaces every value of an argument.
    pub(in crate::hunt) fn set(&mut self, name: &str, value: &str) {
        self.unset(name);
        self.args.push((name.to_owned(), value.to_owned()));
    }

    /// Drops an argument.
    pub(in crate::hunt) fn unset(&mut self, name: &str) {
        self.args.retain(|(found, _)| found != name);
    }

    /// The first value of an argument.
    pub(in crate::hunt) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.args.iter().filter(|(found, _)| found == name);
        values.next().map(|(_, value)| value.as_str())
    }
}

/// Formats in the proportion in which they are asked for.
const FORMATS: [&str; 8] = [".json", ".json", ".json", ".json", ".csv", "", "", ".json"];

/// One request about one of the databases.
pub(in crate::hunt) fn query(schemas: &[Schema], random: &mut Random) -> Query {
    let filled: Vec<&Schema> = schemas
        .iter()
        .filter(|schema| !schema.tables.is_empty())
        .collect();
    let found = random
        .pick(&filled)
        .and_then(|schema| Some((*schema, random.pick(&schema.tables)?)));
    let Some((schema, of)) = found else {
        return Query {
            kind: "index",
            segments: vec![String::new()],
            ending: "",
            args: vec![],
            visitor: 0,
        };
    };
    let ending = random.pick(&FORMATS).copied().unwrap_or(".json");
    match random.below(16) {
        0 | 1 | 4 if of.has_own_rowid => table::query(schema, of, ending, random),
        0 | 1 => row::query(schema, of, ending, random),
        2 => statement::query(schema, of, ending, random),
        3 => place::query(schema, of, random),
        4 => row::blob(schema, of, random),
        _ => table::query(schema, of, ending, random),
    }
}

/// The part of an argument's name that does not depend on the schema.
pub(in crate::hunt) fn shape_of(name: &str) -> &str {
    if name.starts_with("_search_") {
        return "_search_";
    }
    if name.starts_with('_') {
        return name;
    }
    name.rsplit_once("__").map_or("=", |(_, lookup)| lookup)
}

/// Tilde encoding of a path segment (WIRE-17).
pub(super) fn tilde(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' => encoded.push(byte.into()),
            b' ' => encoded.push('+'),
            other => encoded.push_str(&format!("~{other:02X}")),
        }
    }
    encoded
}

/// Percent encoding of a query argument.
pub(super) fn percent(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'~' => {
                encoded.push(byte.into());
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_encoded_for_their_place() {
        let query = Query {
            kind: "row",
            segments: vec![tilde("a b"), tilde("x/é.y")],
            ending: ".json",
            args: vec![("c d".to_owned(), "é&".to_owned())],
            visitor: 0,
        };
        assert_eq!(query.path(), "/a+b/x~2F~C3~A9~2Ey.json?c%20d=%C3%A9%26");
    }

    #[test]
    fn lookups_do_not_depend_on_the_column() {
        assert_eq!(
            (shape_of("a__b__gt"), shape_of("a"), shape_of("_size")),
            ("gt", "=", "_size")
        );
    }
}
