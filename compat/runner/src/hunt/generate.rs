//! Requests made from a schema: tables, rows and queries in every format, with every argument.

use super::random::Random;
use super::schema::{Schema, Table};

/// A request under construction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    /// What is asked for, as the area of the report.
    pub(super) kind: &'static str,
    /// Path segments, not encoded.
    pub(super) segments: Vec<String>,
    /// Ending of the path, such as `.json`.
    pub(super) ending: &'static str,
    pub(super) args: Vec<(String, String)>,
}

impl Query {
    /// The path with its query string as it goes over the wire.
    pub(super) fn path(&self) -> String {
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
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.args.retain(|(found, _)| found != name);
        self.args.push((name.to_owned(), value.to_owned()));
    }
}

const LOOKUPS: [&str; 24] = [
    "exact",
    "not",
    "contains",
    "notcontains",
    "endswith",
    "startswith",
    "gt",
    "gte",
    "lt",
    "lte",
    "like",
    "notlike",
    "glob",
    "in",
    "notin",
    "arraycontains",
    "arraynotcontains",
    "date",
    "isnull",
    "notnull",
    "isblank",
    "notblank",
    "",
    "unknown",
];
const HOSTILE: [&str; 34] = [
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
];
const EXTRAS: [&str; 22] = [
    "count",
    "count_sql",
    "columns",
    "all_columns",
    "primary_keys",
    "column_details",
    "display_columns",
    "render_cell",
    "query",
    "column_types",
    "metadata",
    "database",
    "table",
    "database_color",
    "human_description_en",
    "is_view",
    "private",
    "expandable_columns",
    "form_hidden_args",
    "table_definition",
    "view_definition",
    "suggested_facets",
];
const SIZES: [&str; 8] = ["0", "1", "2", "5", "max", "-1", "abc", "1001"];
const SHAPES: [&str; 7] = [
    "objects",
    "arrays",
    "array",
    "arrayfirst",
    "object",
    "",
    "nope",
];
const FORMATS: [&str; 8] = [".json", ".json", ".json", ".json", ".csv", "", "", ".json"];

/// One request about one of the databases.
pub(super) fn query(schemas: &[Schema], random: &mut Random) -> Query {
    let filled: Vec<&Schema> = schemas
        .iter()
        .filter(|schema| !schema.tables.is_empty())
        .collect();
    let Some(schema) = random.pick(&filled) else {
        return Query {
            kind: "index",
            segments: vec![String::new()],
            ending: "",
            args: vec![],
        };
    };
    let Some(table) = random.pick(&schema.tables) else {
        return Query {
            kind: "index",
            segments: vec![String::new()],
            ending: "",
            args: vec![],
        };
    };
    let ending = random.pick(&FORMATS).copied().unwrap_or(".json");
    match random.below(10) {
        0 => row(schema, table, ending, random),
        1 => sql(schema, table, ending, random),
        _ => rows(schema, table, ending, random),
    }
}

fn rows(schema: &Schema, table: &Table, ending: &'static str, random: &mut Random) -> Query {
    let kind = match ending {
        ".json" => "table json",
        ".csv" => "table csv",
        _ => "table html",
    };
    let segments = vec![tilde(&schema.database), tilde(&table.name)];
    let mut args = Vec::new();
    if !random.one_in(8) {
        let size = ["1", "2", "3", "5"];
        args.push((
            "_size".to_owned(),
            random.pick(&size).copied().unwrap_or("3").to_owned(),
        ));
    }
    for _ in 0..random.below(4) {
        args.extend(argument(table, random));
    }
    Query {
        kind,
        segments,
        ending,
        args,
    }
}

fn argument(table: &Table, random: &mut Random) -> Option<(String, String)> {
    let column = random.pick(&table.columns)?;
    let name = column.name.clone();
    let value = match random.below(3) {
        0 => random.pick(&HOSTILE).copied().unwrap_or("").to_owned(),
        _ => random.pick(&column.values).cloned().unwrap_or_default(),
    };
    let of = |name: &str, value: &str| Some((name.to_owned(), value.to_owned()));
    match random.below(20) {
        0..=6 => {
            let lookup = random.pick(&LOOKUPS).copied().unwrap_or("");
            let separator = if lookup.is_empty() { "" } else { "__" };
            of(&format!("{name}{separator}{lookup}"), &value)
        }
        7 => of("_sort", &name),
        8 => of("_sort_desc", &name),
        9 => of("_col", &name),
        10 => of("_nocol", &name),
        11 => of("_size", random.pick(&SIZES)?),
        12 => of("_shape", random.pick(&SHAPES)?),
        13 => of("_extra", random.pick(&EXTRAS)?),
        14 => of(
            random.pick(&["_facet", "_facet_array", "_facet_date"])?,
            &name,
        ),
        15 => of("_search", &value),
        16 => of(random.pick(&["_labels", "_nocount", "_nofacet"])?, "on"),
        17 => of("_next", &value),
        18 => of(
            "_where",
            random.pick(&["1 = 1", "rowid > 1", "nope", "", "1 = :x"])?,
        ),
        _ => of(
            random.pick(&["_json", "_label", "_json_infinity", "_nl", "_ttl"])?,
            &name,
        ),
    }
}

fn row(schema: &Schema, table: &Table, ending: &'static str, random: &mut Random) -> Query {
    let key = match random
        .pick(&table.keys)
        .filter(|_| !random.clone().one_in(6))
    {
        Some(key) => key
            .iter()
            .map(|part| tilde(part))
            .collect::<Vec<_>>()
            .join(","),
        None => tilde(random.pick(&HOSTILE).copied().unwrap_or("x")),
    };
    let mut args = Vec::new();
    if random.one_in(3) {
        let shape = random.pick(&SHAPES).copied().unwrap_or("");
        args.push(("_shape".to_owned(), shape.to_owned()));
    }
    let segments = vec![tilde(&schema.database), tilde(&table.name), key];
    Query {
        kind: "row",
        segments,
        ending,
        args,
    }
}

fn sql(schema: &Schema, table: &Table, ending: &'static str, random: &mut Random) -> Query {
    let name = format!("\"{}\"", table.name.replace('"', "\"\""));
    let hostile = random
        .pick(&HOSTILE)
        .copied()
        .unwrap_or("")
        .replace('\'', "''");
    let statements = [
        format!("select * from {name} limit 3"),
        format!("select count(*), 1.0 as a, 1e20 as b, x'00ff' as c from {name}"),
        format!("with t as (select * from {name}) select * from t limit 2"),
        format!("select '{hostile}' as v, :p as p"),
        "select :a || :b as joined, :_c as c".to_owned(),
        "explain query plan select 1".to_owned(),
        "select 1 as a, 2 as a".to_owned(),
        "update t set a = 1".to_owned(),
        format!("select {hostile}"),
    ];
    let statement = random.pick(&statements).cloned().unwrap_or_default();
    let mut args = vec![("sql".to_owned(), statement)];
    if random.one_in(2) {
        args.push((
            "p".to_owned(),
            random.pick(&HOSTILE).copied().unwrap_or("").to_owned(),
        ));
    }
    if random.one_in(3) {
        args.push((
            "_shape".to_owned(),
            random.pick(&SHAPES).copied().unwrap_or("").to_owned(),
        ));
    }
    let segments = vec![tilde(&schema.database), "-".to_owned(), "query".to_owned()];
    Query {
        kind: "query",
        segments,
        ending,
        args,
    }
}

/// The part of an argument's name that does not depend on the schema.
pub(super) fn shape_of(name: &str) -> &str {
    if name.starts_with('_') {
        return name;
    }
    name.rsplit_once("__").map_or("=", |(_, lookup)| lookup)
}

/// Tilde encoding of a path segment (WIRE-17).
fn tilde(text: &str) -> String {
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
fn percent(text: &str) -> String {
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
