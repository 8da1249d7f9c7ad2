//! Pages of single rows, and binary values.

use super::argument;
use super::hostile;
use super::request::{Query, tilde};
use crate::hunt::random::Random;
use crate::hunt::schema::{Schema, Table};

/// The page of a row, mostly of one that exists.
pub(super) fn query(
    schema: &Schema,
    table: &Table,
    ending: &'static str,
    random: &mut Random,
) -> Query {
    let mut args = Vec::new();
    if random.one_in(3) {
        args.extend(argument::shape(random));
    }
    if random.one_in(3) {
        args.extend(argument::extra(random));
    }
    if random.one_in(6) {
        args.extend(argument::any(table, random));
    }
    Query {
        kind: "row",
        segments: vec![
            tilde(&schema.database),
            tilde(&table.name),
            identifier(table, random),
        ],
        ending,
        args,
        visitor: 0,
    }
}

/// A binary value of a row, of a table, or of a query.
pub(super) fn blob(schema: &Schema, table: &Table, random: &mut Random) -> Query {
    let column = random
        .pick(&table.columns)
        .map(|column| column.name.clone());
    let mut query = Query {
        kind: "blob",
        segments: vec![tilde(&schema.database), tilde(&table.name)],
        ending: ".blob",
        args: Vec::new(),
        visitor: 0,
    };
    if !random.one_in(12) {
        query.set("_blob_column", &column.unwrap_or_default());
    }
    match random.below(4) {
        0 => {}
        1 => {
            query.segments = vec![tilde(&schema.database), "-".to_owned(), "query".to_owned()];
            let name = table.name.replace('"', "\"\"");
            query.set("sql", &format!("select * from \"{name}\" limit 5"));
        }
        _ => query.segments.push(identifier(table, random)),
    }
    if random.one_in(5) {
        let hashes = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "nope",
            "",
        ];
        query.set("_blob_hash", random.pick(&hashes).copied().unwrap_or(""));
    }
    query
}

fn identifier(table: &Table, random: &mut Random) -> String {
    match random
        .pick(&table.keys)
        .filter(|_| !random.clone().one_in(8))
    {
        Some(key) => {
            let parts: Vec<String> = key.iter().map(|part| tilde(part)).collect();
            parts.join(",")
        }
        None => tilde(hostile::any(random)),
    }
}
