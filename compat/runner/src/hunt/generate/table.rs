//! Pages of tables and views.

use super::argument;
use super::request::{Query, tilde};
use crate::hunt::random::Random;
use crate::hunt::schema::{Schema, Table};

/// Columns from which on a table is wide, so that pages about it are long.
const WIDE: usize = 200;

pub(super) fn query(
    schema: &Schema,
    table: &Table,
    ending: &'static str,
    random: &mut Random,
) -> Query {
    let kind = match ending {
        ".json" => "table json",
        ".csv" => "table csv",
        _ => "table html",
    };
    let mut query = Query {
        kind,
        segments: vec![tilde(&schema.database), tilde(&table.name)],
        ending,
        args: Vec::new(),
        visitor: 0,
    };
    if !random.one_in(8) {
        let size = random.pick(&["1", "2", "3", "5", "10"]).copied();
        query.set("_size", size.unwrap_or("3"));
    }
    for _ in 0..random.below(5) {
        query.args.extend(argument::any(table, random));
    }
    if let Some(cursor) = &table.cursor {
        // Its value is an accident of the query that reads it.
        query.args.push(("_nocol".to_owned(), cursor.clone()));
        let named = |(name, value): &(String, String)| {
            value == cursor && name.starts_with('_') && name != "_nocol"
                || name
                    .strip_prefix(cursor.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with("__"))
        };
        query.args.retain(|argument| !named(argument));
    }
    if table.columns.len() > WIDE && ending.is_empty() {
        query.set("_nosuggest", "1");
    }
    query
}
